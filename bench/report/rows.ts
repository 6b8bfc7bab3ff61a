import { CASES } from '../cases'
import type { Case } from '../cases'
import { CLIENTS, OURS } from '../clients/all'
import type { ClientName } from '../clients/client'
import { figure, METRICS, said } from '../metrics'
import type { Metric } from '../metrics'
import type { Measured, Part } from '../results'
import { verdicts, wording } from './verdicts'

/** What stands in a table, whatever draws it. */
export interface Rows {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** Of another tree there is no entry among the clients. */
export const titleOf = (client: ClientName): string => CLIENTS.find(({ name }) => name === client)?.title ?? 'the other tree'

export const caseOf = ({ case: name }: Measured): Case => {
  const found = CASES.find((one) => one.name === name)
  if (!found) throw new Error(`there is no case ${name}: its results are of an earlier bench`)
  return found
}

const cell = ({ outcomes }: Part, metric: Metric): string => {
  const found = figure(outcomes, metric)
  if (!found) return '-'
  return outcomes.length === 1 ? said(found.best, metric) : `${said(found.best, metric)} (${said(found.worst, metric)})`
}

/** A line for each client: the best of its runs and, in brackets, the worst. */
export const figuresOf = (measured: Measured): Rows => {
  const { metrics } = caseOf(measured)
  return {
    head: ['', ...metrics.map((metric) => METRICS[metric].head)],
    rows: measured.parts.map((part) => [titleOf(part.client), ...metrics.map((metric) => cell(part, metric))]),
  }
}

/** Why there is a gap in the table: a line for each client that failed or is absent. */
export const notesOf = ({ parts, rounds }: Measured): readonly string[] =>
  parts.flatMap(({ client, version, outcomes, reason }) => {
    if (reason === undefined) return []
    const what = version === '' ? 'is absent' : `failed in round ${outcomes.length + 1} of ${rounds}`
    return [`${titleOf(client)} ${what}: ${reason}`]
  })

/** A line for each target of the cases measured: what was wanted, what came of it on each Node. */
export const targetsOf = (all: readonly Measured[]): Rows => {
  const found = verdicts(all)
  const rows = [...new Set(found.map(({ target }) => target))].map((target) => {
    const ofOne = (ours: ClientName): string => {
      const verdict = found.find((one) => one.target === target && one.ours === ours)
      if (!verdict?.measured) return verdict?.outcome ?? '-'
      return `${verdict.measured}: ${verdict.outcome}`
    }
    return [target.case, wording(target), ...OURS.map(ofOne)]
  })
  return { head: ['case', 'target', ...OURS.map(titleOf)], rows }
}
