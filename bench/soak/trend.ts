/** Whether something that was looked at again and again grows. */

export interface Point {
  /** Minutes. */
  readonly at: number
  readonly value: number
}

export interface Trend {
  readonly mean: number
  /** Of a straight line through the points, by least squares; a minute. */
  readonly slope: number
  /** Its standard error. */
  readonly error: number
  /** By the line, from the first point to the last. */
  readonly change: number
}

/** Noise of a straight line goes beyond three errors once in 370 times. */
const CERTAIN = 3
/** Nobody cares for less, however sure it is: a part of the mean. */
const WORTH_MENTIONING = 0.02

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/**
 * Neighbours are alike (a collector makes its memory rise for a while and fall at once), which makes the error of single points too small: so it is taken from
 * the means of blocks, as many as `blocks`.
 */
export function trendOf(points: readonly Point[], blocks = 12): Trend {
  const size = Math.max(1, Math.floor(points.length / blocks))
  const means = Array.from({ length: Math.ceil(points.length / size) }, (_, i) => points.slice(i * size, (i + 1) * size)).map((block) => ({
    at: mean(block.map(({ at }) => at)),
    value: mean(block.map(({ value }) => value)),
  }))
  const [middle, level] = [mean(means.map(({ at }) => at)), mean(means.map(({ value }) => value))]
  const spread = means.reduce((sum, { at }) => sum + (at - middle) ** 2, 0)
  const slope = means.reduce((sum, { at, value }) => sum + (at - middle) * (value - level), 0) / spread
  const residue = means.reduce((sum, { at, value }) => sum + (value - level - slope * (at - middle)) ** 2, 0)
  const error = Math.sqrt(residue / (means.length - 2) / spread)
  const [first, last] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 0]
  return { mean: level, slope, error, change: slope * (last - first) }
}

/** Beyond chance, and enough to matter. */
export const grows = ({ mean: level, slope, error, change }: Trend): boolean =>
  slope > CERTAIN * error && change > WORTH_MENTIONING * Math.abs(level)
