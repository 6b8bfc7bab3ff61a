import { CompressionCodecMissingError } from '../../errors'
import { checkSize, joined, problemOutside } from './codec'
import type { Codec } from './codec'
import { blocksOf, lz4Blocks, lz4Frame } from './lz4-frame'
import type { Lz4Block } from './lz4-frame'

/** The package `lz4-napi`, as far as it is used here. */
interface Lz4 {
  /** One block, behind the size of its content: four bytes, the lowest first. */
  compressSync(data: Uint8Array): Uint8Array
  compress(data: Uint8Array): Promise<Uint8Array>
  /** One block, behind the size of its content: four bytes, the lowest first. As much is allocated. */
  uncompressSync(data: Uint8Array): Uint8Array
}

/** Of Kafka's levels this one means the fast compressor, which is all that the package has. */
const FAST = 9
/** A byte of length stands for 255 of content at most. */
const MOST_RATIO = 255
const SIZE_BYTES = 4

let loaded: Lz4 | undefined

/** Block by block, as they lie: the library's own frame, over all bytes joined, takes nearly twice as long. */
export const lz4: Codec = {
  atOnce: 524_288,
  problemOf: (level) =>
    problemOutside(1, 17, level) ??
    (level === FAST ? undefined : `can be had at level ${String(FAST)} alone: the package lz4-napi has the fast compressor, no other`),
  compress(parts) {
    const { compressSync } = library()
    const contents = parts.flatMap(blocksOf)
    return lz4Frame(
      contents,
      contents.map((content) => compressSync(content)),
    )
  },
  async compressElsewhere(parts) {
    const { compress } = library()
    const contents = parts.flatMap(blocksOf)
    return lz4Frame(contents, await Promise.all(contents.map((content) => compress(content))))
  },
  decompress(bytes, maxBytes) {
    const blocks = lz4Blocks(bytes)
    // A copy, in which the sizes before the blocks can be replaced by what the library expects there.
    const copy = Uint8Array.from(bytes)
    const parts: Uint8Array[] = []
    let size = 0
    for (const block of blocks) {
      const part = contentOf(copy, block)
      size += part.length
      checkSize(size, maxBytes)
      parts.push(part)
    }
    return joined(parts)
  },
}

function contentOf(copy: Uint8Array, { at, size, stored, most }: Lz4Block): Uint8Array {
  if (stored) return copy.subarray(at, at + size)
  const room = Math.min(most, size * MOST_RATIO)
  const sized = copy.subarray(at - SIZE_BYTES, at + size)
  new DataView(sized.buffer, sized.byteOffset).setUint32(0, room, true)
  return library().uncompressSync(sized)
}

function library(): Lz4 {
  return (loaded ??= load())
}

function load(): Lz4 {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- optional: an import would make it a must
    return require('lz4-napi') as Lz4
  } catch (error) {
    throw new CompressionCodecMissingError('lz4', 'lz4-napi', error)
  }
}
