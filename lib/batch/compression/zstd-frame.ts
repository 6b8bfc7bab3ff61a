/** The outside of Zstandard frames (RFC 8878, 3.1): where each ends, and how much it can hold, without decompressing anything. */
import { checkBlockCount, CorruptData } from './codec'
import { Cursor } from './cursor'

export interface ZstdFrame {
  readonly bytes: Uint8Array
  readonly at: number
  /** Bytes that its blocks hold at most. */
  readonly most: number
}

const MAGIC = 0xfd2fb528
/** Sixteen magic numbers for frames that hold no content. */
const SKIPPABLE = 0x184d2a50
const MOST_BLOCK_SIZE = 128 * 1024
const [RAW, RUN, COMPRESSED] = [0, 1, 2]
const SINGLE_SEGMENT = 0x20
const RESERVED = 0x08
const CHECKSUM = 0x04
const DICTIONARY_ID_BYTES = [0, 1, 2, 4]

export function zstdFrames(bytes: Uint8Array): ZstdFrame[] {
  const cursor = new Cursor(bytes)
  const frames: ZstdFrame[] = []
  do {
    const at = cursor.position
    const magic = cursor.littleEndian(4)
    if (magic === MAGIC) frames.push({ at, most: passFrame(cursor), bytes: bytes.subarray(at, cursor.position) })
    else if (magic - (magic % 16) === SKIPPABLE) cursor.skip(cursor.littleEndian(4))
    else throw new CorruptData('no Zstandard frame begins here', at)
    checkBlockCount(frames.length, at)
  } while (!cursor.atEnd)
  return frames
}

function passFrame(cursor: Cursor): number {
  const descriptor = cursor.littleEndian(1)
  if (descriptor & RESERVED) throw new CorruptData('a frame sets a reserved bit', cursor.position - 1)
  const blockSize = Math.min(windowSize(cursor, descriptor), MOST_BLOCK_SIZE)
  const most = passBlocks(cursor, blockSize)
  if (descriptor & CHECKSUM) cursor.skip(4)
  return most
}

/** Reads the rest of the frame's header, which ends with the size of its content, if that is given. */
function windowSize(cursor: Cursor, descriptor: number): number {
  const single = (descriptor & SINGLE_SEGMENT) !== 0
  const window = single ? 0 : cursor.littleEndian(1)
  cursor.skip(DICTIONARY_ID_BYTES[descriptor & 0x03] ?? 0)
  const sizeBytes = descriptor < 0x40 ? Number(single) : 2 ** (descriptor >> 6)
  const contentSize = cursor.littleEndian(sizeBytes) + (sizeBytes === 2 ? 256 : 0)
  return single ? contentSize : (1024 << Math.min(window >> 3, 10)) * (1 + (window & 0x07) / 8)
}

function passBlocks(cursor: Cursor, blockSize: number): number {
  for (let most = 0; ;) {
    const header = cursor.littleEndian(3)
    const size = header >> 3
    const type = (header >> 1) & 0x03
    if (size > blockSize || type > COMPRESSED) throw new CorruptData('a block is of no known kind or too long', cursor.position - 3)
    cursor.skip(type === RUN ? 1 : size)
    most += type === RAW || type === RUN ? size : blockSize
    if (header & 1) return most
  }
}
