import { figure, METRICS, ratio, said } from '../metrics'
import type { Metric } from '../metrics'
import type { Part } from '../results'
import { tableOf } from '../scale/report'

export type Run = Pick<Part<string>, 'client' | 'outcomes' | 'reason'>

const SHOWN: readonly Metric[] = ['recordsPerSecond', 'cpuPerMillion', 'held', 'peakMegabytes']
const COMPARED: readonly Metric[] = ['recordsPerSecond', 'cpuPerMillion']

const best = ({ outcomes }: Run, metric: Metric): string => {
  const found = figure(outcomes, metric)
  return found ? `${said(found.best, metric)} (${said(found.worst, metric)})` : '-'
}

const median = (sorted: readonly number[]): number => {
  const half = sorted.length / 2
  return ((sorted[Math.ceil(half) - 1] ?? NaN) + (sorted[Math.floor(half)] ?? NaN)) / 2
}

/** Of the runs that stood side by side: what goes on beside the bench meets both. */
export const beside = (ours: Run, theirs: Run, metric: Metric): string => {
  const found = ratio(ours.outcomes, theirs.outcomes, metric)
  if (!found) return '-'
  const valueOf = ({ outcomes }: Run, i: number): number => outcomes[i] && (METRICS[metric].of(outcomes[i]) ?? NaN)
  const pairs = ours.outcomes.map((_, i) => valueOf(ours, i) / valueOf(theirs, i)).filter((one) => !Number.isNaN(one))
  const middle = median([...pairs].sort((a, b) => a - b))
  return `${found.ofBests.toFixed(2)}; ${middle.toFixed(2)} (${found.from.toFixed(2)}-${found.to.toFixed(2)})`
}

/** The first of them is what the others are compared with. */
export const renderRuns = (runs: readonly Run[]): string => {
  const [first] = runs
  const heads = (metrics: readonly Metric[]): readonly string[] => metrics.map((metric) => METRICS[metric].head)
  const table = tableOf(['', ...heads(SHOWN), ...heads(COMPARED).map((head) => `x ${head}`)], 1)
  for (const run of runs) {
    const ratios = first === undefined || run === first ? COMPARED.map(() => '') : COMPARED.map((metric) => beside(run, first, metric))
    table.push([run.client, ...SHOWN.map((metric) => best(run, metric)), ...ratios])
  }
  const failures = runs.flatMap(({ client, reason }) => (reason === undefined ? [] : [`${client} failed: ${reason}`]))
  return [table.toString(), ...failures].join('\n')
}

export const EXPLANATION = `Best of the rounds (the worst). x: by the first line, of the bests; the median of the rounds, each with the run that stood beside it (the least
and the greatest). Client and broker share the machine's cores.`
