import { ProtocolError } from '../errors'
import { utf8Text } from './utf8'
import { UUID_BYTES, uuidToText } from './uuid'
import { zigZagBack } from './varint'

/** What Kafka's own readers take at most. */
export const MAX_ARRAY_LENGTH = 1_000_000
export const MAX_TAGS = 10_000
export const MAX_STRING_BYTES = 0x7fff

/** Elements that an array is made for before they are read: 8 KiB. */
const MOST_AT_ONCE = 1024

/** A tagged field that this version of the schema does not know; kept so that it can be written again. */
export interface TaggedField {
  readonly tag: number
  readonly data: Uint8Array
}

/** Shared, so that nothing is allocated where nothing is set. */
export const NO_TAGGED_FIELDS: readonly TaggedField[] = Object.freeze([])

/**
 * Reads Kafka's primitive types from bytes, front to back. No length is believed: each is compared with the bytes that are left before
 * anything is allocated for it. Bytes and records come out as views of the input, not as copies.
 * Lengths are decoded as Kafka does it: any negative one means null.
 */
export class Reader {
  position = 0
  readonly source: Uint8Array
  private readonly end: number
  private readonly view: DataView

  constructor(source: Uint8Array) {
    this.source = plain(source)
    this.end = source.length
    this.view = new DataView(source.buffer, source.byteOffset, source.byteLength)
  }

  get remaining(): number {
    return this.end - this.position
  }

  boolean(): boolean {
    return this.view.getUint8(this.take(1)) !== 0
  }

  int8(): number {
    return this.view.getInt8(this.take(1))
  }

  uint8(): number {
    return this.view.getUint8(this.take(1))
  }

  int16(): number {
    return this.view.getInt16(this.take(2))
  }

  uint16(): number {
    return this.view.getUint16(this.take(2))
  }

  int32(): number {
    return this.view.getInt32(this.take(4))
  }

  uint32(): number {
    return this.view.getUint32(this.take(4))
  }

  int64(): bigint {
    return this.view.getBigInt64(this.take(8))
  }

  float64(): number {
    return this.view.getFloat64(this.take(8))
  }

  uuid(): string {
    return uuidToText(this.source, this.take(UUID_BYTES))
  }

  /** As Java reads it: 32 bits, signed. A claimed length beyond 2^31 so becomes negative and never a size to allocate. */
  unsignedVarint(): number {
    const start = this.position
    // Nearly always one byte: most lengths, counts and tag sections are.
    const first = start < this.end ? (this.source[start] ?? 0x80) : 0x80
    if (first < 0x80) {
      this.position = start + 1
      return first
    }
    let value = 0
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.uint8()
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    const last = this.uint8()
    if (last > 0x0f) throw new ProtocolError('A varint is longer than 32 bits', start)
    return value | (last << 28)
  }

  varint(): number {
    return zigZagBack(this.unsignedVarint())
  }

  varlong(): bigint {
    const start = this.position
    let value = 0n
    for (let shift = 0n; shift < 63n; shift += 7n) {
      const byte = this.uint8()
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return unZigZagLong(value)
    }
    const last = this.uint8()
    if (last > 1) throw new ProtocolError('A varlong is longer than 64 bits', start)
    return unZigZagLong(value | (BigInt(last) << 63n))
  }

  /** A varlong as a number, without a bigint where it is short: what lies beyond 2^53 loses digits, and the caller has to look. */
  varlongNumber(): number {
    const start = this.position
    let value = 0
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.uint8()
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return zigZagBack(value)
    }
    this.position = start
    return Number(this.varlong())
  }

  string(): string | null {
    return this.text(this.int16())
  }

  compactString(): string | null {
    return this.text(this.unsignedVarint() - 1)
  }

  /** Also for records: on the wire they are bytes. */
  bytes(): Uint8Array | null {
    return this.slice(this.int32())
  }

  compactBytes(): Uint8Array | null {
    return this.slice(this.unsignedVarint() - 1)
  }

  /** −1 for null. The smallest element is one byte, so that a count beyond the bytes left is a lie. */
  arrayLength(): number {
    return this.count(this.int32(), MAX_ARRAY_LENGTH, 'An array')
  }

  compactArrayLength(): number {
    return this.count(this.unsignedVarint() - 1, MAX_ARRAY_LENGTH, 'An array')
  }

  /**
   * An array for `length` elements, which are put in by index. Made at its size a short one takes a third of the memory that it takes by
   * growing; a long one grows, so that nothing is allocated for elements that are not there.
   */
  elements<T>(length: number): T[] {
    return length > 0 && length <= MOST_AT_ONCE ? new Array<T>(length) : []
  }

  /** The marker in front of a nullable struct: any negative byte means null. */
  structIsNull(): boolean {
    return this.int8() < 0
  }

  /** The marker of a nullable struct in a tag section, which is a varint there. */
  taggedStructIsNull(): boolean {
    return this.unsignedVarint() <= 0
  }

  tagCount(): number {
    const start = this.position
    const count = this.unsignedVarint()
    if (count < 0) throw new ProtocolError(`A tag section claims ${String(count >>> 0)} fields`, start)
    return this.count(count, MAX_TAGS, 'A tag section')
  }

  /** Tags ascend, and none comes twice. Java reads on where they do not; what is written so is no Kafka's. */
  tagAfter(previous: number): number {
    const start = this.position
    const tag = this.unsignedVarint()
    if (tag <= previous) throw new ProtocolError(`Tag ${String(tag >>> 0)} does not ascend`, start)
    return tag
  }

  /** The position where the payload of a tagged field ends. */
  tagEnd(): number {
    const start = this.position
    const size = this.unsignedVarint()
    if (size < 0 || size > this.remaining) throw new ProtocolError(`A tagged field claims ${String(size >>> 0)} bytes`, start)
    return this.position + size
  }

  /** Java ignores the size of a tag that it knows; one that does not match its payload is a corrupt message all the same. */
  endTag(end: number): void {
    if (this.position === end) return
    throw new ProtocolError(`A tagged field says that it ends at byte ${String(end)} and does not`, this.position)
  }

  unknownTaggedField(tag: number, end: number): TaggedField {
    return { tag, data: this.source.subarray(this.take(end - this.position), end) }
  }

  /** The tag section of a struct that knows no tags. */
  unknownTaggedFields(): readonly TaggedField[] {
    const count = this.tagCount()
    if (count === 0) return NO_TAGGED_FIELDS
    const fields: TaggedField[] = []
    for (let tag = -1; fields.length < count;) {
      tag = this.tagAfter(tag)
      fields.push(this.unknownTaggedField(tag, this.tagEnd()))
    }
    return fields
  }

  finish(message: string): void {
    if (this.remaining > 0) throw new ProtocolError(`${String(this.remaining)} bytes are left over after ${message}`, this.position)
  }

  /** The position of the next `size` bytes, and past them. */
  private take(size: number): number {
    const start = this.position
    if (size > this.end - start) throw new ProtocolError(`${String(size)} bytes wanted, ${String(this.end - start)} left`, start)
    this.position = start + size
    return start
  }

  private text(length: number): string | null {
    if (length < 0) return null
    if (length > MAX_STRING_BYTES) throw new ProtocolError(`A string claims ${String(length)} bytes`, this.position)
    const start = this.take(length)
    return utf8Text(this.source, start, start + length)
  }

  private slice(length: number): Uint8Array | null {
    if (length < 0) return null
    const start = this.take(length)
    return this.source.subarray(start, start + length)
  }

  private count(count: number, most: number, what: string): number {
    if (count < 0) return -1
    if (count > this.remaining || count > most) throw new ProtocolError(`${what} claims ${String(count)} elements`, this.position)
    return count
  }
}

/** Not a Buffer: what is read would be Buffers too, whose `slice` and `toString` mean something else. */
function plain(bytes: Uint8Array): Uint8Array {
  return bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function unZigZagLong(value: bigint): bigint {
  return BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n))
}
