/** A request as an Observable, for everything that is not hot. */
import { defer } from 'rxjs'
import type { Observable } from 'rxjs'
import type { Api } from '../protocol/api'
import type { VersionRange } from '../wire/message'
import { ask } from './ask'
import type { Connection } from './connection'

/**
 * Asks at the highest version that both sides speak. Cold: each subscription asks again; unsubscribing ignores the answer. Emits the
 * answer and completes, or errors with a KafkaError: UnsupportedVersionError, DisconnectError, RequestTimeoutError, ProtocolError.
 */
export function request$<Q, A>(connection: Connection, api: Api<Q, A>, value: Q, limits?: VersionRange): Observable<A> {
  return defer(() => ask(connection, api, value, connection.versionOf(api, limits)))
}
