import type { ClientName } from '../clients/client'
import { OURS } from '../clients/all'
import type { Outcome } from '../job'
import { figure, METRICS, ratio, said } from '../metrics'
import type { Metric, Ratio } from '../metrics'
import type { Measured } from '../results'
import { TARGETS } from '../targets'
import type { Target } from '../targets'

/** What became of a target, for one of ours: on one version of Node. */
export interface Verdict {
  readonly target: Target
  readonly ours: ClientName
  readonly outcome: 'met' | 'missed' | 'not measured'
  /** In words. */
  readonly measured: string | undefined
}

const outcomesOf = (measured: Measured, client: ClientName): readonly Outcome[] =>
  measured.parts.find((part) => part.client === client)?.outcomes ?? []

/** Of several references the one that is hardest to beat. */
const hardest = (measured: Measured, clients: readonly ClientName[], metric: Metric): readonly Outcome[] => {
  const candidates = clients.map((client) => outcomesOf(measured, client)).filter((outcomes) => figure(outcomes, metric) !== null)
  const sign = METRICS[metric].better === 'more' ? -1 : 1
  const best = (outcomes: readonly Outcome[]): number => figure(outcomes, metric)?.best ?? NaN
  return [...candidates].sort((a, b) => sign * (best(a) - best(b)))[0] ?? []
}

const met = ({ bound, value }: Target, actual: number): boolean => (bound === 'at least' ? actual >= value : actual <= value)

const inWords = ({ ofBests, from, to }: Ratio): string => `${ofBests.toFixed(2)} (${from.toFixed(2)}–${to.toFixed(2)})`

const judge = (target: Target, ours: ClientName, measured: Measured): Verdict => {
  const { metric, of } = target
  const own = outcomesOf(measured, ours)
  if (!of) {
    const best = figure(own, metric)?.best
    if (best === undefined) return { target, ours, outcome: 'not measured', measured: undefined }
    return { target, ours, outcome: met(target, best) ? 'met' : 'missed', measured: said(best, metric) }
  }
  const found = ratio(own, hardest(measured, of.clients, metric), metric)
  if (!found) return { target, ours, outcome: 'not measured', measured: undefined }
  return { target, ours, outcome: met(target, found.ofBests) ? 'met' : 'missed', measured: inWords(found) }
}

/** Each target of each case that was measured, for each of ours that took part. */
export const verdicts = (all: readonly Measured[], targets: readonly Target[] = TARGETS): readonly Verdict[] =>
  targets.flatMap((target) => {
    const measured = all.find((one) => one.case === target.case)
    if (!measured) return []
    return OURS.filter((ours) => measured.parts.some(({ client }) => client === ours)).map((ours) => judge(target, ours, measured))
  })

/** `records/s, at least 1.8 × the best Java` */
export const wording = ({ metric, bound, value, of }: Target): string => {
  const { head } = METRICS[metric]
  return of ? `${head}, ${bound} ${value.toFixed(2)} × ${of.title}` : `${head}, ${bound} ${said(value, metric)}`
}
