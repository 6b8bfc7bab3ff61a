/** A mechanism at work: the tokens of one login, as the broker sees them. */

export interface SaslExchange {
  /** The client's next token. */
  evaluate(token: Uint8Array): Evaluated
}

export type Evaluated =
  /** The client is to go on from this token. */
  | { readonly type: 'challenge'; readonly token: Uint8Array }
  | { readonly type: 'done'; readonly token: Uint8Array; readonly principal: string }
  /** Without a message the client is told what Kafka tells it when the reason might help an attacker. */
  | { readonly type: 'failed'; readonly message?: string }

export const NO_TOKEN = new Uint8Array(0)
