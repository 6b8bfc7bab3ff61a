/** `npm run test:runtimes`: the suites on every Node that is meant, and the built package on them, on Bun and on Deno. */
import Table from 'cli-table3'
import { execFileSync } from 'node:child_process'
import { cpus } from 'node:os'
import { startKafka } from '../kafka/broker'
import { startHarness } from '../kafka/harness'
import type { Harness } from '../kafka/harness'
import { javaOnPath } from '../kafka/java'
import { installed, RUNTIMES } from './runtimes/install'
import type { RuntimeName } from './runtimes/install'
import { journeyOn, journeySummary } from './runtimes/journey'
import type { Step } from './runtimes/journey'
import { isGreen, runSuites, summaryOf } from './versions/suites'
import type { SuitesReport } from './versions/suites'

const HELP = `Runs the unit suites and one integration suite on Node, and a journey of the built package on Node, Bun and Deno, each from npm.

  npm run test:runtimes                    ${Object.keys(RUNTIMES).join(', ')}
  npm run test:runtimes -- node@24 bun     some of them
`

interface Row {
  readonly name: RuntimeName
  readonly version: string
  readonly unit?: SuitesReport
  readonly integration?: SuitesReport
  readonly steps: readonly Step[]
}

const isRuntime = (text: string): text is RuntimeName => text in RUNTIMES

const tried = async (name: RuntimeName, bootstrap: string, java: Harness): Promise<Row> => {
  const program = installed(name)
  const version = execFileSync(program, ['--version'], { encoding: 'utf8' }).split('\n')[0] ?? ''
  const steps = await journeyOn(name, program, { bootstrap, java })
  const row = { name, version, steps }
  if (RUNTIMES[name].kind !== 'node') return row
  const integration = runSuites('acknowledgement', { KAFKARX_KAFKA: bootstrap }, program)
  return { ...row, integration, unit: runSuites('unit', {}, program) }
}

const rawOf = ({ unit, integration, ...row }: Row): string => {
  const suites = (report?: SuitesReport) => report && { summary: summaryOf(report), failures: report.failures }
  return JSON.stringify({ ...row, integration: suites(integration), unit: suites(unit) })
}

const cell = (report?: SuitesReport): string => (report ? summaryOf(report) : 'not run: jest runs on Node')

const tableOf = (rows: readonly Row[]): string => {
  const table = new Table({
    head: ['runtime', 'version', 'package', 'one integration suite', 'unit suites'],
    style: { head: [], border: [] },
  })
  for (const { name, version, steps, integration, unit } of rows)
    table.push([name, version, journeySummary(steps), cell(integration), cell(unit)])
  return table.toString()
}

const isWhole = ({ steps, unit, integration }: Row): boolean =>
  steps.every(({ ok }) => ok) && [unit, integration].every((report) => report === undefined || isGreen(report))

const asked = (args: readonly string[]): readonly RuntimeName[] => {
  const unknown = args.filter((one) => !isRuntime(one))
  if (unknown.length > 0) throw new Error(`no such runtime here: ${unknown.join(', ')}; there are ${Object.keys(RUNTIMES).join(', ')}`)
  return (args.length === 0 ? Object.keys(RUNTIMES) : args).filter(isRuntime)
}

const runAll = async (names: readonly RuntimeName[]): Promise<readonly Row[]> => {
  const kafka = await startKafka({ properties: { 'auto.create.topics.enable': 'false', 'log.retention.hours': '-1' } })
  const java = await startHarness(kafka.bootstrap)
  const rows: Row[] = []
  try {
    for (const name of names) {
      const row = await tried(name, kafka.bootstrap, java)
      rows.push(row)
      console.log(rawOf(row))
    }
  } finally {
    await java.stop()
    await kafka.stop()
  }
  return rows
}

async function main(): Promise<void> {
  const args = process.argv.slice(2)
  if (args.includes('--help')) return void process.stdout.write(HELP)
  const names = asked(args)
  const java = await javaOnPath()
  if (!java.ok) throw new Error(java.reason)
  console.log(`npm run test:runtimes${args.length === 0 ? '' : ` -- ${args.join(' ')}`}`)
  console.log(`${new Date().toISOString()}, ${String(cpus().length)} cores`)
  const rows = await runAll(names)
  console.log(tableOf(rows))
  if (!rows.every(isWhole)) process.exitCode = 1
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
