/** One record inside a batch, format v2: lengths and deltas as zig-zag varints (KIP-98, KIP-82). */
import type { Header } from '../record'
import { sizeOfVarint, sizeOfVarlong, writeVarint, writeVarlong } from '../wire/varint'

/** What of a record goes into its batch. */
export interface RecordBody {
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: readonly Header[]
}

/** The record's attributes byte, unused so far; it counts as one byte of the body. */
const ATTRIBUTES = 0
const NULL_LENGTH = -1

/** Bytes of the record after its own length: what that length says. */
export function sizeOfRecordBody(record: RecordBody, timestampDelta: number, offsetDelta: number): number {
  return (
    1 +
    sizeOfVarlong(timestampDelta) +
    sizeOfVarint(offsetDelta) +
    sizeOfBytes(record.key) +
    sizeOfBytes(record.value) +
    sizeOfHeaders(record.headers)
  )
}

/** Writes the record and its length, and returns the position after it. `bodySize` comes from `sizeOfRecordBody` with the same deltas. */
export function writeRecord(
  into: Uint8Array,
  at: number,
  record: RecordBody,
  { bodySize, timestampDelta, offsetDelta }: { readonly bodySize: number; readonly timestampDelta: number; readonly offsetDelta: number },
): number {
  let position = writeVarint(into, at, bodySize)
  into[position++] = ATTRIBUTES
  position = writeVarlong(into, position, timestampDelta)
  position = writeVarint(into, position, offsetDelta)
  position = writeBytes(into, position, record.key)
  position = writeBytes(into, position, record.value)
  return writeHeaders(into, position, record.headers)
}

/** An upper bound of the bytes that a record takes in any batch: both deltas at their longest. */
export function maxSizeOfRecord(record: RecordBody): number {
  return 5 + 1 + 10 + 5 + sizeOfBytes(record.key) + sizeOfBytes(record.value) + sizeOfHeaders(record.headers)
}

function sizeOfBytes(bytes: Uint8Array | null): number {
  return bytes === null ? 1 : sizeOfVarint(bytes.length) + bytes.length
}

function sizeOfHeaders(headers: readonly Header[]): number {
  let size = sizeOfVarint(headers.length)
  for (const { key, value } of headers) {
    const keyLength = Buffer.byteLength(key)
    size += sizeOfVarint(keyLength) + keyLength + sizeOfBytes(value)
  }
  return size
}

function writeBytes(into: Uint8Array, at: number, bytes: Uint8Array | null): number {
  if (bytes === null) return writeVarint(into, at, NULL_LENGTH)
  const position = writeVarint(into, at, bytes.length)
  into.set(bytes, position)
  return position + bytes.length
}

function writeHeaders(into: Uint8Array, at: number, headers: readonly Header[]): number {
  let position = writeVarint(into, at, headers.length)
  for (const { key, value } of headers) {
    position = writeBytes(into, position, Buffer.from(key))
    position = writeBytes(into, position, value)
  }
  return position
}
