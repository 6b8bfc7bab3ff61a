/** The batch that ends a transaction in a partition: one control record, written by the coordinator (KIP-98). */
import { recordBatch } from '../../../batch/record-batch'
import { Writer } from '../../../wire/writer'

export interface Marker {
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly type: 'commit' | 'abort'
  /** How often the transaction's coordinator has moved. */
  readonly coordinatorEpoch: number
}

const VERSION = 0
const TYPES = { abort: 0, commit: 1 } as const

/** Ready to be appended. `timestamp`: wall-clock milliseconds. */
export function markerBatch({ producerId, producerEpoch, type, coordinatorEpoch }: Marker, timestamp: number): Uint8Array {
  const key = new Writer()
  key.int16(VERSION)
  key.int16(TYPES[type])
  const value = new Writer()
  value.int16(VERSION)
  value.int32(coordinatorEpoch)
  const records = [{ timestamp, key: key.finish(), value: value.finish() }]
  return recordBatch.encode({ records, producerId, producerEpoch, transactional: true, control: true })
}
