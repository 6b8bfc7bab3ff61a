import Table from 'cli-table3'
import type { Cost } from './counting'
import { dearerIn, ratioOf, verdictOf } from './verdicts'
import type { Compared, Measure } from './verdicts'

const whole = (value: number): string => Math.round(value).toLocaleString('en-US')

const percent = (ratio: number): string => `${ratio >= 1 ? '+' : '-'}${Math.abs((ratio - 1) * 100).toFixed(2)} %`

function cells({ base, here }: Compared, measure: Measure): readonly string[] {
  if ('failed' in base) return ['', whole(here[measure]), '']
  return [whole(base[measure]), whole(here[measure]), percent(ratioOf(base, here, measure))]
}

const MEASURES = ['instructions', 'bytes'] as const
const COLUMNS = ['at the base', 'here', ''] as const

export function comparisonTable(all: readonly Compared[]): string {
  const head = [
    'step',
    'of a',
    'base',
    ...MEASURES.flatMap((measure) => COLUMNS.map((column) => (column === '' ? column : `${measure} ${column}`))),
    '',
  ]
  const table = new Table({
    head,
    style: { head: [], border: [] },
    colAligns: ['left', 'left', 'left', ...Array<'right'>(6).fill('right'), 'left'],
  })
  for (const compared of all) {
    const { step, commit, here } = compared
    table.push([step, here.unit, commit.slice(0, 7), ...MEASURES.flatMap((measure) => cells(compared, measure)), verdictOf(compared)])
  }
  return table.toString()
}

/** A sentence for each step that is not simply the same. */
export function remarks(all: readonly Compared[]): readonly string[] {
  return all.flatMap((compared) => {
    const { step, commit, base, here } = compared
    if ('failed' in base) return [`${step} is new: it does not run on ${commit} (${base.failed})`]
    const more = dearerIn(compared).map((measure) => `${percent(ratioOf(base, here, measure))} ${measure}`)
    if (more.length === 0) return []
    return [
      `${step} is dearer than at ${commit}: ${more.join(', ')}. Make it cheaper; or, if it must cost that, commit it and add a line to ` +
        `bench/instructions/base.txt: COMMIT ${step} WHY`,
    ]
  })
}

/** How far several counts of the same are apart: the largest by the smallest. */
export function spreadTable(runs: ReadonlyMap<string, readonly Cost[]>): string {
  const table = new Table({ head: ['step', 'of a', 'instructions', 'spread'], style: { head: [], border: [] } })
  for (const [step, costs] of runs) {
    const counts = costs.map(({ instructions }) => instructions)
    const [least, most] = [Math.min(...counts), Math.max(...counts)]
    table.push([step, costs[0]?.unit ?? '', whole(least), `${((most / least - 1) * 100).toFixed(4)} %`])
  }
  return table.toString()
}
