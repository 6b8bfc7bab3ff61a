import { promisify } from 'node:util'
import * as zlib from 'node:zlib'
import { CompressionCodecMissingError } from '../../errors'
import { checkSize, joined, problemOutside, roomFor, withinLimit } from './codec'
import type { Codec } from './codec'
import { zstdFrames } from './zstd-frame'
import type { ZstdFrame } from './zstd-frame'

interface Packer {
  compress(bytes: Uint8Array, level: number): Uint8Array
  compressElsewhere(bytes: Uint8Array, level: number): Promise<Uint8Array>
}

type Unpack = (frame: ZstdFrame, maxBytes: number) => Uint8Array

interface ZstdOptions {
  readonly params: Readonly<Record<number, number>>
  readonly pledgedSrcSize: number
  readonly chunkSize: number
}

/** What node:zlib has from Node 22.15 on. */
interface BuiltIn {
  readonly constants: { readonly ZSTD_c_compressionLevel: number }
  zstdCompressSync(bytes: Uint8Array, options: ZstdOptions): Uint8Array
  zstdCompress(bytes: Uint8Array, options: ZstdOptions, done: (error: Error | null, compressed: Uint8Array) => void): void
  zstdDecompressSync(bytes: Uint8Array, options: { readonly maxOutputLength: number }): Uint8Array
}

/** The package `@toondepauw/node-zstd`, as far as it is used here. */
interface NodeZstd {
  readonly Encoder: new (level: number) => { encodeSync(bytes: Uint8Array): Uint8Array; encode(bytes: Uint8Array): Promise<Uint8Array> }
  readonly Decoder: new () => { decodeSync(bytes: Uint8Array): Uint8Array }
}

/** Zstandard's and Kafka's. */
const DEFAULT_LEVEL = 3
/**
 * The package cannot be told where to stop. A frame is given to it only when its blocks, each at its largest, stay within the limit
 * or within this: it is what a small frame, whose blocks are far from full, may seem to exceed a small limit by.
 */
const SAFE_WITHOUT_LIMIT = 16 * 1024 * 1024

let packing: Packer | undefined
let unpacking: Unpack | undefined

export const zstd: Codec = {
  atOnce: 65_536,
  problemOf: (level) => problemOutside(-131_072, 22, level),
  compress: (parts, level = DEFAULT_LEVEL) => [packer().compress(joined(parts), level)],
  compressElsewhere: async (parts, level = DEFAULT_LEVEL) => [await packer().compressElsewhere(joined(parts), level)],
  decompress(bytes, maxBytes) {
    const parts: Uint8Array[] = []
    let size = 0
    for (const frame of zstdFrames(bytes)) {
      const part = unpack(frame, maxBytes - size)
      size += part.length
      checkSize(size, maxBytes)
      parts.push(part)
    }
    return joined(parts)
  },
}

const packer = (): Packer => (packing ??= findPacker())

/** The package where it is installed and fit: on another thread it takes a fifth less CPU than node:zlib. */
function findPacker(): Packer {
  if (!isBuiltIn(zlib)) return packerOfPackage(load())
  try {
    const found = packerOfPackage(load())
    found.compress(new Uint8Array(1), DEFAULT_LEVEL)
    return found
  } catch {
    return packerOfNode(zlib)
  }
}

/** By node:zlib where that can: it can be told where to stop. */
function unpack(frame: ZstdFrame, maxBytes: number): Uint8Array {
  unpacking ??= isBuiltIn(zlib) ? unpackerOfNode(zlib) : unpackerOfPackage(load())
  return unpacking(frame, maxBytes)
}

function isBuiltIn(module: object): module is BuiltIn {
  return 'zstdCompress' in module && 'zstdCompressSync' in module && 'zstdDecompressSync' in module
}

function packerOfNode({ zstdCompress, zstdCompressSync, constants }: BuiltIn): Packer {
  // The size is pledged: within a call Node knows it, on another thread it does not, and what comes out is half as large again.
  const at = (level: number, bytes: Uint8Array): ZstdOptions => ({
    params: { [constants.ZSTD_c_compressionLevel]: level },
    pledgedSrcSize: bytes.length,
    ...roomFor(bytes),
  })
  const compressLater = promisify(zstdCompress)
  return {
    compress: (bytes, level) => zstdCompressSync(bytes, at(level, bytes)),
    compressElsewhere: (bytes, level) => compressLater(bytes, at(level, bytes)),
  }
}

const packerOfPackage = ({ Encoder }: NodeZstd): Packer => ({
  compress: (bytes, level) => new Encoder(level).encodeSync(bytes),
  compressElsewhere: (bytes, level) => new Encoder(level).encode(bytes),
})

const unpackerOfNode =
  ({ zstdDecompressSync }: BuiltIn): Unpack =>
  ({ bytes }, maxBytes) =>
    withinLimit(maxBytes, (options) => zstdDecompressSync(bytes, options))

const unpackerOfPackage =
  ({ Decoder }: NodeZstd): Unpack =>
  ({ bytes, most }, maxBytes) => {
    checkSize(most, Math.max(maxBytes, SAFE_WITHOUT_LIMIT))
    return new Decoder().decodeSync(bytes)
  }

function load(): NodeZstd {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- optional: an import would make it a must
    return require('@toondepauw/node-zstd') as NodeZstd
  } catch (error) {
    throw new CompressionCodecMissingError('zstd', '@toondepauw/node-zstd', error)
  }
}
