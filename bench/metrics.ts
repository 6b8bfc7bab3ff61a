import type { Outcome } from './job'

/** What is looked at of a run. */
export type Metric = 'recordsPerSecond' | 'cpuPerMillion' | 'peakMegabytes' | 'p50' | 'p99' | 'p999' | 'held'

interface About {
  readonly head: string
  readonly digits: number
  readonly better: 'more' | 'less'
  readonly of: (outcome: Outcome) => number | null
}

const MILLION = 1e6
const MIB = 1024 ** 2

export const METRICS: Readonly<Record<Metric, About>> = {
  recordsPerSecond: { head: 'records/s', digits: 0, better: 'more', of: ({ records, seconds }) => records / seconds },
  cpuPerMillion: { head: 'CPU s/M', digits: 2, better: 'less', of: ({ records, cpuSeconds }) => (cpuSeconds / records) * MILLION },
  peakMegabytes: { head: 'peak MB', digits: 0, better: 'less', of: ({ peakBytes }) => peakBytes / MIB },
  p50: { head: 'p50 ms', digits: 2, better: 'less', of: ({ p50 }) => p50 },
  p99: { head: 'p99 ms', digits: 2, better: 'less', of: ({ p99 }) => p99 },
  p999: { head: 'p99.9 ms', digits: 2, better: 'less', of: ({ p999 }) => p999 },
  held: { head: 'loop held ms', digits: 1, better: 'less', of: ({ held }) => held },
}

const values = (outcomes: readonly Outcome[], metric: Metric): readonly number[] =>
  outcomes.map((outcome) => METRICS[metric].of(outcome)).filter((value) => value !== null)

const better = (metric: Metric, from: readonly number[]): number =>
  METRICS[metric].better === 'more' ? Math.max(...from) : Math.min(...from)

/** The best of several runs, and what they came to otherwise: what disturbs a run only ever makes it worse. */
export interface Figure {
  readonly best: number
  readonly worst: number
}

/** null when there is nothing of the kind. */
export const figure = (outcomes: readonly Outcome[], metric: Metric): Figure | null => {
  const all = values(outcomes, metric)
  if (all.length === 0) return null
  const [least, most] = [Math.min(...all), Math.max(...all)]
  const best = better(metric, all)
  return { best, worst: best === most ? least : most }
}

export interface Ratio {
  /** Ours by theirs, of the bests. */
  readonly ofBests: number
  /** The smallest and the largest ratio of runs that stood side by side. */
  readonly from: number
  readonly to: number
}

/** null when one of them has no such figure. */
export const ratio = (ours: readonly Outcome[], theirs: readonly Outcome[], metric: Metric): Ratio | null => {
  const [left, right] = [values(ours, metric), values(theirs, metric)]
  if (left.length === 0 || right.length === 0) return null
  const pairs = left.slice(0, right.length).map((value, i) => value / (right[i] ?? NaN))
  return { ofBests: better(metric, left) / better(metric, right), from: Math.min(...pairs), to: Math.max(...pairs) }
}

export const said = (value: number, metric: Metric): string => {
  const { digits } = METRICS[metric]
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}
