import Table from 'cli-table3'
import { best, ratio } from './measurement'
import type { Measurement, Metric } from './measurement'

/** The runs of both clients under one load, in the order in which they took turns. */
export interface Comparison {
  readonly name: string
  readonly kafkarx: readonly Measurement[]
  readonly java: readonly Measurement[]
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

const ratios = ({ kafkarx, java }: Comparison): readonly string[] =>
  COLUMNS.map(({ metric }) => {
    const { ofBests, from, to } = ratio(kafkarx, java, metric)
    return `${ofBests.toFixed(2)} (${from.toFixed(2)}-${to.toFixed(2)})`
  })

export const renderComparisons = (comparisons: readonly Comparison[]): string => {
  const head = ['load', 'client', ...COLUMNS.map((column) => column.head)]
  const colAligns = head.map((_, i) => (i < 2 ? 'left' : 'right')) as ('left' | 'right')[]
  const table = new Table({ head, colAligns, style: { head: [], border: [], compact: true } })
  for (const comparison of comparisons) {
    table.push([comparison.name, 'kafkarx', ...bests(comparison.kafkarx)])
    table.push(['', 'Java', ...bests(comparison.java)])
    table.push(['', 'kafkarx / Java', ...ratios(comparison)])
  }
  return table.toString()
}
