/** A request as an Observable, for everything that is not hot. */
import { defer, Observable } from 'rxjs'
import type { Api } from '../protocol/api'
import type { VersionRange } from '../wire/message'
import type { Connection } from './connection'
import type { Exchange } from './exchange'

/**
 * Asks at the highest version that both sides speak. Cold: each subscription asks again; unsubscribing ignores the answer. Emits the
 * answer and completes, or errors with a KafkaError: UnsupportedVersionError, DisconnectError, RequestTimeoutError, ProtocolError.
 */
export function request$<Q, A>(connection: Connection, api: Api<Q, A>, value: Q, limits?: VersionRange): Observable<A> {
  return defer(() => ask(connection, api, value, connection.versionOf(api, limits)))
}

/** The same at a given version. */
export function ask<Q, A>(target: Pick<Exchange, 'send'>, api: Api<Q, A>, value: Q, version: number): Observable<A> {
  return new Observable((subscriber) => {
    target.send({
      api,
      value,
      version,
      answer: 'expected',
      answered: (outcome) => {
        if (outcome.type === 'failed') return subscriber.error(outcome.error)
        if (outcome.type === 'answered') subscriber.next(outcome.response)
        subscriber.complete()
      },
    })
  })
}
