/** Records as the steps find them: of the main case, 100 B and no key, unless said otherwise. */
import type { Delivery, Outlet, PartitionedRecord, ProducerRecord, SerializedRecord } from '../../../lib/record'

export const TOPIC = 'orders'
export const PARTITIONS = 6
const VALUE = Buffer.alloc(100, 'kafkarx')
const KEY = 'customer-0123456'
const TEXT = VALUE.toString('latin1')

/** So many different ones, taken in turn: a step that keeps something of a record must not find the same one again and again. */
const DIFFERENT = 64

/** Made before anything is counted. */
function inTurn<T>(make: (index: number) => T): () => T {
  const made = Array.from({ length: DIFFERENT }, (_, index) => make(index))
  let next = 0
  return () => made[next++ % DIFFERENT]
}

export interface CountingOutlet extends Outlet<number> {
  readonly delivered: number
  /** Kept, or the engine would find out that nobody looks at it, and not make it. */
  readonly last: Delivery | undefined
}

export function countingOutlet(): CountingOutlet {
  let delivered = 0
  let last: Delivery | undefined
  return {
    settle: (delivery) => {
      last = delivery
      if (delivery.type === 'delivered') delivered++
    },
    get delivered() {
      return delivered
    },
    get last() {
      return last
    },
  }
}

export const producerRecords = (): (() => ProducerRecord<Uint8Array, Uint8Array, number>) =>
  inTurn((context) => ({ topic: TOPIC, value: Buffer.from(VALUE), context }))

export const textRecords = (): (() => ProducerRecord<string, string, number>) =>
  inTurn((context) => ({ topic: TOPIC, key: KEY + String(context), value: TEXT + String(context), context }))

const serialized = (context: number, outlet: Outlet<number>) => ({
  ...{ topic: TOPIC, key: null, value: Buffer.from(VALUE), headers: [], timestamp: undefined, partition: undefined },
  ...{ context, outlet },
})

export const keyedRecords = (outlet: Outlet<number>): (() => SerializedRecord<number>) =>
  inTurn((context) => ({ ...serialized(context, outlet), key: Buffer.from(KEY + String(context)) }))

/** The accumulator chooses the partition. */
export const partitionedRecords = (outlet: Outlet<number>): (() => PartitionedRecord<number>) =>
  inTurn((context) => ({ ...serialized(context, outlet), partition: null, partitionCount: PARTITIONS }))

/** The partition is chosen already. */
export const placedRecords = (outlet: Outlet<number>): (() => PartitionedRecord<number>) =>
  inTurn((context) => ({ ...serialized(context, outlet), partition: context % PARTITIONS, partitionCount: PARTITIONS }))
