import { seeded } from '../../spec/generated/support/values'

/** Chance that can be had again: the same seed gives the same cases. */
export interface Chance {
  /** In [0, 1). */
  readonly next: () => number
  /** A whole number in [0, below). */
  readonly below: (below: number) => number
  readonly bytes: (length: number) => Uint8Array
  readonly pick: <T>(values: readonly T[]) => T
}

const MIX = 0x9e3779b1

/** Each case has its own, so that it can be had without those before it. */
export function chanceOf(seed: number, index: number): Chance {
  const next = seeded((Math.imul(seed, MIX) ^ index) | 0)
  const below = (most: number): number => Math.floor(next() * most)
  return {
    next,
    below,
    bytes: (length) => Uint8Array.from({ length }, () => below(256)),
    pick: (values) => {
      const value = values[below(values.length)]
      if (value === undefined) throw new Error('nothing to pick from')
      return value
    },
  }
}
