/**
 * The LZ4 frame format (lz4's doc/lz4_Frame_format.md), as far as Kafka's own reader takes it: one frame, independent blocks, no
 * dictionary. Its checksums are skipped: the CRC of the batch covers all these bytes.
 */
import { checkBlockCount, CorruptData } from './codec'
import { Cursor } from './cursor'

export interface Lz4Block {
  /** Where its bytes begin; its size stands in the four bytes before. */
  readonly at: number
  readonly size: number
  /** It is not compressed. */
  readonly stored: boolean
  /** Bytes that it holds at most. */
  readonly most: number
}

/** The least that a frame can say: version 1, independent blocks of 64 KiB at most, no checksums; and the checksum of that. */
const HEADER = Uint8Array.of(0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82)
const BLOCK_SIZE = 65_536
const END = new Uint8Array(4)

/** What is compressed block by block. */
export function blocksOf(bytes: Uint8Array): Uint8Array[] {
  const blocks: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += BLOCK_SIZE) blocks.push(bytes.subarray(at, at + BLOCK_SIZE))
  return blocks
}

/** A frame of these contents, in parts. Each of `blocks` is one of them compressed, behind four bytes, in which its size is then put. */
export function lz4Frame(contents: readonly Uint8Array[], blocks: readonly Uint8Array[]): readonly Uint8Array[] {
  return [HEADER, ...contents.flatMap((content, index) => blockWithSize(content, blocks[index])), END]
}

/** What compression would not make smaller stays what it is: a copy, as the frame is written over the contents. */
function blockWithSize(content: Uint8Array, block: Uint8Array): readonly Uint8Array[] {
  const size = block.length - END.length
  if (size < content.length) return [withNumber(block, size)]
  return [withNumber(new Uint8Array(END.length), content.length + STORED), new Uint8Array(content)]
}

function withNumber(bytes: Uint8Array, number: number): Uint8Array {
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(0, number, true)
  return bytes
}

interface FrameHeader {
  readonly blockSize: number
  readonly blockChecksums: boolean
  readonly contentChecksum: boolean
}

const MAGIC = 0x184d2204
const FLAGS = { version: 0xc0, independent: 0x20, blockChecksums: 0x10, contentSize: 0x08, contentChecksum: 0x04, reserved: 0x03 } as const
const VERSION_1 = 0x40
const STORED = 0x80000000
const CHECKSUM_BYTES = 4

export function lz4Blocks(bytes: Uint8Array): Lz4Block[] {
  const cursor = new Cursor(bytes)
  const header = readFrameHeader(cursor)
  const blocks: Lz4Block[] = []
  for (let block = readBlock(cursor, header); block !== undefined; block = readBlock(cursor, header)) {
    blocks.push(block)
    checkBlockCount(blocks.length, block.at)
  }
  if (header.contentChecksum) cursor.skip(CHECKSUM_BYTES)
  if (!cursor.atEnd) throw new CorruptData('something follows the end of the frame', cursor.position)
  return blocks
}

function readFrameHeader(cursor: Cursor): FrameHeader {
  if (cursor.littleEndian(4) !== MAGIC) throw new CorruptData('they do not begin as an LZ4 frame does')
  const flags = cursor.littleEndian(1)
  checkFlags(flags)
  // The size of a block is 64 KiB, 256 KiB, 1 MiB or 4 MiB, as 4 to 7.
  const code = (cursor.littleEndian(1) >> 4) & 0x07
  if (code < 4) throw new CorruptData(`a block size with the code ${String(code)} is not known`, cursor.position - 1)
  if (flags & FLAGS.contentSize) cursor.skip(8)
  cursor.skip(1)
  return {
    blockSize: 4 ** (code + 4),
    blockChecksums: (flags & FLAGS.blockChecksums) !== 0,
    contentChecksum: (flags & FLAGS.contentChecksum) !== 0,
  }
}

function checkFlags(flags: number): void {
  if ((flags & FLAGS.version) !== VERSION_1 || flags & FLAGS.reserved) {
    throw new CorruptData(`an LZ4 frame with the flags ${flags.toString(16)} is not known`, 4)
  }
  if (!(flags & FLAGS.independent)) throw new CorruptData('their blocks depend on one another, which Kafka does not allow', 4)
}

/** Undefined at the end mark. */
function readBlock(cursor: Cursor, { blockSize, blockChecksums }: FrameHeader): Lz4Block | undefined {
  const word = cursor.littleEndian(4)
  if (word === 0) return undefined
  const size = word % STORED
  if (size > blockSize)
    throw new CorruptData(`a block claims ${String(size)} bytes, ${String(blockSize)} are the most`, cursor.position - 4)
  const at = cursor.skip(size)
  if (blockChecksums) cursor.skip(CHECKSUM_BYTES)
  return { at, size, stored: word >= STORED, most: blockSize }
}
