/** The CRC-32C of two runs of bytes, one behind the other, from those of each: checksums are polynomials over GF(2), and add up. */
import { POLYNOMIAL } from './crc32c'

/** `second` is the CRC of so many bytes that follow those of `first`. */
export function crc32cOfBoth(first: number, second: number, secondLength: number): number {
  return (times(first, zeros(secondLength)) ^ second) >>> 0
}

/** x⁰, as all polynomials here: the highest power of x is the lowest bit. */
const ONE = 0x80000000 | 0

/** x to the powers 8, 16, 32, …: what one zero byte, two, four, … do to a checksum. */
const POWERS = powersOfTwo()

/** What so many zero bytes do to a checksum. */
function zeros(count: number): number {
  let product = ONE
  for (let rest = count, power = 0; rest > 0; rest >>>= 1, power++) if (rest & 1) product = times(product, POWERS[power])
  return product
}

function powersOfTwo(): Int32Array {
  const powers = new Int32Array(31)
  powers[0] = ONE >>> 8
  for (let i = 1; i < powers.length; i++) powers[i] = times(powers[i - 1], powers[i - 1])
  return powers
}

/** The product of two polynomials, modulo Castagnoli's. */
function times(a: number, b: number): number {
  let product = 0
  for (let bit = ONE; bit !== 0; bit >>>= 1) {
    if (a & bit) product ^= b
    b = b & 1 ? (b >>> 1) ^ POLYNOMIAL : b >>> 1
  }
  return product
}
