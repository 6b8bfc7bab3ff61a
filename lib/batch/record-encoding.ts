/** How many bytes a record takes inside a batch, format v2: lengths and deltas as zig-zag varints (KIP-98, KIP-82). */
import type { Header } from '../record'
import { sizeOfVarint, sizeOfVarlong } from '../wire/varint'

/** What of a record goes into its batch. */
export interface RecordBody {
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: readonly Header[]
}

/** The most that there can be beside the contents: the record's own length, its attributes, and both deltas at their longest. */
const MOST_BESIDE_CONTENTS = 5 + 1 + 10 + 5

/** Bytes of what is the same wherever the record stands: key, value and headers, with their lengths. */
export function sizeOfContents({ key, value, headers }: RecordBody): number {
  return sizeOfBytes(key) + sizeOfBytes(value) + sizeOfHeaders(headers)
}

/** Bytes of the record after its own length: what that length says. */
export function sizeOfRecordBody(contents: number, timestampDelta: number, offsetDelta: number): number {
  return 1 + sizeOfVarlong(timestampDelta) + sizeOfVarint(offsetDelta) + contents
}

/** An upper bound of the bytes that a record of such contents takes in any batch. */
export function maxSizeOfRecord(contents: number): number {
  return MOST_BESIDE_CONTENTS + contents
}

function sizeOfBytes(bytes: Uint8Array | null): number {
  return bytes === null ? 1 : sizeOfVarint(bytes.length) + bytes.length
}

function sizeOfHeaders(headers: readonly Header[]): number {
  if (headers.length === 0) return 1
  let size = sizeOfVarint(headers.length)
  for (const { key, value } of headers) {
    const keyLength = Buffer.byteLength(key)
    size += sizeOfVarint(keyLength) + keyLength + sizeOfBytes(value)
  }
  return size
}
