/** Records as each stage of the pipeline takes them, with everything that a spec does not care about filled in, and outlets that remember. */
import type { BatchedRecord } from '../../lib/batch/batch'
import type { Delivery, Outlet, PartitionedRecord, SerializedRecord } from '../../lib/record'

export const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8')

export const sized = (bytes: number): Uint8Array => new Uint8Array(bytes)

/** What a batch takes. */
export const batched = <C = undefined>(record: Partial<BatchedRecord<C>> = {}): BatchedRecord<C> => ({
  key: null,
  value: null,
  headers: [],
  context: undefined as C,
  outlet: undefined,
  ...record,
})

/** What `serialize` gives. */
export const serialized = <C = undefined>(record: Partial<SerializedRecord<C>> = {}): SerializedRecord<C> => ({
  ...batched<C>(),
  topic: 'orders',
  timestamp: undefined,
  partition: undefined,
  ...record,
})

/** What `partition` gives. */
export const partitioned = <C = undefined>(record: Partial<PartitionedRecord<C>> = {}): PartitionedRecord<C> => ({
  ...batched<C>(),
  topic: 'orders',
  timestamp: 0,
  partition: 0,
  partitionCount: 1,
  ...record,
})

export interface OutletRecorder<C> {
  readonly outlet: Outlet<C>
  readonly deliveries: readonly Delivery<C>[]
  /** The codes of those that failed, and `delivered` for the others. */
  readonly outcomes: readonly string[]
}

export function outletRecorder<C = unknown>(): OutletRecorder<C> {
  const deliveries: Delivery<C>[] = []
  const outcomes: string[] = []
  const settle = (delivery: Delivery<C>): void => {
    deliveries.push(delivery)
    outcomes.push(outcomeOf(delivery))
  }
  return { outlet: { settle }, deliveries, outcomes }
}

export const outcomeOf = (delivery: Delivery): string => (delivery.type === 'failed' ? delivery.error.code : delivery.type)
