/**
 * What a client may ask before it has logged in, during a login, and when its session has expired. Everything else ends the connection
 * without an answer.
 *
 * Unlike Kafka also during a login, where Kafka answers a request that does not belong there with ILLEGAL_SASL_STATE before it hangs up:
 * here it does so for ApiVersions and SaslHandshake alone.
 */
import type { ApiName } from '../../generated/apis'
import { isDue } from '../sasl/login-state'
import type { Settings } from '../settings'
import type { Session } from './session'

interface Asked {
  readonly api: ApiName
  readonly session: Session
  /** Milliseconds of the cluster's clock. */
  readonly at: number
}

export const mayAsk = ({ api, session, at }: Asked, { users }: Settings): boolean => users === undefined || isDue(session.login, api, at)
