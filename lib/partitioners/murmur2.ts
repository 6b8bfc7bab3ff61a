/**
 * The hash by which Kafka's own producer spreads keys over partitions: MurmurHash2, 32 bit, as Kafka fixed its seed.
 * `Math.imul` multiplies in 32 bits exactly; bigint arithmetic gives the same hash some thirty times slower.
 */

const SEED = 0x9747b28c
const M = 0x5bd1e995
const R = 24

/** The hash as a signed 32-bit integer, as Java's. */
export function murmur2(bytes: Uint8Array): number {
  const { length } = bytes
  const tail = length & ~3
  let hash = SEED ^ length
  for (let i = 0; i < tail; i += 4) {
    const word = Math.imul(bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24), M)
    hash = Math.imul(hash, M) ^ Math.imul(word ^ (word >>> R), M)
  }
  if (length > tail) hash = mixTail(hash, bytes, tail)
  hash = Math.imul(hash ^ (hash >>> 13), M)
  return hash ^ (hash >>> 15)
}

function mixTail(hash: number, bytes: Uint8Array, from: number): number {
  let tail = 0
  for (let i = bytes.length - 1; i >= from; i--) tail = (tail << 8) | bytes[i]
  return Math.imul(hash ^ tail, M)
}

/** The partition of a key among all partitions of its topic, whether they have a leader or not: a key never moves because a broker is down. */
export function partitionOfKey(key: Uint8Array, partitionCount: number): number {
  return (murmur2(key) & 0x7fffffff) % partitionCount
}
