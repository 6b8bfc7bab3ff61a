/**
 * Kafka's variable-length integers: base-128 groups, least significant first; signed ones are zig-zag coded before.
 * These functions work on plain bytes and positions, for code that lays out its own buffers (record batches).
 * Each `write…` returns the position after what it wrote; the caller has made room (5 bytes for an int, 10 for a long).
 */

export const MAX_VARINT_BYTES = 5
export const MAX_VARLONG_BYTES = 10

const INT32_RANGE = 0x80000000
const GROUP = 0x7fn

export function zigZag(value: number): number {
  return (value << 1) ^ (value >> 31)
}

export function zigZagBack(value: number): number {
  return (value >>> 1) ^ -(value & 1)
}

/** `value` is taken as 32 bits: −1 needs five bytes. */
export function sizeOfUnsignedVarint(value: number): number {
  const bits = value >>> 0
  // By comparing and not by counting bits, which takes a division: nearly all lengths and deltas are in the first two.
  if (bits < 1 << 7) return 1
  if (bits < 1 << 14) return 2
  if (bits < 1 << 21) return 3
  return bits < 1 << 28 ? 4 : 5
}

export function sizeOfVarint(value: number): number {
  return sizeOfUnsignedVarint(zigZag(value))
}

export function sizeOfVarlong(value: number | bigint): number {
  if (typeof value === 'number' && fitsInt32(value)) return sizeOfVarint(value)
  let rest = zigZagLong(value) >> 7n
  let size = 1
  for (; rest > 0n; rest >>= 7n) size++
  return size
}

export function writeUnsignedVarint(bytes: Uint8Array, position: number, value: number): number {
  const rest = value >>> 0
  // Most are of one byte or two, and a loop is what keeps V8 from making one piece of them and of who writes them.
  if (rest < 1 << 7) {
    bytes[position] = rest
    return position + 1
  }
  if (rest < 1 << 14) {
    bytes[position] = (rest & 0x7f) | 0x80
    bytes[position + 1] = rest >>> 7
    return position + 2
  }
  return writeLongVarint(bytes, position, rest)
}

function writeLongVarint(bytes: Uint8Array, position: number, value: number): number {
  let rest = value
  for (; rest > 0x7f; rest >>>= 7) bytes[position++] = (rest & 0x7f) | 0x80
  bytes[position++] = rest
  return position
}

export function writeVarint(bytes: Uint8Array, position: number, value: number): number {
  return writeUnsignedVarint(bytes, position, zigZag(value))
}

/** A number (a safe integer) that fits 32 bits takes no bigint: timestamp deltas nearly always do. */
export function writeVarlong(bytes: Uint8Array, position: number, value: number | bigint): number {
  if (typeof value === 'number' && fitsInt32(value)) return writeVarint(bytes, position, value)
  let rest = zigZagLong(value)
  for (; rest > GROUP; rest >>= 7n) bytes[position++] = Number(rest & GROUP) | 0x80
  bytes[position++] = Number(rest)
  return position
}

function fitsInt32(value: number): boolean {
  return value >= -INT32_RANGE && value < INT32_RANGE
}

function zigZagLong(value: number | bigint): bigint {
  const long = BigInt(value)
  return BigInt.asUintN(64, (long << 1n) ^ (long >> 63n))
}
