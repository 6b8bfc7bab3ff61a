/** When a broker's answer says that its client is to be quiet for a while (KIP-219). */
import { apiKeyOf } from './api'
import type { Api } from './api'

/**
 * The first version, by api key, at which the broker answers at once and leaves the waiting to the client; at older ones it has waited
 * itself. As `shouldClientThrottle` of the answers in Kafka; apis that no producer uses are left out.
 */
const CLIENT_WAITS_FROM: ReadonlyMap<number, number> = new Map([
  [0, 6], // Produce
  [3, 6], // Metadata
  [10, 2], // FindCoordinator
  [18, 2], // ApiVersions
  [22, 1], // InitProducerId
  [24, 1], // AddPartitionsToTxn
  [25, 1], // AddOffsetsToTxn
  [26, 1], // EndTxn
  [28, 1], // TxnOffsetCommit
])

/**
 * Milliseconds. Nothing guards an answer, and one that is damaged could silence us for weeks. Whoever really has to wait for longer is made
 * to by the broker, which reads nothing from him meanwhile.
 */
const LONGEST_QUIET = 60_000

/** For how long no further request may be sent to the broker, in ms; 0 for not at all. */
export function throttleOf({ request }: Pick<Api<never, unknown>, 'request'>, version: number, response: unknown): number {
  const from = CLIENT_WAITS_FROM.get(apiKeyOf(request))
  if (from === undefined || version < from) return 0
  const { throttleTimeMs } = response as { readonly throttleTimeMs?: unknown }
  return typeof throttleTimeMs === 'number' && throttleTimeMs > 0 ? Math.min(throttleTimeMs, LONGEST_QUIET) : 0
}
