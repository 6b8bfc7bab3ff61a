import { ProtocolError } from '../errors'
import { MAX_STRING_BYTES, type TaggedField } from './reader'
import { writeUtf8 } from './utf8'
import { UUID_BYTES, writeUuid } from './uuid'
import { MAX_VARINT_BYTES, MAX_VARLONG_BYTES, sizeOfUnsignedVarint, writeUnsignedVarint, writeVarint, writeVarlong } from './varint'

/** Record bytes: whole, or in the pieces that a batch is made of, which are written one after another. */
export type Pieces = Uint8Array | readonly Uint8Array[]

/** Room for the request header and a Produce request's frame around a few batches. */
export const INITIAL_CAPACITY = 512
/** From here on a reference in the gather write costs less than a copy. */
const SPLICE_FROM = 1024

/** Kafka's own writer takes the greatest number for the end of the tags, and writes none from it on. */
const GREATEST_TAG = 0x7fffffff

const viewOf = ({ buffer, byteOffset, length }: Uint8Array): DataView => new DataView(buffer, byteOffset, length)

/**
 * Writes Kafka's primitive types, front to back. Byte values that are big, or find no place any more, are taken in by reference and not
 * copied, and must not change meanwhile: `chunks()` gives everything in order, for a gather write; `finish()` gives one array. A value that its fixed-size type cannot
 * hold is refused; varints are 32 bits, and varlongs 64.
 */
export class Writer {
  private buffer: Uint8Array
  private view: DataView
  private position = 0
  /** Where in `buffer` the part begins that is not in `parts` yet. */
  private start = 0
  private readonly parts: Uint8Array[] = []
  private partsSize = 0
  /** How many tagged fields are open: their size is still to be put before them, so that their bytes must stay together. */
  private openTags = 0

  /** `buffer`: where it begins to write; when that is full it takes another. */
  constructor(buffer: Uint8Array = new Uint8Array(INITIAL_CAPACITY)) {
    this.buffer = buffer
    this.view = viewOf(buffer)
  }

  /** How many bytes have been written. */
  get size(): number {
    return this.partsSize + this.position - this.start
  }

  boolean(value: boolean): void {
    if (typeof value !== 'boolean') refuse(value, 'bool')
    const at = this.reserve(1)
    this.view.setUint8(at, value ? 1 : 0)
  }

  int8(value: number): void {
    if ((value << 24) >> 24 !== value) refuse(value, 'int8')
    const at = this.reserve(1)
    this.view.setInt8(at, value)
  }

  int16(value: number): void {
    if ((value << 16) >> 16 !== value) refuse(value, 'int16')
    const at = this.reserve(2)
    this.view.setInt16(at, value)
  }

  uint16(value: number): void {
    if ((value & 0xffff) !== value) refuse(value, 'uint16')
    const at = this.reserve(2)
    this.view.setUint16(at, value)
  }

  int32(value: number): void {
    if ((value | 0) !== value) refuse(value, 'int32')
    const at = this.reserve(4)
    this.view.setInt32(at, value)
  }

  uint32(value: number): void {
    if (value >>> 0 !== value) refuse(value, 'uint32')
    const at = this.reserve(4)
    this.view.setUint32(at, value)
  }

  int64(value: bigint): void {
    if (typeof value !== 'bigint' || BigInt.asIntN(64, value) !== value) refuse(value, 'int64 (a bigint)')
    const at = this.reserve(8)
    this.view.setBigInt64(at, value)
  }

  float64(value: number): void {
    if (typeof value !== 'number') refuse(value, 'float64')
    const at = this.reserve(8)
    this.view.setFloat64(at, value)
  }

  uuid(value: string): void {
    const at = this.reserve(UUID_BYTES)
    writeUuid(this.buffer, at, value)
  }

  unsignedVarint(value: number): void {
    this.reserve(MAX_VARINT_BYTES)
    this.position = writeUnsignedVarint(this.buffer, this.position - MAX_VARINT_BYTES, value)
  }

  varint(value: number): void {
    this.reserve(MAX_VARINT_BYTES)
    this.position = writeVarint(this.buffer, this.position - MAX_VARINT_BYTES, value)
  }

  varlong(value: number | bigint): void {
    this.reserve(MAX_VARLONG_BYTES)
    this.position = writeVarlong(this.buffer, this.position - MAX_VARLONG_BYTES, value)
  }

  string(value: string | null): void {
    if (value === null) return this.int16(-1)
    const start = this.text(value, 2)
    this.view.setInt16(start, this.position - start - 2)
  }

  compactString(value: string | null): void {
    if (value === null) return this.unsignedVarint(0)
    // The bet: as many bytes as characters. Text beyond ASCII may lose it, at the borders of a varint, and is moved.
    const bet = sizeOfUnsignedVarint(value.length + 1)
    const start = this.text(value, bet)
    this.prefix(start, bet, this.position - start - bet + 1)
  }

  bytes(value: Uint8Array | null): void {
    this.records(value)
  }

  compactBytes(value: Uint8Array | null): void {
    this.compactRecords(value)
  }

  records(value: Pieces | null): void {
    if (value === null) return this.int32(-1)
    this.int32(sizeOfPieces(value))
    this.pieces(value)
  }

  compactRecords(value: Pieces | null): void {
    if (value === null) return this.unsignedVarint(0)
    this.unsignedVarint(sizeOfPieces(value) + 1)
    this.pieces(value)
  }

  /** −1 for null. */
  arrayLength(length: number): void {
    this.int32(length)
  }

  compactArrayLength(length: number): void {
    this.unsignedVarint(length + 1)
  }

  /** The marker in front of a nullable struct. */
  structMarker(value: object | null): void {
    this.int8(value === null ? -1 : 1)
  }

  /** The same marker in a tag section, where it is a varint. */
  taggedStructMarker(value: object | null): void {
    this.unsignedVarint(value === null ? 0 : 1)
  }

  /** Opens a tagged field, whose payload is written next; `endTag` takes what this returns. */
  beginTag(tag: number): number {
    this.unsignedVarint(tag)
    // The bet: a payload of less than 128 bytes, whose size is one byte. `endTag` moves it if the bet was wrong.
    const mark = this.reserve(1) - this.start
    this.openTags++
    return mark
  }

  endTag(mark: number): void {
    const at = this.start + mark
    this.prefix(at, 1, this.position - at - 1)
    this.openTags--
  }

  /** The tag section of a struct that knows no tags. */
  tagSection(fields: readonly TaggedField[]): void {
    this.unsignedVarint(fields.length)
    this.unknownTaggedFields(fields, 0)
  }

  /** What the reader did not know, in the order in which it must be: behind the tags that the schema knows, which are 0 to `known` − 1. */
  unknownTaggedFields(fields: readonly TaggedField[], known: number): void {
    let least = known
    for (const { tag, data } of fields) {
      if (!(tag >= least && Number.isInteger(tag) && tag < GREATEST_TAG)) refuseTag(tag, known)
      this.unsignedVarint(tag)
      this.unsignedVarint(data.length)
      this.raw(data)
      least = tag + 1
    }
  }

  /**
   * Bytes as they are, without a length; by reference what is big, or has no place behind what was written: they must not change before
   * all is written out.
   */
  raw(bytes: Uint8Array): void {
    const hasPlace = this.position === this.start || this.position + bytes.length <= this.buffer.length
    if ((bytes.length < SPLICE_FROM && hasPlace) || this.openTags > 0) return this.copy(bytes)
    this.closePart()
    this.parts.push(bytes)
    this.partsSize += bytes.length
  }

  /** Everything written, in order, without copying what was taken in by reference. */
  chunks(): Uint8Array[] {
    this.closePart()
    return this.parts.slice()
  }

  /** Everything written, as one array. */
  finish(): Uint8Array {
    const chunks = this.chunks()
    const [only] = chunks
    if (chunks.length === 1 && only !== undefined) return only
    const whole = new Uint8Array(this.size)
    let position = 0
    for (const chunk of chunks) {
      whole.set(chunk, position)
      position += chunk.length
    }
    return whole
  }

  /** The position of `size` new bytes. To be called in a statement of its own: it may replace `buffer` and `view`. */
  private reserve(size: number): number {
    if (this.position + size > this.buffer.length) this.grow(size)
    const at = this.position
    this.position += size
    return at
  }

  /** What is closed stays where it is: someone may hold it. Only the open part moves. */
  private grow(size: number): void {
    const open = this.buffer.subarray(this.start, this.position)
    const capacity = Math.max(this.buffer.length, open.length + size) * 2
    this.buffer = new Uint8Array(capacity)
    this.view = viewOf(this.buffer)
    this.buffer.set(open)
    this.position = open.length
    this.start = 0
  }

  private copy(bytes: Uint8Array): void {
    const at = this.reserve(bytes.length)
    this.buffer.set(bytes, at)
  }

  private pieces(value: Pieces): void {
    if (isBytes(value)) return this.raw(value)
    for (const piece of value) this.raw(piece)
  }

  private closePart(): void {
    if (this.position === this.start) return
    this.parts.push(this.buffer.subarray(this.start, this.position))
    this.partsSize += this.position - this.start
    this.start = this.position
  }

  /** Writes `value` after a gap for its length, and returns where the gap is. */
  private text(value: string, gap: number): number {
    if (typeof value !== 'string') refuse(value, 'string')
    if (value.length > MAX_STRING_BYTES) refuseLongString(value.length)
    const most = gap + value.length * 3
    const start = this.reserve(most)
    const end = writeUtf8(this.buffer, start + gap, value)
    if (end - start - gap > MAX_STRING_BYTES) refuseLongString(end - start - gap)
    this.position = end
    return start
  }

  /** Puts the varint `value` into the gap at `at`; where it needs more, what follows the gap moves. */
  private prefix(at: number, gap: number, value: number): void {
    const missing = sizeOfUnsignedVarint(value) - gap
    const moved = missing > 0 ? this.widen(at, gap, missing) : at
    writeUnsignedVarint(this.buffer, moved, value)
  }

  /** The new position of what was `at`: making room may move all of it. */
  private widen(at: number, gap: number, missing: number): number {
    const offset = at - this.start
    const end = this.reserve(missing)
    const moved = this.start + offset
    this.buffer.copyWithin(moved + gap + missing, moved + gap, end)
    return moved
  }
}

function sizeOfPieces(value: Pieces): number {
  if (isBytes(value)) return value.length
  // Not as a guard: TypeScript takes a readonly array for `any` behind it.
  const isArray: boolean = Array.isArray(value)
  if (!isArray) refuse(value, 'bytes')
  let size = 0
  for (const piece of value) size += piece.length
  return size
}

function isBytes(value: Pieces): value is Uint8Array {
  return ArrayBuffer.isView(value)
}

function refuse(value: unknown, type: string): never {
  throw new ProtocolError(`${typeof value} '${String(value)}' cannot be written as ${type}`)
}

function refuseLongString(length: number): never {
  throw new ProtocolError(`A string of ${String(length)} bytes cannot be written: ${String(MAX_STRING_BYTES)} is the most`)
}

function refuseTag(tag: number, known: number): never {
  throw new ProtocolError(`Unknown tag ${String(tag)} cannot be written: unknown tags ascend, from ${String(known)}`)
}
