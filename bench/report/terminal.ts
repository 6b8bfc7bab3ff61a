import Table from 'cli-table3'
import { ratio } from '../metrics'
import { METRICS } from '../metrics'
import type { Measured } from '../results'
import { caseOf, figuresOf, notesOf, targetsOf } from './rows'
import type { Rows } from './rows'

const drawn = ({ head, rows }: Rows, texts: number): string => {
  const colAligns = head.map((_, i) => (i < texts ? 'left' : 'right')) as ('left' | 'right')[]
  const table = new Table({ head: [...head], colAligns, style: { head: [], border: [], compact: true } })
  for (const row of rows) table.push([...row])
  return table.toString()
}

/** The table of one case. */
export const renderCase = (measured: Measured): string =>
  [caseOf(measured).title, drawn(figuresOf(measured), 1), ...notesOf(measured)].join('\n')

export const renderTargets = (all: readonly Measured[]): string => drawn(targetsOf(all), 2)

/** This tree by the other: ratios of the bests, in brackets those of runs side by side. */
export const renderAgainst = (all: readonly Measured[]): string => {
  const rows = all.flatMap((measured) => {
    const [ours, theirs] = ['kafkarx', 'other'].map((name) => measured.parts.find(({ client }) => client === name)?.outcomes ?? [])
    return caseOf(measured).metrics.flatMap((metric) => {
      const found = ratio(ours ?? [], theirs ?? [], metric)
      return found
        ? [[measured.case, METRICS[metric].head, found.ofBests.toFixed(2), `${found.from.toFixed(2)}–${found.to.toFixed(2)}`]]
        : []
    })
  })
  return drawn({ head: ['case', '', 'this / other', 'side by side'], rows }, 2)
}
