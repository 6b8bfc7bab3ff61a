/** Choices of a scenario, from a seed: the same seed gives the same sequence of requests. */
import { seeded } from '../../../../lib/testing/seeded'

export interface Chance {
  /** A whole number in [0, below). */
  below(below: number): number
  /** Whole, both ends inclusive. */
  between(least: number, most: number): number
  pick<T>(values: readonly T[]): T
  /** True in so many of 1. */
  happens(share: number): boolean
  shuffled<T>(values: readonly T[]): T[]
  bytes(length: number): Uint8Array
}

/** Each scenario has its own, so that it can be had without those before it. */
export function chanceOf(seed: number, name: string): Chance {
  const next = seeded(hashOf(name, seed))
  const below = (most: number): number => Math.floor(next() * most)
  const shuffled = <T>(values: readonly T[]): T[] => {
    const rest = [...values]
    return Array.from({ length: rest.length }, () => rest.splice(below(rest.length), 1)).flat()
  }
  return {
    below,
    between: (least, most) => least + below(most - least + 1),
    pick: (values) => values[below(values.length)],
    happens: (share) => next() < share,
    shuffled,
    bytes: (length) => Uint8Array.from({ length }, () => below(256)),
  }
}

const hashOf = (text: string, seed: number): number => Buffer.from(text).reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), seed)
