/** What a caller hands to `recordBatch.encode`: refused where it does not fit, and never cut off. */
import { ProtocolError } from '../errors'
import type { Header } from '../record'
import type { Compression } from './compression/compression'

/** A record as `recordBatch.encode` takes it. */
export interface RecordBatchRecord {
  /** Milliseconds since 1970; −1 for none. */
  readonly timestamp: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers?: readonly Header[]
}

/** What `recordBatch.encode` takes: records, and the fields of their batch that are not at their default. */
export interface RecordBatchInput {
  readonly records: readonly RecordBatchRecord[]
  /** Default none. snappy, lz4, and zstd before Node 22.15 need an optional package; the error names it. */
  readonly compression?: Compression
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
  /** The records are markers, such as only brokers write; default false. */
  readonly control?: boolean
  /** `append`: the latest timestamp counts for all records, as if a broker had stamped them. Default `create`. */
  readonly timestampType?: TimestampType
}

/** Who stamped the records: the producer, or the broker on append. */
export type TimestampType = 'create' | 'append'

const NUMBERS = {
  partitionLeaderEpoch: 2 ** 31,
  producerEpoch: 2 ** 15,
  baseSequence: 2 ** 31,
} as const

const LONGS = ['baseOffset', 'producerId'] as const
const INT64 = 2n ** 63n

export function checkBatchInput(input: RecordBatchInput): void {
  if (input.records.length === 0) throw new ProtocolError('A record batch has at least one record')
  for (const [name, limit] of Object.entries(NUMBERS)) {
    const value = input[name as keyof typeof NUMBERS]
    if (value !== undefined && !(Number.isInteger(value) && value >= -limit && value < limit)) refuse(name, value)
  }
  for (const name of LONGS) {
    const value = input[name]
    if (value !== undefined && !(typeof value === 'bigint' && value >= -INT64 && value < INT64)) refuse(name, value)
  }
  input.records.forEach(checkRecord)
}

function checkRecord({ timestamp, key, value, headers = [] }: RecordBatchRecord, index: number): void {
  const where = (field: string): string => `${field} of record ${String(index)}`
  if (!(Number.isSafeInteger(timestamp) && timestamp >= -1)) refuse(where('timestamp'), timestamp)
  checkBytes(where('key'), key)
  checkBytes(where('value'), value)
  for (const header of headers) {
    if (typeof header.key !== 'string') refuse(where('a header key'), header.key)
    checkBytes(where(`header ${header.key}`), header.value)
  }
}

function checkBytes(what: string, value: unknown): void {
  if (value !== null && !(value instanceof Uint8Array)) refuse(what, typeof value)
}

function refuse(what: string, value: unknown): never {
  throw new ProtocolError(`A record batch cannot hold ${String(value)} as ${what}`)
}
