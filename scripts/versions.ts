/** `npm run test:versions`: the integration suites that a producer lives by, on releases of Apache Kafka old and new. */
import Table from 'cli-table3'
import { arch, cpus, platform } from 'node:os'
import { javaOnPath } from '../kafka/java'
import { isRelease, RELEASES, startRelease } from '../kafka/releases'
import type { Release } from '../kafka/releases'
import { chosenVersions } from './versions/chosen'
import { isGreen, runSuites, summaryOf } from './versions/suites'
import type { SuitesReport } from './versions/suites'

const HELP = `Runs integration suites on each release of Apache Kafka, fetched from Maven Central, and read back by the consumer of the newest.

  npm run test:versions              ${Object.keys(RELEASES).join(', ')}
  npm run test:versions -- 2.8.2     some of them
`

/** As the integration suites expect it of the broker that they start themselves: see spec/integration/setup.ts. */
const SETTINGS = { 'auto.create.topics.enable': 'false', 'log.retention.hours': '-1' }

interface Row {
  readonly release: Release
  readonly chosen: Readonly<Record<string, number>>
  readonly report: SuitesReport
}

const textOf = (chosen: Row['chosen']): string =>
  Object.entries(chosen)
    .map(([api, version]) => `${api} ${String(version)}`)
    .join(', ')

const tried = async (release: Release): Promise<Row> => {
  const kafka = await startRelease(release, SETTINGS)
  try {
    const chosen = await chosenVersions(kafka.bootstrap)
    const report = runSuites('integration', { KAFKARX_KAFKA: kafka.bootstrap })
    const row = { release, chosen, report }
    console.log(JSON.stringify({ release, keeper: RELEASES[release], chosen, suites: report.suites, failures: report.failures }))
    return row
  } finally {
    await kafka.stop()
  }
}

const tableOf = (rows: readonly Row[]): string => {
  const table = new Table({ head: ['Apache Kafka', 'metadata kept by', 'versions chosen', 'specs'], style: { head: [], border: [] } })
  for (const { release, chosen, report } of rows) table.push([release, RELEASES[release], textOf(chosen), summaryOf(report)])
  return table.toString()
}

async function main(): Promise<void> {
  const args = process.argv.slice(2)
  if (args.includes('--help')) return void process.stdout.write(HELP)
  const unknown = args.filter((one) => !isRelease(one))
  if (unknown.length > 0) throw new Error(`no such release here: ${unknown.join(', ')}; there are ${Object.keys(RELEASES).join(', ')}`)
  const java = await javaOnPath()
  if (!java.ok) throw new Error(java.reason)
  console.log(`npm run test:versions${args.length === 0 ? '' : ` -- ${args.join(' ')}`}`)
  console.log(`${new Date().toISOString()}, ${String(cpus().length)} cores, ${platform()} ${arch()}, Node ${process.version}`)
  const rows: Row[] = []
  for (const release of args.length === 0 ? Object.keys(RELEASES) : args) if (isRelease(release)) rows.push(await tried(release))
  console.log(tableOf(rows))
  if (!rows.every(({ report }) => isGreen(report))) process.exitCode = 1
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
