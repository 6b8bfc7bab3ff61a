/** Results as people read them. */
import Table from 'cli-table3'
import { PROMISES } from './judge'
import type { Result } from './run'

const HEAD = [
  ...['fault', 'other than default', 'sent', 'acknowledged', 'failed', 'missing', 'duplicated', 'misplaced', 'out of order'],
  ...['denied', 'unsettled', 'settled twice', 'excused', 'retries', 'broken conn.', 'longest gap ms', 'longest wait ms'],
]

const listed = (values: Readonly<Record<string, unknown>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join('\n')

const row = (result: Result): readonly string[] => [
  ...[result.scenario.name, listed(result.scenario.config ?? {})],
  ...[String(result.sent), String(result.delivered), listed(result.failed) || '0'],
  ...PROMISES.map((promise) => String(result[promise].length)),
  ...[result.excused, result.retries, result.brokenConnections].map(String),
  ...[result.longestGap, result.longestWait].map((ms) => String(Math.round(ms))),
]

export const renderResults = (results: readonly Result[]): string => {
  const colAligns = HEAD.map((_, i) => (i < 2 ? 'left' : 'right')) as ('left' | 'right')[]
  const table = new Table({ head: HEAD, colAligns, style: { head: [], border: [], compact: true } })
  for (const result of results) table.push([...row(result)])
  return table.toString()
}

/** What may be excused, and what went wrong, a line each. */
export const remarks = (results: readonly Result[]): readonly string[] => [
  ...results.flatMap(({ scenario: { name, excused } }) => (excused === undefined ? [] : [`excused in "${name}": ${excused}.`])),
  ...results.flatMap(({ scenario: { name, mustBreak } }) => (mustBreak === undefined ? [] : [`must not be 0 in "${name}": ${mustBreak}.`])),
  ...results.flatMap(({ scenario: { name }, problems }) => problems.map((problem) => `BROKEN in "${name}": ${problem}`)),
]
