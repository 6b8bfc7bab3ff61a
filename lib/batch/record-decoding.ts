/** The records of a batch, out of their bytes: what record-encoding.ts writes. */
import { ProtocolError } from '../errors'
import type { Header } from '../record'
import type { Reader } from '../wire/reader'

/** A record of a batch, with the offset and the timestamp that it has in the log. */
export interface RecordInBatch {
  readonly offset: bigint
  readonly timestamp: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: readonly Header[]
}

/** What the header of the batch says of its records. */
export interface RecordsFrame {
  readonly baseOffset: bigint
  readonly baseTimestamp: number
  readonly recordCount: number
  /** The time at which the broker appended them, when that counts and not their own. */
  readonly appendTime: number | undefined
  /** Records and headers together: more are refused. */
  readonly mostElements: number
}

/** Length, attributes, two deltas, key, value and headers: a byte each. */
const SMALLEST_RECORD = 7
/** Length of the key, length of the value. */
const SMALLEST_HEADER = 2

/** Reads to the end of `reader`. A count beyond the bytes that are left is a lie, and nothing is allocated for it. */
export function decodeRecords(reader: Reader, frame: RecordsFrame): RecordInBatch[] {
  const records: RecordInBatch[] = []
  const { recordCount } = frame
  if (recordCount < 0 || recordCount > reader.remaining / SMALLEST_RECORD) {
    throw new ProtocolError(`A record batch claims ${String(recordCount)} records`, reader.position)
  }
  if (recordCount > frame.mostElements) throw tooMany(`${String(recordCount)} records`, reader.position)
  for (let i = 0, elements = recordCount; i < recordCount; i++) {
    const record = decodeRecord(reader, frame, frame.mostElements - elements)
    elements += record.headers.length
    records.push(record)
  }
  reader.finish('the last record')
  return records
}

function decodeRecord(reader: Reader, frame: RecordsFrame, mostHeaders: number): RecordInBatch {
  const size = reader.varint()
  const end = reader.position + size
  reader.int8()
  const timestamp = readTimestamp(reader, frame.baseTimestamp)
  const offset = frame.baseOffset + BigInt(reader.varint())
  const key = readBytes(reader)
  const value = readBytes(reader)
  const headers = readHeaders(reader, mostHeaders)
  if (reader.position !== end) throw new ProtocolError('A record does not end where its length says', reader.position)
  return { offset, timestamp: frame.appendTime ?? timestamp, key, value, headers }
}

function readTimestamp(reader: Reader, base: number): number {
  const start = reader.position
  const timestamp = base + reader.varlongNumber()
  if (!Number.isSafeInteger(timestamp)) throw new ProtocolError('The timestamp of a record is beyond what a number holds', start)
  return timestamp
}

function readHeaders(reader: Reader, most: number): Header[] {
  const count = reader.varint()
  if (count < 0 || count > reader.remaining / SMALLEST_HEADER) {
    throw new ProtocolError(`A record claims ${String(count)} headers`, reader.position)
  }
  if (count > most) throw tooMany(`${String(count)} headers in one record`, reader.position)
  const headers: Header[] = []
  for (let i = 0; i < count; i++) {
    headers.push({ key: readHeaderKey(reader), value: readBytes(reader) })
  }
  return headers
}

/** Up to this many characters a plain loop beats a view and the engine's decoder. */
const SHORT = 24

/** Without a view in between, and letter by letter: keys of headers are short and nearly always ASCII. */
function readHeaderKey(reader: Reader): string {
  const length = reader.varint()
  if (length < 0) throw new ProtocolError('The key of a header is null', reader.position)
  const start = skip(reader, length)
  const { source } = reader
  return (
    (length <= SHORT ? asciiText(source, start, length) : undefined) ??
    Buffer.from(source.buffer, source.byteOffset + start, length).toString('utf8')
  )
}

function asciiText(bytes: Uint8Array, start: number, length: number): string | undefined {
  let text = ''
  for (let i = start; i < start + length; i++) {
    const code = bytes[i] ?? 0
    if (code > 0x7f) return undefined
    text += String.fromCharCode(code)
  }
  return text
}

function readBytes(reader: Reader): Uint8Array | null {
  const length = reader.varint()
  if (length < 0) return null
  const start = skip(reader, length)
  return reader.source.subarray(start, start + length)
}

/** The position of the next `length` bytes, and past them. */
function skip(reader: Reader, length: number): number {
  const start = reader.position
  if (length > reader.remaining) throw new ProtocolError(`${String(length)} bytes wanted, ${String(reader.remaining)} left`, start)
  reader.position = start + length
  return start
}

/** The bytes would be there; the objects made of them would take many times as much. */
function tooMany(what: string, position: number): ProtocolError {
  return new ProtocolError(
    `A compressed batch holds ${what}, more than maxDecompressedBytes allows (each counts 128 bytes at least)`,
    position,
  )
}
