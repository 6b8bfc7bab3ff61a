/** What a topic asks of a batch before a client may append it, and which error says that it is otherwise. */
import { COMPRESSION_MASK, CRC_START, HEADER_SIZE } from '../../../batch/batch-header'
import type { BatchHeader } from '../../../batch/batch-header'
import type { TimestampType } from '../../../batch/batch-input'
import { compressionTypeOf } from '../../../batch/compression/compression'
import type { Compression } from '../../../batch/compression/compression'
import { ErrorCode } from '../../../generated/error-codes'
import { crc32c } from '../../../wire/crc32c'
import { isControl, timestampTypeOf } from './batch-stamp'
import type { RecordsFound } from './record-walk'
import { NO_SEQUENCE } from './sequences'

/** What a topic is set to, as far as batches go. Times are milliseconds since 1970, sizes bytes. */
export interface BatchRules {
  /** max.message.bytes */
  readonly maxMessageBytes: number
  /** segment.bytes */
  readonly segmentBytes: number
  /** message.timestamp.type */
  readonly timestampType: TimestampType
  readonly now: number
  /** Before this, message.timestamp.before.max.ms is over. */
  readonly oldest: number
  /** The end of message.timestamp.after.max.ms. */
  readonly latest: number
  /** cleanup.policy: records without a key could never be replaced. */
  readonly compacted: boolean
  /** compression.type; undefined: what the producer chose. */
  readonly compression: Compression | undefined
}

export interface RecordError {
  readonly batchIndex: number
  readonly batchIndexErrorMessage: string
}

interface Rule<T> {
  readonly errorCode: number
  breaks(it: T): boolean
}

/** A batch of format v2, whole by its length, and what applies to it. */
interface BatchCase {
  readonly batch: Uint8Array
  readonly rules: BatchRules
}

const CRC_AT = 17
const NO_PRODUCER = -1n

const viewOf = ({ batch }: BatchCase): DataView => new DataView(batch.buffer, batch.byteOffset, HEADER_SIZE)

/** Before the header is read. */
const BYTE_RULES: readonly Rule<BatchCase>[] = [
  { errorCode: ErrorCode.CORRUPT_MESSAGE, breaks: ({ batch }) => batch.length < HEADER_SIZE },
  { errorCode: ErrorCode.INVALID_RECORD, breaks: (each) => viewOf(each).getBigInt64(0) !== 0n },
  { errorCode: ErrorCode.MESSAGE_TOO_LARGE, breaks: ({ batch, rules }) => batch.length > rules.maxMessageBytes },
  { errorCode: ErrorCode.CORRUPT_MESSAGE, breaks: (each) => viewOf(each).getUint32(CRC_AT) !== crc32c(each.batch.subarray(CRC_START)) },
]

const HEADER_RULES: readonly Rule<BatchHeader>[] = [
  {
    // Nothing in Kafka expects it, and so it is nobody's fault but the server's.
    errorCode: ErrorCode.UNKNOWN_SERVER_ERROR,
    breaks: ({ attributes }) => compressionTypeOf(attributes & COMPRESSION_MASK) === undefined,
  },
  { errorCode: ErrorCode.INVALID_RECORD, breaks: ({ recordCount }) => recordCount <= 0 },
  { errorCode: ErrorCode.INVALID_RECORD, breaks: ({ lastOffsetDelta, recordCount }) => lastOffsetDelta + 1 !== recordCount },
  // Only brokers write control records.
  { errorCode: ErrorCode.INVALID_RECORD, breaks: isControl },
  {
    errorCode: ErrorCode.INVALID_RECORD,
    breaks: ({ producerId, baseSequence }) => producerId > NO_PRODUCER && baseSequence <= NO_SEQUENCE,
  },
]

/** What is said of a single record (KIP-467). */
interface RecordRule {
  readonly errorCode: number
  readonly message: string
  broken(found: RecordsFound, each: HeaderCase): readonly number[]
}

interface HeaderCase {
  readonly header: BatchHeader
  readonly rules: BatchRules
}

const RECORD_RULES: readonly RecordRule[] = [
  {
    errorCode: ErrorCode.INVALID_RECORD,
    message: 'The topic is compacted, and this record has no key',
    broken: ({ withoutKey }, { rules }) => (rules.compacted ? withoutKey : []),
  },
  {
    errorCode: ErrorCode.INVALID_TIMESTAMP,
    message: 'The timestamp of this record is too far in the past or in the future for the topic',
    broken: ({ outOfTime }, { rules }) => (rules.timestampType === 'create' ? outOfTime : []),
  },
  {
    errorCode: ErrorCode.INVALID_TIMESTAMP,
    message: 'Only the broker says that a timestamp is the time of the append',
    broken: ({ count }, { header, rules }) =>
      rules.timestampType === 'append' && timestampTypeOf(header) === 'append' ? Array.from({ length: count }, (_, i) => i) : [],
  },
]

/** The error of the first rule that the bytes break; 0 for none. The order is Kafka's. */
export const bytesError = (each: BatchCase): number => BYTE_RULES.find(({ breaks }) => breaks(each))?.errorCode ?? ErrorCode.NONE

export const headerError = (header: BatchHeader): number => HEADER_RULES.find(({ breaks }) => breaks(header))?.errorCode ?? ErrorCode.NONE

export interface RecordErrors {
  readonly errorCode: number
  readonly recordErrors: readonly RecordError[]
}

/** Each record with the first rule that it breaks, in order; undefined when all of them may pass. */
export function recordErrorsOf(found: RecordsFound, each: HeaderCase): RecordErrors | undefined {
  const byIndex = new Map<number, RecordRule>()
  for (const rule of RECORD_RULES) for (const index of rule.broken(found, each)) if (!byIndex.has(index)) byIndex.set(index, rule)
  if (byIndex.size === 0) return undefined
  const isMisdated = [...byIndex.values()].some(({ errorCode }) => errorCode === ErrorCode.INVALID_TIMESTAMP)
  return {
    errorCode: isMisdated ? ErrorCode.INVALID_TIMESTAMP : ErrorCode.INVALID_RECORD,
    recordErrors: [...byIndex]
      .sort(([a], [b]) => a - b)
      .map(([batchIndex, { message }]) => ({ batchIndex, batchIndexErrorMessage: message })),
  }
}
