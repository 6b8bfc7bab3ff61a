/** The compression of record batches: which codecs there are, and what they do with the bytes of the records. */
import { ConfigError, KafkaError, ProtocolError } from '../../errors'
import type { Codec } from './codec'
import { CorruptData, reasonOf } from './codec'
import { gzip } from './gzip'
import { lz4 } from './lz4'
import { snappy } from './snappy'
import { zstd } from './zstd'

/** Kafka's codecs; what is needed for each beside Node, docs/errors.md says under COMPRESSION_CODEC_MISSING. */
export type CompressionType = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'

/** A codec, or a codec at a level: gzip takes 1 to 9, zstd −131072 to 22, lz4 only 9 (the fast one), snappy none. */
export type Compression = CompressionType | { readonly type: CompressionType; readonly level?: number }

/** A codec at its level, ready to be used on one batch after the other. */
export interface Compressor {
  /** Kafka's number of the codec, in the attributes of the batch. */
  readonly id: number
  /** Bytes of a batch up to which it works within the event loop. */
  readonly atOnce: number
  /** In parts, one behind the other, as they come in parts; none is a view of what came in, and none is to be written to. */
  compress(parts: readonly Uint8Array[]): readonly Uint8Array[]
  /** The same, on another thread. The bytes must not change meanwhile. */
  compressElsewhere(parts: readonly Uint8Array[]): Promise<readonly Uint8Array[]>
}

interface DecompressOptions {
  readonly maxBytes: number
  /** Where the compressed bytes begin, for the position in errors. */
  readonly position: number
}

/** Their place is Kafka's number. */
const TYPES: readonly CompressionType[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd']
const CODECS: Readonly<Record<Exclude<CompressionType, 'none'>, Codec>> = { gzip, snappy, lz4, zstd }
/** A batch is shorter than this, by the type of its length. */
const MOST_BYTES = 0x7fffffff

export function typeOf(compression: Compression): CompressionType {
  return typeof compression === 'string' ? compression : compression.type
}

/** Undefined for none. A codec or level that cannot be had is a ConfigError; a missing package shows at the first use. */
export function compressorOf(compression: Compression): Compressor | undefined {
  const type = typeOf(compression)
  const level = typeof compression === 'string' ? undefined : compression.level
  const id = TYPES.indexOf(type)
  if (id < 0) throw new ConfigError([`compression: '${type}' is not one of ${TYPES.join(', ')}`])
  const codec = type === 'none' ? undefined : CODECS[type]
  const problem = level === undefined ? undefined : codec === undefined ? 'has no levels' : codec.problemOf(level)
  if (problem !== undefined) throw new ConfigError([`compression: level ${String(level)} is not possible: ${type} ${problem}`])
  return (
    codec && {
      id,
      atOnce: codec.atOnce,
      compress: (parts) => codec.compress(parts, level),
      // Async, so that what goes wrong before the other thread begins is told in the same way.
      compressElsewhere: async (parts) => codec.compressElsewhere(parts, level),
    }
  )
}

/** The same, tried out: throws a CompressionCodecMissingError now when the codec's package is missing. */
export function workingCompressorOf(compression: Compression): Compressor | undefined {
  const compressor = compressorOf(compression)
  compressor?.compress([new Uint8Array(1)])
  return compressor
}

/** Undefined for a number that Kafka has not given away. */
export function compressionTypeOf(id: number): CompressionType | undefined {
  return TYPES[id]
}

/** Throws a ProtocolError for what the codec did not write, or what holds more than `maxBytes`. */
export function decompress(type: CompressionType, bytes: Uint8Array, { maxBytes, position }: DecompressOptions): Uint8Array {
  if (type === 'none') return bytes
  try {
    return CODECS[type].decompress(bytes, Math.min(maxBytes, MOST_BYTES))
  } catch (error) {
    throw asProtocolError(error, type, position)
  }
}

/** A missing package stays what it is. Libraries do not say where they gave up. */
function asProtocolError(error: unknown, type: CompressionType, position: number): KafkaError {
  if (error instanceof KafkaError) return error
  const at = error instanceof CorruptData ? error.at : 0
  return new ProtocolError(`The records, compressed with ${type}, cannot be read: ${reasonOf(error)}`, position + at)
}
