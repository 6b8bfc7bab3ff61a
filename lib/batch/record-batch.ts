/** Record batches, format v2 (magic 2, KIP-98), as anyone may need them: whole and by themselves. */
import { ProtocolError } from '../errors'
import type { Header } from '../record'
import { crc32c } from '../wire/crc32c'
import { Reader } from '../wire/reader'
import { Batch } from './batch'
import { CRC_START, HEADER_SIZE, readBatchHeader } from './batch-header'
import type { BatchHeader } from './batch-header'
import { BufferPool } from './buffer-pool'

const COMPRESSION_MASK = 0x07
const LOG_APPEND_TIME = 0x08
const TRANSACTIONAL = 0x10
const CONTROL = 0x20

export interface RecordBatchRecord {
  /** Milliseconds since 1970; −1 for none. */
  readonly timestamp: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers?: readonly Header[]
}

export interface RecordBatchInput {
  readonly records: readonly RecordBatchRecord[]
  /** Offset of the first record. Default 0: a broker assigns it. */
  readonly baseOffset?: bigint
  /** Default −1. */
  readonly partitionLeaderEpoch?: number
  /** Of an idempotent producer (KIP-98); default −1. */
  readonly producerId?: bigint
  /** Default −1. */
  readonly producerEpoch?: number
  /** Sequence number of the first record; default −1. */
  readonly baseSequence?: number
  /** The records belong to a transaction; default false. */
  readonly transactional?: boolean
}

export interface DecodedRecord {
  readonly offset: bigint
  readonly timestamp: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: readonly Header[]
}

export interface DecodedRecordBatch extends Omit<BatchHeader, 'attributes' | 'lastOffsetDelta'> {
  readonly lastOffset: bigint
  /** Who stamped the records: the producer, or the broker on append. */
  readonly timestampType: 'create' | 'append'
  readonly transactional: boolean
  /** It holds markers of transactions or the like, not records of users. */
  readonly control: boolean
  readonly records: readonly DecodedRecord[]
}

export const recordBatch = { encode, decode }

function encode({ records, transactional = false, ...fields }: RecordBatchInput): Uint8Array {
  if (records.length === 0) throw new ProtocolError('A record batch has at least one record')
  const batch = new Batch<undefined>('', 0, 0, new BufferPool(Infinity))
  for (const { timestamp, key, value, headers = [] } of records) {
    batch.append({ key, value, headers, context: undefined, outlet: undefined }, timestamp)
  }
  batch.seal({ ...fields, attributes: transactional ? TRANSACTIONAL : 0 })
  return Buffer.concat(batch.parts)
}

/** The first batch in `bytes`; `size` of the result says where the next one begins. Keys and values are views of `bytes`. */
function decode(bytes: Uint8Array): DecodedRecordBatch {
  const { attributes, lastOffsetDelta, ...header } = readBatchHeader(bytes, 0)
  const content = bytes.subarray(0, header.size)
  checkCrc(content, header.crc)
  if ((attributes & COMPRESSION_MASK) !== 0) {
    throw new ProtocolError(
      `The record batch is compressed (codec ${String(attributes & COMPRESSION_MASK)}), which is not supported yet`,
      CRC_START,
    )
  }
  return {
    ...header,
    lastOffset: header.baseOffset + BigInt(lastOffsetDelta),
    timestampType: (attributes & LOG_APPEND_TIME) === 0 ? 'create' : 'append',
    transactional: (attributes & TRANSACTIONAL) !== 0,
    control: (attributes & CONTROL) !== 0,
    records: decodeRecords(content, header, (attributes & LOG_APPEND_TIME) !== 0),
  }
}

function checkCrc(content: Uint8Array, claimed: number): void {
  const computed = crc32c(content.subarray(CRC_START))
  if (computed !== claimed) {
    throw new ProtocolError(
      `The record batch is corrupt: CRC ${computed.toString(16)} computed, ${claimed.toString(16)} claimed`,
      CRC_START - 4,
    )
  }
}

type RecordsHeader = Pick<BatchHeader, 'baseOffset' | 'baseTimestamp' | 'maxTimestamp' | 'recordCount'>

function decodeRecords(content: Uint8Array, header: RecordsHeader, appendTime: boolean): DecodedRecord[] {
  const reader = new Reader(content)
  reader.position = HEADER_SIZE
  // A record takes at least seven bytes: a count beyond that is a lie, and nothing is allocated for it.
  if (header.recordCount < 0 || header.recordCount > reader.remaining) {
    throw new ProtocolError(`A record batch claims ${String(header.recordCount)} records`, HEADER_SIZE - 4)
  }
  const records: DecodedRecord[] = []
  for (let i = 0; i < header.recordCount; i++) records.push(decodeRecord(reader, header, appendTime))
  reader.finish('the last record')
  return records
}

function decodeRecord(reader: Reader, header: RecordsHeader, appendTime: boolean): DecodedRecord {
  const size = reader.varint()
  const end = reader.position + size
  reader.int8()
  const timestamp = header.baseTimestamp + Number(reader.varlong())
  const offset = header.baseOffset + BigInt(reader.varint())
  const key = readBytes(reader)
  const value = readBytes(reader)
  const headers = readHeaders(reader)
  if (reader.position !== end) throw new ProtocolError('A record does not end where its length says', reader.position)
  return { offset, timestamp: appendTime ? header.maxTimestamp : timestamp, key, value, headers }
}

function readHeaders(reader: Reader): Header[] {
  const count = reader.varint()
  if (count < 0 || count > reader.remaining) throw new ProtocolError(`A record claims ${String(count)} headers`, reader.position)
  const headers: Header[] = []
  for (let i = 0; i < count; i++) {
    const key = readBytes(reader)
    if (key === null) throw new ProtocolError('The key of a header is null', reader.position)
    headers.push({ key: Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('utf8'), value: readBytes(reader) })
  }
  return headers
}

function readBytes(reader: Reader): Uint8Array | null {
  const length = reader.varint()
  if (length < 0) return null
  const start = reader.position
  if (length > reader.remaining) throw new ProtocolError(`${String(length)} bytes wanted, ${String(reader.remaining)} left`, start)
  reader.position = start + length
  return reader.source.subarray(start, start + length)
}
