/** The steps of a login, as `login-state.ts` draws them. */
import type { Session } from '../broker/session'
import type { ClusterState } from '../state/cluster-state'
import { brokerNumber } from '../state/configs/configs'
import type { Evaluated } from './exchange'
import { mayBeginAgain } from './login-state'
import type { Tokens } from './login-state'
import { exchangeOf } from './mechanisms'

interface Step {
  readonly session: Session
  readonly cluster: ClusterState
}

/** ApiVersions was answered. */
export function toldVersions({ session, cluster }: Step): void {
  if (cluster.settings.users !== undefined) session.login ??= { type: 'versions' }
}

/** `out of turn`: another login is under way. `no login`: there is none, or no further one. */
export type Handshaken = 'begun' | 'not spoken' | 'not spoken again' | 'out of turn' | 'no login'

/** A handshake. */
export function begin(mechanism: string, framing: Tokens['framing'], { session, cluster }: Step): Handshaken {
  const { login } = session
  const now = cluster.clock.now()
  if (cluster.settings.users === undefined) return 'no login'
  if (login?.type === 'tokens') return 'out of turn'
  const before = login?.type === 'done' ? login : undefined
  if (before !== undefined && !mayBeginAgain(before, now)) return 'no login'
  const exchange = exchangeOf(cluster, mechanism)
  if (exchange === undefined) return before === undefined ? 'not spoken' : 'not spoken again'
  session.login = { type: 'tokens', mechanism, framing, exchange, before, begunAt: now }
  return 'begun'
}

export type Taken =
  | { readonly type: 'answer'; readonly token: Uint8Array; readonly sessionLifetimeMs: number }
  | { readonly type: 'failed'; readonly message: string }
  /** Not a word to the client. */
  | { readonly type: 'hang up' }

/** A token of the login that is under way. */
export function take(token: Uint8Array, tokens: Tokens, step: Step): Taken {
  const isOther = tokens.before !== undefined && tokens.before.mechanism !== tokens.mechanism
  if (isOther || token.length > brokerNumber(step.cluster, 'sasl.server.max.receive.size')) return { type: 'hang up' }
  const evaluated = tokens.exchange.evaluate(token)
  if (evaluated.type === 'failed') return { type: 'failed', message: evaluated.message ?? invalidCredentials(tokens) }
  if (evaluated.type === 'challenge') return { type: 'answer', token: evaluated.token, sessionLifetimeMs: 0 }
  return finish(evaluated, tokens, step)
}

function finish(done: Evaluated & { type: 'done' }, { mechanism, before, begunAt }: Tokens, { session, cluster }: Step): Taken {
  const { principal, token } = done
  if (before !== undefined && before.principal !== principal)
    return { type: 'failed', message: `Cannot change principals during re-authentication from User.${before.principal}: User.${principal}` }
  const sessionLifetimeMs = Math.max(0, brokerNumber(cluster, 'connections.max.reauth.ms'))
  const expiresAt = sessionLifetimeMs === 0 ? Infinity : cluster.clock.now() + sessionLifetimeMs
  session.login = { type: 'done', mechanism, principal, expiresAt, begunAgainAt: before && begunAt }
  session.principal = principal
  return { type: 'answer', token, sessionLifetimeMs }
}

const invalidCredentials = ({ mechanism, before }: Tokens): string =>
  `Authentication failed during ${before === undefined ? '' : 're-'}authentication due to invalid credentials with SASL mechanism ${mechanism}`
