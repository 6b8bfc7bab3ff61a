import Table from 'cli-table3'
import type { Case, Dimension } from './dimensions'
import { exponents } from './growth'
import type { Took } from './load'

/** What the rounds of one case came to. */
export interface Measured {
  readonly of: Case
  readonly runs: readonly Took[]
}

const MIB = 1024 ** 2

export const whole = (value: number): string => Math.round(value).toLocaleString('en-US')

const cpuMicros = ({ cpuSeconds, delivered }: Took): number => (cpuSeconds / delivered) * 1e6
const rate = ({ delivered, seconds }: Took): number => delivered / seconds

const best = (runs: readonly Took[], cost: (took: Took) => number): number => Math.min(...runs.map(cost))
const worst = (runs: readonly Took[], cost: (took: Took) => number): number => Math.max(...runs.map(cost))

const failures = (runs: readonly Took[]): string => {
  const failed = runs.reduce((sum, run) => sum + run.failed, 0)
  return failed === 0 ? '' : `${whole(failed)} failed`
}

const HEAD = ['records/s', '(worst)', 'CPU us', '(worst)', 'of^x', 'MB/s', 'loop p99', 'peak MiB', '']

const row = ({ of, runs }: Measured, exponent: number | null): readonly string[] => [
  ...[whole(worst(runs, rate)), whole(best(runs, rate))],
  ...[best(runs, cpuMicros).toFixed(2), worst(runs, cpuMicros).toFixed(2), exponent === null ? '' : exponent.toFixed(2)],
  ...[((worst(runs, rate) * of.recordBytes) / 1e6).toFixed(1), best(runs, ({ loop }) => loop.p99).toFixed(1)],
  ...[(worst(runs, ({ peakBytes }) => peakBytes) / MIB).toFixed(0), failures(runs)],
]

/** A blank table, its first columns words and the others numbers. */
export const tableOf = (head: readonly string[], words: number): InstanceType<typeof Table> => {
  const colAligns = head.map((_, i) => (i < words ? 'left' : 'right')) as ('left' | 'right')[]
  return new Table({ head: [...head], colAligns, style: { head: [], border: [], compact: true } })
}

export const renderDimension = ({ head, about }: Dimension, measured: readonly Measured[]): string => {
  const table = tableOf(['', head, ...HEAD], 1)
  for (const line of new Set(measured.map(({ of }) => of.line))) {
    const steps = measured.filter(({ of }) => of.line === line)
    const grown = exponents(steps.map(({ of, runs }) => ({ of: of.of, cost: best(runs, cpuMicros) })))
    steps.forEach((step, i) => table.push([line, whole(step.of.of), ...row(step, grown[i] ?? null)]))
  }
  return `${table.toString()}\n\n${about}`
}

export const EXPLANATION = `One client process with the defaults of a producer (acks all, idempotence, linger 5 ms, 32 MiB), fed by generators that are pulled, on the
machine of the broker; the first records are not measured. Best of the rounds, and the worst. CPU us: of the whole client process for one
record. of^x: how its CPU grew from the line above: 0 not at all, 1 as fast as what grew. loop p99: between two turns of a timer of 1 ms, so
that 1 ms is no delay. peak MiB: resident memory at most, the largest of the rounds.`
