/** Chance from a seed: the same seed gives the same numbers, on every machine. */

/** Numbers in [0, 1). Mulberry32: 32 bits of state are plenty for jitter and for choosing faults, and useless for secrets. */
export function seeded(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** 16 bytes as Kafka writes uuids. Never one of the reserved ones, which are zero but for their last byte. */
export function seededUuid(random: () => number): string {
  const bytes = Uint8Array.from({ length: 16 }, () => Math.floor(random() * 256))
  bytes[0] = (bytes[0] ?? 0) | 0x40
  return Buffer.from(bytes).toString('base64url')
}
