/** What happens inside a producer that is nobody's result: for logs and alarms. */
import type { KafkaError } from './errors'
import type { Delivery } from './record'

export type ProducerEvent =
  /** A record was settled whose subscriber had left. */
  | { readonly type: 'orphaned'; readonly delivery: Delivery }
  /** A batch goes out again after a pause. */
  | { readonly type: 'retry'; readonly topic: string; readonly partition: number; readonly attempts: number; readonly error: KafkaError }
  /** A batch was too large for its topic: its records go out again in two. */
  | { readonly type: 'split'; readonly topic: string; readonly partition: number; readonly records: number; readonly bytes: number }
  /** A broker could not be reached, or its connection broke. Connecting goes on for as long as there is something to send. */
  | { readonly type: 'connection-failed'; readonly host: string; readonly port: number; readonly error: KafkaError }
  /** An interceptor threw. What it was given passed on as it was. */
  | { readonly type: 'interceptor-failed'; readonly hook: 'onSend' | 'onDelivery'; readonly error: unknown }
