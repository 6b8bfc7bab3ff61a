import type { Sample } from '../scale/load'
import { tableOf, whole } from '../scale/report'
import { grows, trendOf } from './trend'

const MIB = 1024 ** 2
const MOST_LINES = 60
const FEWEST_POINTS = 4

interface Column {
  readonly head: string
  readonly of: (sample: Sample) => number
  readonly digits: number
  /** Must not grow. */
  readonly isHeld: boolean
}

const COLUMNS: readonly Column[] = [
  { head: 'records', of: ({ delivered }) => delivered, digits: 0, isHeld: false },
  { head: 'failed', of: ({ failed }) => failed, digits: 0, isHeld: true },
  { head: 'CPU us', of: ({ cpuSeconds, delivered }) => (cpuSeconds / delivered) * 1e6, digits: 3, isHeld: true },
  { head: 'RSS MiB', of: ({ rss }) => rss / MIB, digits: 1, isHeld: true },
  { head: 'heap MiB', of: ({ heapUsed }) => heapUsed / MIB, digits: 1, isHeld: true },
  { head: 'buffers MiB', of: ({ arrayBuffers }) => arrayBuffers / MIB, digits: 1, isHeld: true },
  { head: 'held MiB', of: ({ held }) => held / MIB, digits: 2, isHeld: true },
  { head: 'unsettled', of: ({ unsettled }) => unsettled, digits: 0, isHeld: true },
  { head: 'loop p50', of: ({ loop }) => loop.p50, digits: 1, isHeld: true },
  { head: 'p99', of: ({ loop }) => loop.p99, digits: 1, isHeld: true },
  { head: 'longest', of: ({ loop }) => loop.longest, digits: 1, isHeld: false },
  { head: 'own p99', of: ({ loop }) => loop.cpuP99, digits: 1, isHeld: true },
  { head: 'longest', of: ({ loop }) => loop.cpuLongest, digits: 1, isHeld: false },
  { head: 'GC', of: ({ collections }) => collections.count, digits: 0, isHeld: false },
  { head: 'ms', of: ({ collections }) => collections.totalMs, digits: 0, isHeld: false },
  { head: 'longest', of: ({ collections }) => collections.longestMs, digits: 1, isHeld: false },
]

const text = (value: number, digits: number): string => (digits === 0 ? whole(value) : value.toFixed(digits))

/** Every n-th, so that a page is enough for all of them. */
const course = (samples: readonly Sample[]): string => {
  const table = tableOf(['s', ...COLUMNS.map(({ head }) => head)], 0)
  const every = Math.ceil(samples.length / MOST_LINES)
  for (const sample of samples.filter((_, i) => (i + 1) % every === 0))
    table.push([whole(sample.second), ...COLUMNS.map(({ of, digits }) => text(of(sample), digits))])
  return table.toString()
}

/** What was looked at over the second half: in the first, memory comes to where it stays. */
const trends = (samples: readonly Sample[]) => {
  const half = samples.slice(Math.floor(samples.length / 2))
  return COLUMNS.filter(({ isHeld }) => isHeld).map(({ head, of, digits }) => ({
    ...{ head, digits },
    trend: trendOf(half.map((sample) => ({ at: sample.second / 60, value: of(sample) }))),
  }))
}

const trendTable = (samples: readonly Sample[]): string => {
  const table = tableOf(['second half', 'mean', 'a minute', '+/-', 'in all', 'grows'], 1)
  for (const { head, digits, trend } of trends(samples)) {
    const { mean, slope, error, change } = trend
    table.push([head, text(mean, digits), slope.toFixed(4), error.toFixed(4), change.toFixed(3), grows(trend) ? 'YES' : 'no'])
  }
  return table.toString()
}

export const growing = (samples: readonly Sample[]): readonly string[] =>
  trends(samples)
    .filter(({ trend }) => grows(trend))
    .map(({ head }) => head)

export const renderSoak = (samples: readonly Sample[]): string => {
  if (samples.length < 2 * FEWEST_POINTS) return `${course(samples)}\n\ntoo short to say whether anything grows`
  const names = growing(samples)
  const verdict = names.length === 0 ? 'nothing grows' : `grows: ${names.join(', ')}`
  return `${course(samples)}\n\n${trendTable(samples)}\n\n${verdict}`
}

export const EXPLANATION = `Records of 100 B, no keys, pulled without an end by one producer with its defaults, to 6 partitions of one real broker on the same machine, whose
log keeps 32 MiB of each. records, failed: since the line before, as are loop, GC and CPU us (of one record). held: of bufferMemory. loop: time
between two turns of a timer of 1 ms, so that 1 ms is no delay; own: what the thread itself ran of it. Second half: a straight line through
twelve means of what was sampled; +/- its standard error. It grows when that is more than three errors, and more than 2 % of the mean.`
