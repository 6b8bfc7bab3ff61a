import type { Chance } from './random'

export const MOST_BYTES = 64 * 1024

/** What lengths, counts and varints look like at their borders. */
const INTERESTING: readonly (readonly number[])[] = [
  [0x00],
  [0x01],
  [0x7f],
  [0x80],
  [0xff],
  [0xff, 0xff],
  [0x7f, 0xff],
  [0x80, 0x00],
  [0xff, 0xff, 0xff, 0xff],
  [0x7f, 0xff, 0xff, 0xff],
  [0x80, 0x00, 0x00, 0x00],
  [0x00, 0x0f, 0x42, 0x40],
  [0xff, 0xff, 0xff, 0xff, 0x07],
  [0xff, 0xff, 0xff, 0xff, 0x0f],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
  [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80],
]

type Mutation = (bytes: Uint8Array, chance: Chance) => Uint8Array

const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts))

const changedAt = (bytes: Uint8Array, at: number, by: Iterable<number>): Uint8Array => {
  const copy = bytes.slice()
  let position = at
  for (const byte of by) if (position < copy.length) copy[position++] = byte
  return copy
}

/** Two positions, in order. */
const range = ({ length }: Uint8Array, { below }: Chance): readonly [number, number] => {
  const [a, b] = [below(length + 1), below(length + 1)]
  return a < b ? [a, b] : [b, a]
}

const MUTATIONS: readonly Mutation[] = [
  (bytes, { below }) => {
    const at = below(bytes.length)
    return changedAt(bytes, at, [(bytes[at] ?? 0) ^ (1 << below(8))])
  },
  (bytes, { below }) => changedAt(bytes, below(bytes.length), [below(256)]),
  (bytes, { below, pick }) => changedAt(bytes, below(bytes.length), pick(INTERESTING)),
  (bytes, { below, pick }) => {
    const at = below(bytes.length + 1)
    return joined(bytes.subarray(0, at), Uint8Array.from(pick(INTERESTING)), bytes.subarray(at))
  },
  (bytes, { below }) => bytes.subarray(0, below(bytes.length + 1)),
  (bytes, chance) => {
    const [from, to] = range(bytes, chance)
    return joined(bytes.subarray(0, from), bytes.subarray(to))
  },
  (bytes, chance) => {
    const [from, to] = range(bytes, chance)
    return joined(bytes.subarray(0, to), bytes.subarray(from, to), bytes.subarray(to))
  },
  (bytes, { below, bytes: random }) => joined(bytes, random(below(64))),
]

/** One to eight changes, one upon the other. */
export function mutated(bytes: Uint8Array, chance: Chance): Uint8Array {
  let result = bytes
  for (let i = chance.below(8); i >= 0; i--) result = chance.pick(MUTATIONS)(result, chance).subarray(0, MOST_BYTES)
  return result
}

/** Mostly short; now and then as long as can be, and then also of few different bytes: that makes the most elements. */
export function randomBytes(chance: Chance): Uint8Array {
  const length = Math.floor(MOST_BYTES ** chance.next())
  if (chance.next() < 0.7) return chance.bytes(length)
  const pattern = chance.bytes(1 + chance.below(4)).map((byte) => (chance.next() < 0.7 ? byte & 3 : byte))
  return Uint8Array.from({ length }, (_, i) => (i < 4 ? chance.below(256) : (pattern[i % pattern.length] ?? 0)))
}
