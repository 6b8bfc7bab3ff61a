/** What a compression codec does, and how it says that it cannot. */

export interface Codec {
  /** Bytes of a batch up to which it works within the event loop: about a millisecond. zstd, which gains most elsewhere, less. */
  readonly atOnce: number
  /** What is wrong with a level (one of Kafka's `compression.<type>.level`); undefined when it can be had. */
  problemOf(level: number): string | undefined
  /** The bytes of all parts, one behind the other, compressed: in parts too. None is a view of what came in, and none is to be written to. */
  compress(parts: readonly Uint8Array[], level?: number): readonly Uint8Array[]
  /** The same, on another thread. The bytes must not change meanwhile. */
  compressElsewhere(parts: readonly Uint8Array[], level?: number): Promise<readonly Uint8Array[]>
  /** Throws a CorruptData, or whatever a library throws, for bytes that are not of this codec or that hold more than `maxBytes`. */
  decompress(bytes: Uint8Array, maxBytes: number): Uint8Array
}

/** `at`: where in the compressed bytes. */
export class CorruptData extends Error {
  constructor(
    message: string,
    readonly at = 0,
  ) {
    super(message)
  }
}

/** A batch is shorter than 2 GiB, and no writer makes more than a few blocks below 32 KiB of it: more are there to keep the reader busy. */
const MOST_BLOCKS = 65_536

export function checkBlockCount(count: number, at: number): void {
  if (count > MOST_BLOCKS) throw new CorruptData('they are cut into more blocks than any batch has', at)
}

export function checkSize(size: number, maxBytes: number): void {
  if (size > maxBytes) throw tooMuch(maxBytes)
}

/**
 * For the functions of node:zlib: room in which most batches find place when they are compressed. Without it they take 16 KiB at a time, each
 * time on another errand to another thread, and join what comes.
 */
export const roomFor = ({ length }: Uint8Array): { readonly chunkSize: number } => ({ chunkSize: Math.max(1024, Math.ceil(length / 2)) })

/** For the functions of node:zlib, which stop by themselves and say so in their own way. */
export function withinLimit(maxBytes: number, decompress: (options: { readonly maxOutputLength: number }) => Uint8Array): Uint8Array {
  try {
    return decompress({ maxOutputLength: Math.max(maxBytes, 1) })
  } catch (error) {
    throw isObject(error) && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE' ? tooMuch(maxBytes) : error
  }
}

/** Not `instanceof Error`: what Node and native code throw is not of this realm when ours is another, as in a test or a vm. */
export function reasonOf(error: unknown): string {
  return isObject(error) && 'message' in error ? String(error.message) : String(error)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function tooMuch(maxBytes: number): CorruptData {
  return new CorruptData(`they hold more than the limit allows (maxDecompressedBytes; ${String(maxBytes)} bytes were left of it)`)
}

export function problemOutside(min: number, max: number, level: number): string | undefined {
  return Number.isInteger(level) && level >= min && level <= max ? undefined : `takes ${String(min)} to ${String(max)}`
}

/** One part stays what it is, without a copy. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts
  return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts)
}
