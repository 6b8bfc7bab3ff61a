/**
 * The form in which Java's clients write snappy, after the maker of snappy-java (SnappyOutputStream): a header, then blocks of raw
 * snappy, each behind its size. Where two streams were joined the header comes again.
 */
import { INT32_BYTES, putInt32 } from '../../wire/int32'
import { checkBlockCount, CorruptData } from './codec'
import { Cursor } from './cursor'

/** A block of raw snappy, and where it begins. */
export interface SnappyBlock {
  readonly bytes: Uint8Array
  readonly at: number
}

const MAGIC = Uint8Array.of(0x82, ...Buffer.from('SNAPPY'), 0)
/** The magic, then the version and the oldest version that can read it, both 1. */
const HEADER = Uint8Array.of(...MAGIC, 0, 0, 0, 1, 0, 0, 0, 1)
const VERSION = 1
/** Java's block size. */
const BLOCK_SIZE = 32_768

export function isXerial(bytes: Uint8Array): boolean {
  return hasMagic(bytes, 0)
}

/** What is compressed block by block. */
export function blocksOf(bytes: Uint8Array): Uint8Array[] {
  const blocks: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += BLOCK_SIZE) blocks.push(bytes.subarray(at, at + BLOCK_SIZE))
  return blocks
}

/** What such blocks, compressed, make together, in parts. */
export function xerial(blocks: readonly Uint8Array[]): readonly Uint8Array[] {
  const parts: Uint8Array[] = [HEADER]
  for (const block of blocks) {
    const size = new Uint8Array(INT32_BYTES)
    putInt32(size, 0, block.length)
    parts.push(size, block)
  }
  return parts
}

export function xerialBlocks(bytes: Uint8Array): SnappyBlock[] {
  const cursor = new Cursor(bytes)
  const blocks: SnappyBlock[] = []
  while (!cursor.atEnd) {
    if (hasMagic(bytes, cursor.position)) readHeader(cursor)
    else blocks.push(readBlock(cursor))
    checkBlockCount(blocks.length, cursor.position)
  }
  return blocks
}

function readBlock(cursor: Cursor): SnappyBlock {
  const size = cursor.bigEndian(4)
  const at = cursor.skip(size)
  return { bytes: cursor.bytes.subarray(at, at + size), at }
}

function readHeader(cursor: Cursor): void {
  const start = cursor.skip(MAGIC.length)
  cursor.skip(4)
  const oldest = cursor.bigEndian(4)
  if (oldest > VERSION) throw new CorruptData(`xerial's version ${String(oldest)} is needed to read them`, start)
}

function hasMagic(bytes: Uint8Array, at: number): boolean {
  return MAGIC.every((byte, i) => bytes[at + i] === byte)
}
