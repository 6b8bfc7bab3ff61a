/** What a broker writes into a batch that it takes: its offset, the leader's epoch and, where that is due, other timestamps. */
import type { TimestampType } from '../../../batch/batch-input'
import { CRC_START, HEADER_SIZE, writeBatchCrc } from '../../../batch/batch-header'
import type { BatchHeader } from '../../../batch/batch-header'
import { crc32c } from '../../../wire/crc32c'

export const TIMESTAMP_TYPE_MASK = 0x08
export const TRANSACTIONAL_MASK = 0x10
export const CONTROL_MASK = 0x20

const AT = {
  baseOffset: 0,
  partitionLeaderEpoch: 12,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
} as const

/** What the batch says of its time once it is in the log. */
export interface BatchTime {
  readonly type: TimestampType
  readonly maxTimestamp: number
}

export interface Stamp {
  readonly baseOffset: bigint
  readonly leaderEpoch: number
  /** Undefined: it stays as it is. */
  readonly time: BatchTime | undefined
}

/** Writes into `batch`. Offset and epoch are not covered by the checksum; it is written anew only for another time. */
export function stampBatch(batch: Uint8Array, { baseOffset, leaderEpoch, time }: Stamp): void {
  const view = new DataView(batch.buffer, batch.byteOffset, batch.length)
  view.setBigInt64(AT.baseOffset, baseOffset)
  view.setInt32(AT.partitionLeaderEpoch, leaderEpoch)
  if (time !== undefined) stampTime(batch, view, time)
}

function stampTime(batch: Uint8Array, view: DataView, { type, maxTimestamp }: BatchTime): void {
  const before = view.getInt16(AT.attributes)
  const attributes = (before & ~TIMESTAMP_TYPE_MASK) | (type === 'append' ? TIMESTAMP_TYPE_MASK : 0)
  if (attributes === before && Number(view.getBigInt64(AT.maxTimestamp)) === maxTimestamp) return
  view.setInt16(AT.attributes, attributes)
  view.setBigInt64(AT.maxTimestamp, BigInt(maxTimestamp))
  writeBatchCrc(batch, crc32c(batch.subarray(CRC_START)))
}

/** Sets the timestamps of a batch to 0, and says what they were as numbers, however inexact. */
export function takeTimes(batch: Uint8Array): Pick<BatchHeader, 'baseTimestamp' | 'maxTimestamp'> {
  const view = new DataView(batch.buffer, batch.byteOffset, HEADER_SIZE)
  const [baseTimestamp, maxTimestamp] = [Number(view.getBigInt64(AT.baseTimestamp)), Number(view.getBigInt64(AT.maxTimestamp))]
  view.setBigInt64(AT.baseTimestamp, 0n)
  view.setBigInt64(AT.maxTimestamp, 0n)
  return { baseTimestamp, maxTimestamp }
}

export const lastOffsetDeltaOf = (batch: Uint8Array): number =>
  new DataView(batch.buffer, batch.byteOffset, HEADER_SIZE).getInt32(AT.lastOffsetDelta)

/** Who wrote a batch, and its sequence numbers; can be read before anybody has checked the rest. */
export type BatchProducer = Pick<BatchHeader, 'attributes' | 'lastOffsetDelta' | 'producerId' | 'producerEpoch' | 'baseSequence'>

/** Undefined for what is too short to say so. */
export function producerIn(batch: Uint8Array): BatchProducer | undefined {
  if (batch.length < HEADER_SIZE) return undefined
  const view = new DataView(batch.buffer, batch.byteOffset, HEADER_SIZE)
  return {
    attributes: view.getInt16(AT.attributes),
    lastOffsetDelta: view.getInt32(AT.lastOffsetDelta),
    producerId: view.getBigInt64(AT.producerId),
    producerEpoch: view.getInt16(AT.producerEpoch),
    baseSequence: view.getInt32(AT.baseSequence),
  }
}

export const timestampTypeOf = ({ attributes }: Pick<BatchHeader, 'attributes'>): TimestampType =>
  (attributes & TIMESTAMP_TYPE_MASK) === 0 ? 'create' : 'append'

export const isTransactional = ({ attributes }: Pick<BatchHeader, 'attributes'>): boolean => (attributes & TRANSACTIONAL_MASK) !== 0

export const isControl = ({ attributes }: Pick<BatchHeader, 'attributes'>): boolean => (attributes & CONTROL_MASK) !== 0
