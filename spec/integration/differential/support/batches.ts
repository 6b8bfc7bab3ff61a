/** Batches as a client should write them, and as nobody should. */
import { recordBatch } from '../../../../lib/batch/record-batch'
import type { RecordBatchInput, RecordBatchRecord } from '../../../../lib/batch/batch-input'
import { crc32c } from '../../../../lib/wire/crc32c'
import { Writer } from '../../../../lib/wire/writer'
import type { Chance } from './chance'

export const bytes = (text: string): Uint8Array => Buffer.from(text)

export const aRecord = (value: string, more: Partial<RecordBatchRecord> = {}): RecordBatchRecord => ({
  timestamp: 1_700_000_000_000,
  key: bytes('key'),
  value: bytes(value),
  headers: [],
  ...more,
})

/** So many records whose contents are left to chance. */
export const someRecords = (chance: Chance, count: number, timestamp = 1_700_000_000_000): RecordBatchRecord[] =>
  Array.from({ length: count }, () => ({
    timestamp: timestamp + chance.below(10_000),
    key: chance.happens(0.3) ? null : chance.bytes(chance.below(12)),
    value: chance.happens(0.1) ? null : chance.bytes(chance.below(60)),
    headers: chance.happens(0.3) ? [{ key: 'h', value: chance.bytes(3) }] : [],
  }))

export const batchOf = (input: RecordBatchInput): Uint8Array => Uint8Array.from(recordBatch.encode(input))

/** Where the header's fields stand. */
const AT = {
  baseOffset: 0,
  length: 8,
  leaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  recordCount: 57,
} as const

const CRC_START = 21

type Patch = Partial<Record<keyof typeof AT, number | bigint>>

/** The same batch with other numbers in its header, and a checksum that is right again unless `crc` is among them. */
export function patched(batch: Uint8Array, patch: Patch): Uint8Array {
  const copy = Uint8Array.from(batch)
  const view = new DataView(copy.buffer)
  for (const [field, value] of Object.entries(patch) as [keyof typeof AT, number | bigint][]) {
    if (typeof value === 'bigint') view.setBigInt64(AT[field], value)
    else if (field === 'magic') view.setInt8(AT.magic, value)
    else if (field === 'attributes' || field === 'producerEpoch') view.setInt16(AT[field], value)
    else view.setInt32(AT[field], value)
  }
  if (patch.crc === undefined) view.setUint32(AT.crc, crc32c(copy.subarray(CRC_START)))
  return copy
}

/** A record with each of its numbers as they are given. */
export interface RawRecord {
  readonly attributes?: number
  readonly timestampDelta?: number
  readonly offsetDelta: number
  readonly keyLength?: number
  readonly key?: Uint8Array
  readonly valueLength?: number
  readonly value?: Uint8Array
  /** How many it claims; default as many as there are. */
  readonly headerCount?: number
  readonly headers?: readonly { readonly keyLength?: number; readonly key: string; readonly value: Uint8Array | null }[]
  /** What is added to its true length. */
  readonly lie?: number
}

/** A batch of such records; the header is right but for `patch`. */
export function batchOfRaw(records: readonly RawRecord[], patch: Patch = {}): Uint8Array {
  const header = batchOf({ records: [aRecord('x')] }).subarray(0, AT.recordCount + 4)
  const whole = Buffer.concat([header, ...records.map(rawRecord)])
  return patched(whole, { length: whole.length - 12, recordCount: records.length, lastOffsetDelta: records.length - 1, ...patch })
}

function rawRecord(record: RawRecord): Uint8Array {
  const { key = bytes('k'), value = bytes('v'), headers = [], lie = 0 } = record
  const body = new Writer()
  body.raw(Uint8Array.of((record.attributes ?? 0) & 0xff))
  body.varlong(record.timestampDelta ?? 0)
  body.varint(record.offsetDelta)
  body.varint(record.keyLength ?? key.length)
  body.raw(key)
  body.varint(record.valueLength ?? value.length)
  body.raw(value)
  body.varint(record.headerCount ?? headers.length)
  for (const header of headers) {
    body.varint(header.keyLength ?? header.key.length)
    body.raw(bytes(header.key))
    body.varint(header.value?.length ?? -1)
    body.raw(header.value ?? new Uint8Array(0))
  }
  const content = body.finish()
  const writer = new Writer()
  writer.varint(content.length + lie)
  writer.raw(content)
  return writer.finish()
}

/** A message of the formats before record batches (magic 0 and 1), with its own kind of checksum. */
export function oldMessage(magic: 0 | 1, value: Uint8Array): Uint8Array {
  const writer = new Writer()
  writer.raw(Uint8Array.of(magic, 0))
  if (magic === 1) writer.int64(1_700_000_000_000n)
  writer.bytes(null)
  writer.bytes(value)
  const content = writer.finish()
  const message = new Writer()
  message.int64(0n)
  message.int32(content.length + 4)
  message.int32(crc32(content) | 0)
  message.raw(content)
  return message.finish()
}

function crc32(of: Uint8Array): number {
  let crc = ~0
  for (const byte of of) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return ~crc >>> 0
}
