/** How many bytes a record takes inside a batch, format v2: lengths and deltas as zig-zag varints (KIP-98, KIP-82). */
import type { Header } from '../record'
import { sizeOfVarint, sizeOfVarlong } from '../wire/varint'

/** What of a record goes into its batch. */
export interface RecordBody {
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: readonly Header[]
}

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

/** An upper bound of the bytes that a record takes in any batch: both deltas at their longest. */
export function maxSizeOfRecord(record: RecordBody): number {
  return 5 + 1 + 10 + 5 + sizeOfBytes(record.key) + sizeOfBytes(record.value) + sizeOfHeaders(record.headers)
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
