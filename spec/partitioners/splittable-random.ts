/**
 * Java's SplittableRandom, as far as Kafka's checksum of murmur2 needs it. 64-bit numbers are two variables of 32 bits: six million of
 * them would take seconds as bigints, or as objects.
 */
export function splittableRandom(seed: number): { fill(bytes: Uint8Array): void } {
  const { imul } = Math
  let seedHigh = 0
  let seedLow = seed
  let high = 0
  let low = 0

  /** Adds the golden gamma. */
  const advance = (): void => {
    const sum = (seedLow >>> 0) + 0x7f4a7c15
    seedLow = sum | 0
    seedHigh = (seedHigh + 0x9e3779b9 + (sum > 0xffffffff ? 1 : 0)) | 0
    high = seedHigh
    low = seedLow
  }
  /** x ^ x >>> bits, for less than 32 bits. */
  const xorShift = (bits: number): void => {
    low ^= (low >>> bits) | (high << (32 - bits))
    high ^= high >>> bits
  }
  const multiply = (byHigh: number, byLow: number): void => {
    const cross = imul(low, byHigh) + imul(high, byLow)
    const aHigh = low >>> 16
    const aLow = low & 0xffff
    const bHigh = byLow >>> 16
    const bLow = byLow & 0xffff
    const middle = aHigh * bLow + ((aLow * bLow) >>> 16)
    const carry = aLow * bHigh + (middle & 0xffff)
    high = (aHigh * bHigh + ((middle / 0x10000) | 0) + ((carry / 0x10000) | 0) + cross) | 0
    low = imul(low, byLow)
  }
  const nextLong = (): void => {
    advance()
    xorShift(30)
    multiply(0xbf58476d, 0x1ce4e5b9)
    xorShift(27)
    multiply(0x94d049bb, 0x133111eb)
    xorShift(31)
  }

  return {
    /** As `nextBytes`: eight from each number, lowest first; what is left of the last one is dropped. */
    fill: (bytes) => {
      for (let at = 0; at < bytes.length; at += 8) {
        nextLong()
        const end = bytes.length - at
        for (let i = 0; i < 8 && i < end; i++) bytes[at + i] = (i < 4 ? low : high) >>> (8 * (i & 3))
      }
    },
  }
}
