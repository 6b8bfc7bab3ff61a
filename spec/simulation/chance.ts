/** What is drawn from a seed. */
import { seeded } from '../../lib/testing/seeded'

export interface Chance {
  /** In [0, 1). */
  readonly next: () => number
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number
  pick<T>(values: readonly T[]): T
  /** True in so many of a hundred cases. */
  percent(percent: number): boolean
  /** One of the names, as often as its weight says. */
  weighted<T extends string>(weights: Readonly<Record<T, number>>): T
  /** So many draws. */
  times<T>(count: number, draw: (index: number) => T): T[]
}

/** Neighbouring seeds must not begin alike: they are mixed before. */
const MIX = 0x9e3779b1

export function chanceOf(seed: number): Chance {
  const next = seeded(Math.imul(seed + 1, MIX))
  const between = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1))
  const pick = <T>(values: readonly T[]): T => values[between(0, values.length - 1)]
  const weighted = <T extends string>(weights: Readonly<Record<T, number>>): T => {
    const entries = Object.entries<number>(weights) as [T, number][]
    let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0)
    const [last] = entries[entries.length - 1]
    return entries.find(([, weight]) => (left -= weight) < 0)?.[0] ?? last
  }
  return {
    ...{ next, between, pick, weighted },
    percent: (percent) => next() * 100 < percent,
    times: (count, draw) => Array.from({ length: count }, (_, index) => draw(index)),
  }
}
