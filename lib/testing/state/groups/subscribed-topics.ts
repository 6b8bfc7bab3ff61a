/** Which topics the members of a group want, from what consumers say when they join. */
import { ConsumerProtocolSubscription } from '../../../generated/messages/ConsumerProtocolSubscription'
import { Reader } from '../../../wire/reader'

/**
 * Null when one of them cannot be read. Only the fields of version 0 are read, as Kafka does: later versions begin with the same, and
 * what follows need not be known.
 */
export function subscribedTopics(subscriptions: readonly Uint8Array[]): ReadonlySet<string> | null {
  try {
    return new Set(subscriptions.flatMap(topicsOf))
  } catch {
    return null
  }
}

function topicsOf(subscription: Uint8Array): readonly string[] {
  const reader = new Reader(subscription)
  reader.int16()
  return ConsumerProtocolSubscription.read(reader, 0).topics
}
