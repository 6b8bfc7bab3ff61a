import Table from 'cli-table3'
import type { Tally } from './tally'
import type { Difference } from './vector'

const MOST_SHOWN = 10
/** A value may hold strings of 32 KiB. */
const MOST_CHARACTERS = 4000

export interface Report {
  readonly command: string
  readonly versions: readonly string[]
  readonly tallies: readonly Tally[]
  /** Those of the tallies that must cover every pair. */
  readonly directions: readonly Tally[]
  readonly pairs: ReadonlySet<string>
  readonly seconds: number
}

/** Pairs of which not both directions have checked any bytes. */
export const missingPairs = ({ directions, pairs }: Pick<Report, 'directions' | 'pairs'>): readonly string[] =>
  [...pairs].filter((pair) => !directions.every((tally) => tally.pairs.has(pair)))

export const differencesOf = ({ tallies }: Pick<Report, 'tallies'>): readonly Difference[] =>
  tallies.flatMap(({ differences }) => differences)

export const reportText = (report: Report): string => {
  const { command, versions, seconds, pairs } = report
  const missing = missingPairs(report)
  const differences = differencesOf(report)
  const total = report.tallies.reduce((sum, { vectors }) => sum + vectors, 0)
  return [
    `$ ${command}`,
    ...versions,
    '',
    tableOf(report.tallies),
    '',
    `${String(total)} vectors in ${seconds.toFixed(1)} s`,
    `(message, version) pairs covered both ways: ${String(pairs.size - missing.length)} of ${String(pairs.size)}`,
    ...missing.map((pair) => `  not covered: ${pair}`),
    `differences: ${String(differences.length)}`,
    ...differences.slice(0, MOST_SHOWN).flatMap(differenceLines),
    '',
  ].join('\n')
}

const tableOf = (tallies: readonly Tally[]): string => {
  const head = ['checked', 'vectors', 'of these refused', 'pairs', 'differences']
  const table = new Table({ head, colAligns: ['left', 'right', 'right', 'right', 'right'], style: { head: [], border: [], compact: true } })
  for (const { name, vectors, refused, pairs, differences } of tallies) {
    table.push([name, vectors, refused || '', pairs.size || '', differences.length])
  }
  return table.toString()
}

const differenceLines = ({ where, value, ours, java }: Difference): readonly string[] => [
  `  ${where}`,
  `    value ${short(value)}`,
  `    ours  ${short(ours)}`,
  `    Java  ${short(java)}`,
]

const short = (text: string): string =>
  text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}... (${String(text.length)} characters)`
