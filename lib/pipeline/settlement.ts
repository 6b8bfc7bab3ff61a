import type { Acknowledgement } from '../batch/delivered-record'
import type { Batch } from '../batch/batch'
import type { KafkaError } from '../errors'

/** The end of a batch: every record of it is delivered, or every record of it has failed. */
export type Settlement<C = unknown> =
  | { readonly type: 'delivered'; readonly batch: Batch<C>; readonly acknowledgement: Acknowledgement }
  | { readonly type: 'failed'; readonly batch: Batch<C>; readonly error: KafkaError }
