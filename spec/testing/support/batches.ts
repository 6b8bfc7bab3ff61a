/** Record batches as a client sends them, and ones that were tampered with. */
import type { RecordBatchInput } from '../../../lib/batch/batch-input'
import { CRC_START } from '../../../lib/batch/batch-header'
import { recordBatch } from '../../../lib/batch/record-batch'
import { crc32c } from '../../../lib/wire/crc32c'

interface BatchOptions extends Partial<RecordBatchInput> {
  /** Of the first record; each further one is a millisecond later. Default 0. */
  readonly timestamp?: number
  /** Of all records. Default: none. */
  readonly key?: string
}

/** A batch with a record for each letter. */
export function batchOf(letters: string, { timestamp = 0, key, ...options }: BatchOptions = {}): Uint8Array {
  const records = Array.from(letters).map((letter, i) => ({
    timestamp: timestamp + i,
    key: key === undefined ? null : Buffer.from(key),
    value: Buffer.from(letter),
  }))
  return recordBatch.encode({ records, ...options })
}

export interface ProducerOptions extends BatchOptions {
  readonly producerId?: bigint
  readonly producerEpoch?: number
}

/** A batch of an idempotent producer, whose first record has this sequence number. */
export const sequenced = (baseSequence: number, letters = 'a', options: ProducerOptions = {}): Uint8Array =>
  batchOf(letters, { producerId: 7n, producerEpoch: 0, baseSequence, ...options })

/** A batch of a transaction. */
export const transactional = (baseSequence: number, letters = 'a', options: ProducerOptions = {}): Uint8Array =>
  sequenced(baseSequence, letters, { transactional: true, ...options })

/** A copy with some bytes changed and a checksum that says nothing of it. */
export function altered(batch: Uint8Array, change: (view: DataView) => void): Uint8Array {
  const copy = damaged(batch, change)
  new DataView(copy.buffer).setUint32(CRC_START - 4, crc32c(copy.subarray(CRC_START)))
  return copy
}

/** A copy with some bytes changed and the old checksum. */
export function damaged(batch: Uint8Array, change: (view: DataView) => void): Uint8Array {
  const copy = Uint8Array.from(batch)
  change(new DataView(copy.buffer))
  return copy
}

/** Where the fields of a batch lie that specs tamper with. */
export const AT = {
  baseOffset: 0,
  length: 8,
  magic: 16,
  attributes: 21,
  lastOffsetDelta: 23,
  maxTimestamp: 35,
  recordCount: 57,
  records: 61,
} as const

/** The values of all records in these batches, joined. */
export const lettersIn = (bytes: Uint8Array): string =>
  [...recordBatch.decodeAll(bytes)]
    .flatMap(({ control, records }) => (control ? '|' : records.map(({ value }) => Buffer.from(value ?? []).toString())))
    .join('')
