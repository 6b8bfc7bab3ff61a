/**
 * Fails when a spec that docs/parity.md names did not run and pass, by jest's report (`jest --json --outputFile=FILE`), and says how much of
 * Java's suites is covered. That each name stands there once, and that each spec exists, is checked by spec/repository/parity.spec.ts.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { faultsOfRun } from './parity/report'
import type { JestReport } from './parity/report'
import { rowsOf } from './parity/table'

const [, , file = ''] = process.argv
const rows = rowsOf(readFileSync(join(__dirname, '..', 'docs', 'parity.md'), 'utf8'))
const faults = faultsOfRun(rows, JSON.parse(readFileSync(file, 'utf8')) as JestReport)
const tally = new Map<string, number>()
for (const { here } of rows) tally.set(here.type, (tally.get(here.type) ?? 0) + 1)

for (const fault of faults) console.error(fault)
console.log(`${String(rows.length)} cases of Java: ${[...tally].map(([type, count]) => `${String(count)} ${type}`).join(', ')}`)
process.exitCode = faults.length > 0 ? 1 : 0
