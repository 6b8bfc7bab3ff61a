/**
 * Looks at a batch of a client from its first byte to its last: may it go into the log of a topic, and as what?
 *
 * - Stricter than Apache Kafka: records whose base timestamp is beyond 2^53 are refused even where nobody looks at it
 *   (INVALID_TIMESTAMP). What a codec does with damaged bytes is up to its library.
 * - Laxer: when the package of a codec (snappy, lz4, and zstd before Node 22.15) is not installed, the records are not looked into, and
 *   a topic that wants another compression (`compression.type`) gets the one they came in.
 */
import { COMPRESSION_MASK, HEADER_SIZE, readBatchHeader } from '../../../batch/batch-header'
import type { BatchHeader } from '../../../batch/batch-header'
import { compressionTypeOf, decompress } from '../../../batch/compression/compression'
import type { Compression, CompressionType } from '../../../batch/compression/compression'
import { recordBatch } from '../../../batch/record-batch'
import { CompressionCodecMissingError, ProtocolError } from '../../../errors'
import { ErrorCode } from '../../../generated/error-codes'
import { bytesError, headerError, recordErrorsOf } from './batch-rules'
import type { BatchRules, RecordError } from './batch-rules'
import { takeTimes, timestampTypeOf } from './batch-stamp'
import type { BatchTime } from './batch-stamp'
import { MalformedRecords, walkRecords } from './record-walk'
import type { RecordsFound } from './record-walk'

/** What goes into the log, and the time that it is to carry there. */
export interface AcceptedBatch {
  readonly type: 'accepted'
  readonly bytes: Uint8Array
  readonly time: BatchTime
}

export interface RefusedBatch {
  readonly type: 'refused'
  readonly errorCode: number
  /** Null where Kafka tells the client nothing either. */
  readonly errorMessage: string | null
  readonly recordErrors: readonly RecordError[]
}

/** How many bytes the records of a compressed batch may have; Kafka has no limit of its own. */
const MOST_RECORD_BYTES = 1024 * 1024 * 1024

/** `batch` is one whole batch of format v2 by its length. It is copied only when the topic wants another compression. */
export function judgeBatch(batch: Uint8Array, rules: BatchRules): AcceptedBatch | RefusedBatch {
  const error = bytesError({ batch, rules })
  if (error !== ErrorCode.NONE) return refused(error)
  const header = headerOf(batch)
  const fault = headerError(header)
  return fault === ErrorCode.NONE ? judgeRecords(batch, header, rules) : refused(fault)
}

const refused = (errorCode: number): RefusedBatch => ({ type: 'refused', errorCode, errorMessage: null, recordErrors: [] })

/** Timestamps beyond 2^53 lose digits: they are out of any time, and nothing comes to lie in a log with them. */
function headerOf(batch: Uint8Array): BatchHeader {
  try {
    return readBatchHeader(batch, 0)
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    const copy = Uint8Array.from(batch)
    const times = takeTimes(copy)
    return { ...readBatchHeader(copy, 0), ...times }
  }
}

function judgeRecords(batch: Uint8Array, header: BatchHeader, rules: BatchRules): AcceptedBatch | RefusedBatch {
  const found = recordsOf(batch, header, rules)
  if (found === 'unseen') return acceptedUnseen(batch, header, rules)
  if (typeof found === 'number') return refused(found)
  const errors = recordErrorsOf(found, { header, rules })
  if (errors !== undefined) return { type: 'refused', errorMessage: rejected(errors.recordErrors.length), ...errors }
  if (!Number.isSafeInteger(header.baseTimestamp)) return refused(ErrorCode.INVALID_TIMESTAMP)
  const compression = compressionFor(header, found, rules)
  const bytes = compression === undefined ? batch : recompressed(batch, compression)
  return bytes === undefined ? refused(ErrorCode.UNKNOWN_SERVER_ERROR) : accepted(bytes, found.maxTimestamp, rules)
}

const rejected = (count: number): string => `The batch was not appended: ${String(count)} of its records break the rules of the topic`

function accepted(bytes: Uint8Array, latest: number, { timestampType, now, maxMessageBytes, segmentBytes }: BatchRules) {
  if (bytes.length > maxMessageBytes) return refused(ErrorCode.MESSAGE_TOO_LARGE)
  if (bytes.length > segmentBytes) return refused(ErrorCode.RECORD_LIST_TOO_LARGE)
  const time: BatchTime = { type: timestampType, maxTimestamp: timestampType === 'append' ? now : latest }
  return { type: 'accepted' as const, bytes, time }
}

/** Nobody knows better than its header. */
const acceptedUnseen = (batch: Uint8Array, { baseTimestamp, maxTimestamp }: BatchHeader, rules: BatchRules) =>
  [baseTimestamp, maxTimestamp].every(Number.isSafeInteger) ? accepted(batch, maxTimestamp, rules) : refused(ErrorCode.INVALID_TIMESTAMP)

/** What is in the batch, or the error that says that it cannot be read. */
function recordsOf(batch: Uint8Array, header: BatchHeader, rules: BatchRules): RecordsFound | 'unseen' | number {
  const { recordCount: count, baseTimestamp, maxTimestamp } = header
  const { oldest, latest } = rules
  const appendTime = timestampTypeOf(header) === 'append' ? maxTimestamp : undefined
  const type = sourceOf(header)
  try {
    const bytes = decompress(type, batch.subarray(HEADER_SIZE), { maxBytes: MOST_RECORD_BYTES, position: HEADER_SIZE })
    return walkRecords(bytes, { count, baseTimestamp, appendTime, oldest, latest })
  } catch (error) {
    if (error instanceof MalformedRecords) return error.errorCode
    if (error instanceof CompressionCodecMissingError) return 'unseen'
    // Kafka does not expect that a codec fails, and says no more than that something went wrong.
    if (error instanceof ProtocolError) return ErrorCode.UNKNOWN_SERVER_ERROR
    throw error
  }
}

const sourceOf = ({ attributes }: BatchHeader): CompressionType => compressionTypeOf(attributes & COMPRESSION_MASK) ?? 'none'

/** In which compression the batch has to be written anew; undefined: it stays as it is. Some old clients count records within a compressed batch wrongly. */
function compressionFor(header: BatchHeader, { isConsecutive }: RecordsFound, { compression }: BatchRules): Compression | undefined {
  const source = sourceOf(header)
  if (compression !== undefined && typeOf(compression) !== source) return compression
  return source === 'none' || isConsecutive ? undefined : (compression ?? source)
}

const typeOf = (compression: Compression): CompressionType => (typeof compression === 'string' ? compression : compression.type)

/** Undefined for records that nobody can write, which Kafka does not expect either: their time is before 1970. */
function recompressed(batch: Uint8Array, compression: Compression): Uint8Array | undefined {
  try {
    const { records, producerId, producerEpoch, baseSequence, transactional } = recordBatch.decode(batch)
    return recordBatch.encode({ records, compression, producerId, producerEpoch, baseSequence, transactional })
  } catch (error) {
    if (error instanceof CompressionCodecMissingError) return batch
    if (error instanceof ProtocolError) return undefined
    throw error
  }
}
