/** Record batches, format v2 (magic 2, KIP-98), as anyone may need them: whole and by themselves. */
import { ConfigError, ProtocolError } from '../errors'
import { crc32c } from '../wire/crc32c'
import { Reader } from '../wire/reader'
import { Batch } from './batch'
import { checkBatchInput } from './batch-input'
import type { RecordBatchInput, TimestampType } from './batch-input'
import { COMPRESSION_MASK, CRC_START, HEADER_SIZE, isWholeBatch, readBatchHeader } from './batch-header'
import type { BatchHeader } from './batch-header'
import { BufferPool } from './buffer-pool'
import { compressBatch } from './compression/compress-batch'
import { compressionTypeOf, compressorOf, decompress } from './compression/compression'
import type { CompressionType } from './compression/compression'
import { controlMarkerOf } from './control-marker'
import type { ControlMarker } from './control-marker'
import { decodeRecords } from './record-decoding'
import type { RecordInBatch } from './record-decoding'

const LOG_APPEND_TIME = 0x08
const TRANSACTIONAL = 0x10
const CONTROL = 0x20
const DELETE_HORIZON = 0x40

const MAX_DECOMPRESSED_BYTES = 128 * 1024 * 1024
/** A few bytes of a batch become an object; this many of `maxDecompressedBytes` are counted for each. */
const BYTES_PER_ELEMENT = 128

/** How much of what comes from a network is believed. */
export interface RecordBatchDecodeOptions {
  /**
   * Bytes that the records of one compressed batch may have, decompressed; default 128 MiB. Each record and header counts as
   * 128 bytes at least. More is refused.
   */
  readonly maxDecompressedBytes?: number
}

/** A record as `recordBatch.decode` gives it. */
export interface DecodedRecord extends RecordInBatch {
  /** Only in a control batch, and only if key and value are a marker. */
  readonly marker?: ControlMarker
}

/** A batch with its records, as `recordBatch.decode` gives it. */
export interface DecodedRecordBatch extends Omit<BatchHeader, 'attributes' | 'lastOffsetDelta'> {
  readonly lastOffset: bigint
  readonly compression: CompressionType
  readonly timestampType: TimestampType
  readonly transactional: boolean
  /** It holds markers of transactions or the like, not records of users. */
  readonly control: boolean
  /** When a compacted log may drop its tombstones and markers (KIP-534); `baseTimestamp` is then this time too. */
  readonly deleteHorizon: number | undefined
  readonly records: readonly DecodedRecord[]
}

/** Record batches of version 2, to bytes and back. */
export const recordBatch = { encode, decode, decodeAll }

function encode(input: RecordBatchInput): Uint8Array {
  checkBatchInput(input)
  const { records, compression = 'none', transactional, control, timestampType, ...fields } = input
  const compressor = compressorOf(compression)
  const batch = new Batch<undefined>('', 0, 0, new BufferPool(Infinity))
  for (const { timestamp, key, value, headers = [] } of records) {
    batch.append({ key, value, headers, context: undefined, outlet: undefined }, timestamp)
  }
  const attributes =
    (timestampType === 'append' ? LOG_APPEND_TIME : 0) | (transactional === true ? TRANSACTIONAL : 0) | (control === true ? CONTROL : 0)
  batch.seal({ ...fields, attributes })
  return Buffer.concat(compressor === undefined ? batch.parts : compressBatch(batch.parts, compressor))
}

/** The first batch in `bytes`; `size` of the result says where the next one begins. Uncompressed keys and values are views of `bytes`. */
function decode(bytes: Uint8Array, options: RecordBatchDecodeOptions = {}): DecodedRecordBatch {
  return decodeAt(bytes, 0, options)
}

/**
 * All batches in `bytes`, one at a time. A broker cuts its answer to a Fetch where it is full: a last batch that is not whole is left
 * out.
 */
function* decodeAll(bytes: Uint8Array, options: RecordBatchDecodeOptions = {}): Generator<DecodedRecordBatch, void, undefined> {
  for (let at = 0; isWholeBatch(bytes, at);) {
    const batch = decodeAt(bytes, at, options)
    yield batch
    at += batch.size
  }
}

function decodeAt(bytes: Uint8Array, at: number, options: RecordBatchDecodeOptions): DecodedRecordBatch {
  const { attributes, lastOffsetDelta, ...header } = readBatchHeader(bytes, at)
  checkCrc(bytes.subarray(at, at + header.size), header.crc, at)
  const facts = {
    compression: compressionIn(attributes, at + CRC_START),
    timestampType: (attributes & LOG_APPEND_TIME) === 0 ? ('create' as const) : ('append' as const),
    transactional: (attributes & TRANSACTIONAL) !== 0,
    control: (attributes & CONTROL) !== 0,
  }
  const { reader, mostElements } = recordsOf(bytes, at, { ...header, ...facts }, limitOf(options))
  const appendTime = facts.timestampType === 'append' ? header.maxTimestamp : undefined
  const records = decodeRecords(reader, { ...header, appendTime, mostElements })
  return {
    ...header,
    ...facts,
    lastOffset: header.baseOffset + BigInt(lastOffsetDelta),
    deleteHorizon: (attributes & DELETE_HORIZON) === 0 ? undefined : header.baseTimestamp,
    records: facts.control ? records.map(withMarker) : records,
  }
}

function withMarker(record: RecordInBatch): DecodedRecord {
  const marker = controlMarkerOf(record.key, record.value)
  return marker === undefined ? record : { ...record, marker }
}

type CompressedFacts = Pick<DecodedRecordBatch, 'size' | 'recordCount' | 'compression'>

/** The bytes of the records. Positions in errors about compressed records count in what was decompressed. */
function recordsOf(bytes: Uint8Array, at: number, { size, recordCount, compression }: CompressedFacts, maxBytes: number): RecordsSource {
  const [from, to] = [at + HEADER_SIZE, at + size]
  const isEmpty = from === to && recordCount === 0
  if (compression === 'none' || isEmpty) {
    const reader = new Reader(bytes.subarray(0, to))
    reader.position = from
    return { reader, mostElements: Infinity }
  }
  const records = decompress(compression, bytes.subarray(from, to), { maxBytes, position: from })
  return { reader: new Reader(records), mostElements: maxBytes / BYTES_PER_ELEMENT }
}

interface RecordsSource {
  readonly reader: Reader
  readonly mostElements: number
}

function compressionIn(attributes: number, position: number): CompressionType {
  const id = attributes & COMPRESSION_MASK
  const type = compressionTypeOf(id)
  if (type === undefined) throw new ProtocolError(`The record batch is compressed with codec ${String(id)}, which is not known`, position)
  return type
}

function limitOf({ maxDecompressedBytes = MAX_DECOMPRESSED_BYTES }: RecordBatchDecodeOptions): number {
  if (maxDecompressedBytes >= 1) return Math.floor(maxDecompressedBytes)
  throw new ConfigError([`maxDecompressedBytes: ${String(maxDecompressedBytes)} is no number of bytes`])
}

function checkCrc(batch: Uint8Array, claimed: number, at: number): void {
  const computed = crc32c(batch.subarray(CRC_START))
  if (computed === claimed) return
  const [ours, theirs] = [computed.toString(16), claimed.toString(16)]
  throw new ProtocolError(`The record batch is corrupt: CRC ${ours} computed, ${theirs} claimed`, at + CRC_START - 4)
}
