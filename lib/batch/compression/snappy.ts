import { CompressionCodecMissingError } from '../../errors'
import { MAX_VARINT_BYTES } from '../../wire/varint'
import { checkSize, CorruptData, joined } from './codec'
import type { Codec } from './codec'
import { blocksOf, isXerial, xerial, xerialBlocks } from './xerial'

/** The package `snappy`, as far as it is used here. */
interface Snappy {
  compressSync(input: Uint8Array): Uint8Array
  compress(input: Uint8Array): Promise<Uint8Array>
  uncompressSync(input: Uint8Array, options: { readonly asBuffer: true }): Uint8Array
}

/** A copy of 64 bytes takes three: the format cannot do better. */
const MOST_RATIO = 22

let loaded: Snappy | undefined

/** Written as Java does it, for consumers that know no other form; both forms are read. */
export const snappy: Codec = {
  atOnce: 524_288,
  problemOf: () => 'has no levels',
  compress(parts) {
    const { compressSync } = library()
    // Block by block as they lie: to join them first costs more than the few bytes that larger blocks would save.
    return xerial(parts.flatMap(blocksOf).map((block) => compressSync(block)))
  },
  async compressElsewhere(parts) {
    const { compress } = library()
    return xerial(await Promise.all(parts.flatMap(blocksOf).map((block) => compress(block))))
  },
  decompress(bytes, maxBytes) {
    const blocks = isXerial(bytes) ? xerialBlocks(bytes) : [{ bytes, at: 0 }]
    let size = 0
    for (const block of blocks) size += claimedSize(block.bytes, block.at)
    checkSize(size, maxBytes)
    const { uncompressSync } = library()
    return joined(blocks.map((block) => uncompressSync(block.bytes, { asBuffer: true })))
  },
}

/** The size that a block gives for its content, a varint: the library allocates that much before it looks further. */
function claimedSize(block: Uint8Array, at: number): number {
  const length = block.findIndex((byte) => byte < 0x80) + 1
  if (length < 1 || length > MAX_VARINT_BYTES) throw new CorruptData('a block does not begin with the size of its content', at)
  const size = block.subarray(0, length).reduceRight((value, byte) => value * 128 + (byte & 0x7f), 0)
  if (size > block.length * MOST_RATIO) throw new CorruptData(`a block of ${String(block.length)} bytes claims to hold ${String(size)}`, at)
  return size
}

function library(): Snappy {
  return (loaded ??= load())
}

function load(): Snappy {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- optional: an import would make it a must
    return require('snappy') as Snappy
  } catch (error) {
    throw new CompressionCodecMissingError('snappy', 'snappy', error)
  }
}
