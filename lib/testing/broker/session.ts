/** A client's connection to one broker, as the broker remembers it. */
import type { Login } from '../sasl/login-state'
import type { ListenerName } from '../state/node'

export interface Session {
  readonly id: number
  readonly listener: ListenerName
  /** Who logged in; null before that, or where nobody has to. */
  principal: string | null
  /** What KIP-511 clients say of themselves. */
  software: { readonly name: string; readonly version: string } | null
  /** Undefined: it has not begun, or nobody has to. */
  login?: Login
}
