/** CRC-32C (Castagnoli), the checksum of record batches: natively where `@node-rs/crc32` is installed, else in JavaScript. */

type Crc = (bytes: Uint8Array, previous?: number) => number

/** Castagnoli's, with the highest power of x in the lowest bit. */
export const POLYNOMIAL = 0x82f63b78
const SLICES = 16

/** Below this many bytes the call into native code costs more than it saves. */
const NATIVE_FROM = 128
/** Below this many bytes a word view costs more than it saves. */
const WORDS_FROM = 64
/**
 * Words are worked off in blocks: a loop that meets only a few huge buffers is compiled while it runs, over and over;
 * one that is called often is compiled once.
 */
const BLOCK_WORDS = 4096

const tables = sliceTables()
const littleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1

/** The native implementation, if it could be loaded. */
export const crc32cNative: Crc | undefined = loadNative()

/** The CRC of `bytes`; with `previous`, of everything that gave `previous` followed by `bytes`. */
export const crc32c: Crc = crc32cNative === undefined ? crc32cFallback : preferring(crc32cNative)

export function crc32cFallback(bytes: Uint8Array, previous = 0): number {
  const crc = ~previous
  const result = bytes.length < WORDS_FROM || !littleEndian ? byBytes(crc, bytes, 0, bytes.length) : byWords(crc, bytes)
  return ~result >>> 0
}

function preferring(native: Crc): Crc {
  return (bytes, previous = 0) => (bytes.length < NATIVE_FROM ? crc32cFallback(bytes, previous) : native(bytes, previous))
}

function loadNative(): Crc | undefined {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- optional: an import would make it a must
    return (require('@node-rs/crc32') as { readonly crc32c: Crc }).crc32c
  } catch {
    return undefined
  }
}

/** Table k holds, for each byte, its effect on the CRC when k more bytes follow. */
function sliceTables(): Int32Array {
  const result = new Int32Array(SLICES * 256)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1
    result[byte] = crc
  }
  for (let i = 256; i < result.length; i++) {
    const shorter = result[i - 256] ?? 0
    result[i] = (shorter >>> 8) ^ (result[shorter & 0xff] ?? 0)
  }
  return result
}

function byBytes(crc: number, bytes: Uint8Array, from: number, to: number): number {
  for (let i = from; i < to; i++) crc = (crc >>> 8) ^ (tables[(crc ^ (bytes[i] ?? 0)) & 0xff] ?? 0)
  return crc
}

function byWords(crc: number, bytes: Uint8Array): number {
  const head = -bytes.byteOffset & 3
  const count = ((bytes.length - head) >>> 4) << 2
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + head, count)
  crc = byBytes(crc, bytes, 0, head)
  for (let from = 0; from < count; from += BLOCK_WORDS) crc = block(crc, words, from, Math.min(from + BLOCK_WORDS, count))
  return byBytes(crc, bytes, head + count * 4, bytes.length)
}

/** Sixteen bytes a turn, one table each: the look-ups do not wait for one another. */
function block(crc: number, words: Int32Array, from: number, to: number): number {
  const table = tables
  for (let i = from; i < to; i += 4) {
    const a = crc ^ at(words, i)
    const b = at(words, i + 1)
    const c = at(words, i + 2)
    const d = at(words, i + 3)
    crc = slices(table, 12, a) ^ slices(table, 8, b) ^ slices(table, 4, c) ^ slices(table, 0, d)
  }
  return crc
}

/** The word's first byte has the most bytes after it. */
function slices(table: Int32Array, last: number, word: number): number {
  return (
    at(table, ((last + 3) << 8) + (word & 0xff)) ^
    at(table, ((last + 2) << 8) + ((word >>> 8) & 0xff)) ^
    at(table, ((last + 1) << 8) + ((word >>> 16) & 0xff)) ^
    at(table, (last << 8) + (word >>> 24))
  )
}

function at(words: Int32Array, index: number): number {
  return words[index] ?? 0
}
