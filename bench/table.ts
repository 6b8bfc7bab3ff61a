import Table from 'cli-table3'
import { best, ratio } from './measurement'
import type { Measurement, Metric } from './measurement'

export interface Side {
  readonly name: string
  readonly runs: readonly Measurement[]
}

/** The runs of both sides under one load, in the order in which they took turns. */
export interface Comparison {
  readonly name: string
  readonly ours: Side
  readonly theirs: Side
}

interface Column {
  readonly head: string
  readonly metric: Metric
  readonly digits: number
}

const COLUMNS: readonly Column[] = [
  { head: 'records/s', metric: 'recordsPerSecond', digits: 0 },
  { head: 'MB/s', metric: 'megabytesPerSecond', digits: 1 },
  { head: 'CPU s/M', metric: 'cpuPerMillion', digits: 2 },
  { head: 'peak MB', metric: 'peakMegabytes', digits: 0 },
  { head: 'p50 ms', metric: 'p50', digits: 1 },
  { head: 'p99 ms', metric: 'p99', digits: 1 },
]

const number = (value: number, digits: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })

const bests = (runs: readonly Measurement[]): readonly string[] => COLUMNS.map(({ metric, digits }) => number(best(runs, metric), digits))

const ratios = ({ ours, theirs }: Comparison): readonly string[] =>
  COLUMNS.map(({ metric }) => {
    const { ofBests, from, to } = ratio(ours.runs, theirs.runs, metric)
    return `${ofBests.toFixed(2)} (${from.toFixed(2)}-${to.toFixed(2)})`
  })

export const renderComparisons = (comparisons: readonly Comparison[]): string => {
  const head = ['load', 'side', ...COLUMNS.map((column) => column.head)]
  const colAligns = head.map((_, i) => (i < 2 ? 'left' : 'right')) as ('left' | 'right')[]
  const table = new Table({ head, colAligns, style: { head: [], border: [], compact: true } })
  for (const comparison of comparisons) {
    const { name, ours, theirs } = comparison
    table.push([name, ours.name, ...bests(ours.runs)])
    table.push(['', theirs.name, ...bests(theirs.runs)])
    table.push(['', `${ours.name} / ${theirs.name}`, ...ratios(comparison)])
  }
  return table.toString()
}
