import type { Header } from '../record'
import { crc32c } from '../wire/crc32c'
import { sizeOfVarint, writeVarint, writeVarlong } from '../wire/varint'
import { HEADER_SIZE } from './batch-header'
import { nextPieceSize } from './buffer-pool'
import type { PieceSource } from './buffer-pool'
import { fillPieces, lengthOf } from './pieces'
import { sizeOfRecordBody } from './record-encoding'
import type { RecordBody } from './record-encoding'

/** The record's attributes byte, unused so far; it counts as one byte of the body. */
const ATTRIBUTES = 0
const NULL_LENGTH = -1
const NOTHING = new Uint8Array(0)

/** Writes the records of a batch one behind the other into pieces of memory, with room for the batch's header in the first. */
export class RecordWriter {
  #pieces: Uint8Array[] = []
  /** How far each piece before the last is filled; of all of them, once it was ended. */
  #lengths: number[] = []
  #crc: number | undefined
  #sums = true
  #size = HEADER_SIZE
  // The last piece, beside the others: every record goes there.
  #piece: Uint8Array = NOTHING
  #position = 0

  constructor(private readonly source: PieceSource) {}

  get isEmpty(): boolean {
    return this.#pieces.length === 0
  }

  /** Where the records lie. */
  get pieces(): readonly Uint8Array[] {
    return this.#pieces
  }

  /** Bytes written, and those for the header. */
  get size(): number {
    return this.#size
  }

  /** There will be no checksum of the records: they are to be compressed. Before the first. */
  withoutCrc(): void {
    this.#sums = false
  }

  /** `contents`: what `sizeOfContents` says of the record. False when there is no memory for it, and then nothing has changed. */
  append(record: RecordBody, contents: number, timestampDelta: number, offsetDelta: number): boolean {
    const bodySize = sizeOfRecordBody(contents, timestampDelta, offsetDelta)
    const size = sizeOfVarint(bodySize) + bodySize
    if (this.#position + size > this.#piece.length && !this.#take(size)) return false
    const piece = this.#piece
    let position = writeVarint(piece, this.#position, bodySize)
    piece[position++] = ATTRIBUTES
    position = writeVarlong(piece, position, timestampDelta)
    position = writeVarint(piece, position, offsetDelta)
    position = writeBytes(piece, position, record.key)
    position = writeBytes(piece, position, record.value)
    this.#position = writeHeaders(piece, position, record.headers)
    this.#size += size
    return true
  }

  /** Nothing is written any more. */
  end(): void {
    this.#lengths.push(this.#position)
  }

  /** What is in the pieces, from the place of the header on. After the end. */
  get parts(): Uint8Array[] {
    return this.#lengths.map((length, index) => this.#pieces[index].subarray(0, length))
  }

  /** The same without the place of the header. */
  get records(): Uint8Array[] {
    const [first, ...others] = this.parts
    return [first.subarray(HEADER_SIZE), ...others]
  }

  /**
   * The checksum of the records, where it takes no more than adding that of the last piece. That of a piece is taken when it is full: there it
   * is still in the processor's cache, and costs half as much as later. Undefined where all lie in one piece, or other bytes have come there.
   */
  get crc(): number | undefined {
    return this.#crc === undefined ? undefined : crc32c(this.#piece.subarray(0, this.#position), this.#crc)
  }

  /** Puts other bytes where the records were, no more than they are. After the end. */
  replace(parts: readonly Uint8Array[]): void {
    this.#lengths = fillPieces(this.#pieces, parts)
    this.#size = HEADER_SIZE + lengthOf(parts)
    this.#crc = undefined
  }

  /** Moves all into a piece of exactly its size. It forgets the pieces in which it was. After the end. */
  moveInto(piece: Uint8Array): void {
    let at = 0
    for (const filled of this.parts) {
      piece.set(filled, at)
      at += filled.length
    }
    this.#pieces = [piece]
    this.#lengths = [at]
    this.#piece = piece
    this.#position = at
    this.#crc = undefined
  }

  /** Gives back the pieces in which nothing is. After the end. */
  trim(): void {
    if (this.#pieces.length > this.#lengths.length) this.source.give(this.#pieces.splice(this.#lengths.length))
  }

  /** Forgets all pieces. */
  leave(): readonly Uint8Array[] {
    const pieces = this.#pieces
    this.#pieces = []
    this.#lengths = []
    this.#piece = NOTHING
    this.#position = 0
    return pieces
  }

  /** Goes on in another piece, with room for so many bytes. */
  #take(size: number): boolean {
    const start = this.isEmpty ? HEADER_SIZE : 0
    const piece = this.source.take(nextPieceSize(this.#piece.length, start + size))
    if (piece === undefined) return false
    if (!this.isEmpty) this.#fill()
    this.#pieces.push(piece)
    this.#piece = piece
    this.#position = start
    return true
  }

  #fill(): void {
    const start = this.#pieces.length === 1 ? HEADER_SIZE : 0
    if (this.#sums) this.#crc = crc32c(this.#piece.subarray(start, this.#position), this.#crc)
    this.#lengths.push(this.#position)
  }
}

function writeBytes(into: Uint8Array, at: number, bytes: Uint8Array | null): number {
  if (bytes === null) return writeVarint(into, at, NULL_LENGTH)
  const position = writeVarint(into, at, bytes.length)
  into.set(bytes, position)
  return position + bytes.length
}

function writeHeaders(into: Uint8Array, at: number, headers: readonly Header[]): number {
  let position = writeVarint(into, at, headers.length)
  for (const { key, value } of headers) {
    position = writeBytes(into, position, Buffer.from(key))
    position = writeBytes(into, position, value)
  }
  return position
}
