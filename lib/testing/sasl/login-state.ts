/**
 * How far a connection is with its login, and what follows from each step.
 *
 *   beginning ─ApiVersions─► versions ─┐
 *       └──────────────────────────────┴─SaslHandshake─► tokens ─…─► done ─SaslHandshake─► tokens ─…   (again, KIP-368)
 *
 * A step that fails ends the connection. Again may log in whoever has a session that expires (connections.max.reauth.ms), once a
 * second, as the same user and with the same mechanism.
 */
import type { ApiName } from '../../generated/apis'
import type { SaslExchange } from './exchange'

export type Login =
  /** The client knows the versions: what comes next is the handshake. */
  { readonly type: 'versions' } | Tokens | LoggedIn

export interface Tokens {
  readonly type: 'tokens'
  readonly mechanism: string
  /** `raw`: a frame is a token and nothing else, as after a handshake of version 0. */
  readonly framing: 'requests' | 'raw'
  readonly exchange: SaslExchange
  /** There was a login before. */
  readonly before: LoggedIn | undefined
  /** Milliseconds of the cluster's clock. */
  readonly begunAt: number
}

export interface LoggedIn {
  readonly type: 'done'
  readonly mechanism: string
  readonly principal: string
  /** Milliseconds of the cluster's clock; never, when nothing says so. */
  readonly expiresAt: number
  /** When the last login but the first began. */
  readonly begunAgainAt: number | undefined
}

/** A client may not log in again sooner. */
const BETWEEN_LOGINS = 1000

const BEFORE: Readonly<Record<'beginning' | 'versions' | 'tokens', ReadonlySet<ApiName>>> = {
  beginning: new Set<ApiName>(['ApiVersions', 'SaslHandshake']),
  versions: new Set<ApiName>(['SaslHandshake']),
  // The first two are refused with an answer.
  tokens: new Set<ApiName>(['ApiVersions', 'SaslHandshake', 'SaslAuthenticate']),
}

/** Whether the request is looked at. Else the connection ends. */
export function isDue(login: Login | undefined, api: ApiName, now: number): boolean {
  if (login?.type !== 'done') return BEFORE[login?.type ?? 'beginning'].has(api)
  return now <= login.expiresAt || (api === 'SaslHandshake' && mayBeginAgain(login, now))
}

export const mayBeginAgain = ({ expiresAt, begunAgainAt }: LoggedIn, now: number): boolean =>
  expiresAt !== Infinity && (begunAgainAt === undefined || now - begunAgainAt >= BETWEEN_LOGINS)
