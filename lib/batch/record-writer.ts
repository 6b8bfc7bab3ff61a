import type { Header } from '../record'
import { writeVarint, writeVarlong } from '../wire/varint'
import type { RecordBody } from './record-encoding'

/** The record's attributes byte, unused so far; it counts as one byte of the body. */
const ATTRIBUTES = 0
const NULL_LENGTH = -1
const NOTHING = new Uint8Array(0)

/** Writes records one behind the other into a piece of memory. */
export class RecordWriter {
  #piece: Uint8Array = NOTHING
  #position = 0

  /** How far the piece is filled. */
  get position(): number {
    return this.#position
  }

  /** Bytes that the piece has, filled or not. */
  get length(): number {
    return this.#piece.length
  }

  get room(): number {
    return this.#piece.length - this.#position
  }

  /** From here on it writes into this piece. */
  moveTo(piece: Uint8Array, position: number): void {
    this.#piece = piece
    this.#position = position
  }

  /** `bodySize` comes from `sizeOfRecordBody` with the same deltas; the caller has seen to it that there is room. */
  write(record: RecordBody, bodySize: number, timestampDelta: number, offsetDelta: number): void {
    const piece = this.#piece
    let position = writeVarint(piece, this.#position, bodySize)
    piece[position++] = ATTRIBUTES
    position = writeVarlong(piece, position, timestampDelta)
    position = writeVarint(piece, position, offsetDelta)
    position = writeBytes(piece, position, record.key)
    position = writeBytes(piece, position, record.value)
    this.#position = writeHeaders(piece, position, record.headers)
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
