/**
 * Walks through the records of a batch, format v2, without making an object of any of them: what a broker looks at before it takes a
 * batch. A million small records a second go through here.
 *
 * Stricter than Apache Kafka: the length of a compressed record and the number of its headers are checked, where Kafka skips over them.
 */
import { ErrorCode } from '../../../generated/error-codes'
import { zigZagBack } from '../../../wire/varint'

export interface RecordsExpected {
  readonly count: number
  readonly baseTimestamp: number
  /** What counts for all records, instead of their own. */
  readonly appendTime: number | undefined
  /** A record outside of these is out of date, or comes from the future; one without a timestamp (−1) is not looked at. */
  readonly oldest: number
  readonly latest: number
}

/** Indices of records that are not as a topic may ask for, and what is true of all. */
export interface RecordsFound {
  readonly maxTimestamp: number
  /** Their offsets are 0, 1, 2 … */
  readonly isConsecutive: boolean
  readonly count: number
  readonly withoutKey: readonly number[]
  readonly outOfTime: readonly number[]
}

/** The bytes are not so many records. */
export class MalformedRecords extends Error {
  constructor(
    message: string,
    readonly errorCode: number = ErrorCode.INVALID_RECORD,
  ) {
    super(message)
  }
}

const NO_TIMESTAMP = -1

/** All of `bytes` are records. Throws MalformedRecords. */
export function walkRecords(bytes: Uint8Array, expected: RecordsExpected): RecordsFound {
  const { count, baseTimestamp, appendTime, oldest, latest } = expected
  const walker = new RecordWalker(bytes)
  const withoutKey: number[] = []
  const outOfTime: number[] = []
  let maxTimestamp = NO_TIMESTAMP
  let isConsecutive = true
  for (let i = 0; i < count; i++) {
    walker.next()
    const timestamp = appendTime ?? baseTimestamp + walker.timestampDelta
    if (timestamp > maxTimestamp) maxTimestamp = timestamp
    if ((timestamp < oldest || timestamp > latest) && timestamp !== NO_TIMESTAMP) outOfTime.push(i)
    if (walker.offsetDelta !== i) isConsecutive = false
    if (walker.keyLength < 0) withoutKey.push(i)
  }
  if (walker.position !== bytes.length) throw new MalformedRecords('there is more than the records that the batch counts')
  return { maxTimestamp, isConsecutive, count, withoutKey, outOfTime }
}

/** One record at a time, as numbers. */
class RecordWalker {
  timestampDelta = 0
  offsetDelta = 0
  keyLength = 0
  position = 0

  constructor(private readonly bytes: Uint8Array) {}

  next(): void {
    const end = this.#recordEnd()
    this.#byte()
    this.timestampDelta = this.#varlong()
    this.offsetDelta = this.#varint()
    this.keyLength = this.#varint()
    if (this.keyLength > 0) this.#skip(this.keyLength)
    const valueLength = this.#varint()
    if (valueLength > 0) this.#skip(valueLength)
    const headers = this.#varint()
    if (headers !== 0) this.#headers(headers)
    if (this.position !== end) throw new MalformedRecords('a record does not end where its length says')
  }

  #recordEnd(): number {
    const length = this.#varint(ErrorCode.UNKNOWN_SERVER_ERROR)
    const end = this.position + length
    if (end > this.bytes.length) throw new MalformedRecords('a record is longer than what is left of its batch')
    return end
  }

  #headers(count: number): void {
    if (count < 0 || count > this.bytes.length - this.position) throw new MalformedRecords('a record claims headers that it cannot have')
    for (let i = 0; i < count; i++) {
      const keyLength = this.#varint()
      if (keyLength < 0) throw new MalformedRecords('the key of a header is null')
      this.#skip(keyLength)
      const valueLength = this.#varint()
      if (valueLength > 0) this.#skip(valueLength)
    }
  }

  #byte(): number {
    const byte = this.bytes[this.position++]
    if (byte === undefined) throw new MalformedRecords('the batch ends within a record')
    return byte
  }

  #skip(length: number): void {
    this.position += length
    if (this.position > this.bytes.length) throw new MalformedRecords('a key, a value or a header is longer than what is left of its batch')
  }

  /** A length that takes more than 32 bits is, as the first word of a record, something that Kafka does not expect at all. */
  #varint(tooLong: number = ErrorCode.INVALID_RECORD): number {
    const first = this.#byte()
    if (first < 0x80) return zigZagBack(first)
    let value = first & 0x7f
    for (let shift = 7; shift < 35; shift += 7) {
      const byte = this.#byte()
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return zigZagBack(value)
    }
    throw new MalformedRecords('a number is longer than 32 bits', tooLong)
  }

  /** As a number: what lies beyond 2^53 loses digits, and is out of any time. */
  #varlong(): number {
    const start = this.position
    let value = 0
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#byte()
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return zigZagBack(value)
    }
    this.position = start
    return this.#longVarlong()
  }

  #longVarlong(): number {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#byte()
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return Number(BigInt.asIntN(64, (BigInt.asUintN(64, value) >> 1n) ^ -(value & 1n)))
    }
    throw new MalformedRecords('a number is longer than 64 bits')
  }
}
