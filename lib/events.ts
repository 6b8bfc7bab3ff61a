/** What happens inside a producer that is nobody's result: for logs and alarms. */
import type { KafkaError } from './errors'
import type { Delivery } from './record'

/** One value of `events$`; `type` says what happened. */
export type ProducerEvent =
  /** A record was settled whose subscriber had left. */
  | { readonly type: 'orphaned'; readonly delivery: Delivery }
  /** A batch goes out again after a pause. */
  | { readonly type: 'retry'; readonly topic: string; readonly partition: number; readonly attempts: number; readonly error: KafkaError }
  /** Batches were not acknowledged within `deliveryTimeout`; `inFlight`: the answer was still awaited, and may yet come. */
  | { readonly type: 'expired'; readonly topic: string; readonly partition: number; readonly records: number; readonly inFlight: boolean }
  /** A quota is exhausted: the broker gets nothing more for so long. */
  | { readonly type: 'throttled'; readonly milliseconds: number }
  /** The idempotent producer got its id. */
  | { readonly type: 'producer-id'; readonly producerId: bigint; readonly epoch: number }
  /** A batch was given up or refused: the numbers of its partition begin anew under another epoch, so that nothing behind it is refused. */
  | { readonly type: 'epoch-bumped'; readonly producerId: bigint; readonly epoch: number }
  /** Nothing will be taken any more: everything unsettled fails, and so does every later record. */
  | { readonly type: 'fatal'; readonly error: KafkaError }
  /** A batch was too large for its topic: its records go out again in two. */
  | { readonly type: 'split'; readonly topic: string; readonly partition: number; readonly records: number; readonly bytes: number }
  /** A broker could not be reached, or its connection broke. Connecting goes on for as long as there is something to send. */
  | { readonly type: 'connection-failed'; readonly host: string; readonly port: number; readonly error: KafkaError }
  /** An interceptor threw. What it was given passed on as it was. */
  | { readonly type: 'interceptor-failed'; readonly hook: 'onSend' | 'onDelivery'; readonly error: unknown }
