/** A way of logging in, as a conversation of tokens. What Kafka's headers are around the tokens is not its concern. */
import type { Address } from '../transport'

/** What comes next in a login. */
export type SaslStep =
  /** This token goes to the broker, whose answer is what the conversation is called with next. */
  | { readonly type: 'send'; readonly token: Uint8Array }
  /** We are in, as far as the client can tell. */
  | { readonly type: 'done' }
  /** The broker is not who it should be, or said something that makes no sense. The reason is shown to users: no secrets. */
  | { readonly type: 'failed'; readonly reason: string }

/** One login. Called with what the broker said last, and first of all with nothing (no bytes). */
export type SaslConversation = (said: Uint8Array) => SaslStep | Promise<SaslStep>

/**
 * A mechanism of one's own (GSSAPI, AWS_MSK_IAM …), or one of those that are there. `begin` is called for every login: when a connection is
 * opened and when its session is about to end. It may throw, or reject: then there is no connection, and it is asked again for the next one.
 */
export interface SaslMechanism {
  /** As brokers name it in sasl.enabled.mechanisms. */
  readonly name: string
  begin(broker: Address): SaslConversation | Promise<SaslConversation>
}
