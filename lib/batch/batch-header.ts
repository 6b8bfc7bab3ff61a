/** The 61 bytes before the records of a batch, format v2 (KIP-98). Offsets into them are Kafka's. */
import { ProtocolError } from '../errors'
import { putInt32 } from '../wire/int32'

export const HEADER_SIZE = 61
/** The length field counts the bytes after it. */
export const LENGTH_END = 12
/** The CRC covers everything from the attributes to the end. */
export const CRC_START = 21

/** The bits of the attributes that hold the codec's number. */
export const COMPRESSION_MASK = 0x07

const MAGIC = 2
const AT = {
  baseOffset: 0,
  length: 8,
  partitionLeaderEpoch: 12,
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

export interface BatchHeader {
  readonly baseOffset: bigint
  /** Bytes of the whole batch, header included. */
  readonly size: number
  readonly partitionLeaderEpoch: number
  readonly crc: number
  readonly attributes: number
  readonly lastOffsetDelta: number
  /** Milliseconds since 1970; −1 when the first record has none. */
  readonly baseTimestamp: number
  readonly maxTimestamp: number
  /** −1: not idempotent. */
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly recordCount: number
}

/** All of the header but the CRC, which needs the rest of the batch in place. */
export function writeBatchHeader(into: Uint8Array, header: Omit<BatchHeader, 'crc'>): void {
  const view = new DataView(into.buffer, into.byteOffset, HEADER_SIZE)
  view.setBigInt64(AT.baseOffset, header.baseOffset)
  view.setInt32(AT.length, header.size - LENGTH_END)
  view.setInt32(AT.partitionLeaderEpoch, header.partitionLeaderEpoch)
  view.setInt8(AT.magic, MAGIC)
  view.setInt16(AT.attributes, header.attributes)
  view.setInt32(AT.lastOffsetDelta, header.lastOffsetDelta)
  view.setBigInt64(AT.baseTimestamp, BigInt(header.baseTimestamp))
  view.setBigInt64(AT.maxTimestamp, BigInt(header.maxTimestamp))
  view.setBigInt64(AT.producerId, header.producerId)
  view.setInt16(AT.producerEpoch, header.producerEpoch)
  view.setInt32(AT.baseSequence, header.baseSequence)
  view.setInt32(AT.recordCount, header.recordCount)
}

/** Who writes the batch, and as which in its row: the broker takes each number once and in order (KIP-98). */
export interface ProducerNumber {
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly baseSequence: number
}

/** The CRC is then to be written anew. */
export function writeProducerNumber(into: Uint8Array, { producerId, producerEpoch, baseSequence }: ProducerNumber): void {
  const view = new DataView(into.buffer, into.byteOffset, HEADER_SIZE)
  view.setBigInt64(AT.producerId, producerId)
  view.setInt16(AT.producerEpoch, producerEpoch)
  view.setInt32(AT.baseSequence, baseSequence)
}

/**
 * Says that the records are compressed with the codec of this number, which makes the batch `size` bytes long. The CRC is then to be
 * written anew.
 */
export function writeBatchCompression(into: Uint8Array, codecId: number, size: number): void {
  const view = new DataView(into.buffer, into.byteOffset, HEADER_SIZE)
  view.setInt32(AT.length, size - LENGTH_END)
  view.setInt16(AT.attributes, (view.getInt16(AT.attributes) & ~COMPRESSION_MASK) | codecId)
}

export function writeBatchCrc(into: Uint8Array, crc: number): void {
  putInt32(into, AT.crc, crc)
}

/** Whether all of the batch at `at` is there, by what it says of its length. */
export function isWholeBatch(bytes: Uint8Array, at: number): boolean {
  const left = bytes.length - at
  if (left < LENGTH_END) return false
  return new DataView(bytes.buffer, bytes.byteOffset + at, LENGTH_END).getInt32(AT.length) <= left - LENGTH_END
}

/** Reads the header at `at`; refuses what is cut short or of another format. */
export function readBatchHeader(bytes: Uint8Array, at: number): BatchHeader {
  if (bytes.length - at < HEADER_SIZE) throw new ProtocolError('A record batch is cut off within its header', at)
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, HEADER_SIZE)
  const magic = view.getInt8(AT.magic)
  if (magic !== MAGIC) throw new ProtocolError(`Record batches of format ${String(magic)} are not supported, only format 2`, at + AT.magic)
  const size = view.getInt32(AT.length) + LENGTH_END
  if (size < HEADER_SIZE || size > bytes.length - at) {
    throw new ProtocolError(`A record batch claims ${String(size)} bytes where ${String(bytes.length - at)} are left`, at + AT.length)
  }
  return {
    baseOffset: view.getBigInt64(AT.baseOffset),
    size,
    partitionLeaderEpoch: view.getInt32(AT.partitionLeaderEpoch),
    crc: view.getUint32(AT.crc),
    attributes: view.getInt16(AT.attributes),
    lastOffsetDelta: view.getInt32(AT.lastOffsetDelta),
    baseTimestamp: timestamp(view.getBigInt64(AT.baseTimestamp), at + AT.baseTimestamp),
    maxTimestamp: timestamp(view.getBigInt64(AT.maxTimestamp), at + AT.maxTimestamp),
    producerId: view.getBigInt64(AT.producerId),
    producerEpoch: view.getInt16(AT.producerEpoch),
    baseSequence: view.getInt32(AT.baseSequence),
    recordCount: view.getInt32(AT.recordCount),
  }
}

function timestamp(value: bigint, position: number): number {
  const milliseconds = Number(value)
  if (!Number.isSafeInteger(milliseconds)) throw new ProtocolError(`The timestamp ${String(value)} is beyond what a number holds`, position)
  return milliseconds
}
