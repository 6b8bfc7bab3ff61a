/** `npm run faults`: a steady load on a real cluster of three while everything goes wrong that can. */
import { mkdir, writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { javaOnPath } from '../kafka/java'
import { remarks, renderResults } from '../spec/integration/faults/report'
import { run } from '../spec/integration/faults/run'
import type { Result } from '../spec/integration/faults/run'
import type { Scenario } from '../spec/integration/faults/scenario'
import { SCENARIOS } from '../spec/integration/faults/scenarios'
import { startStage } from '../spec/integration/faults/stage'

const HELP = `A producer with a steady load on three real brokers, three replicas, two of them in sync at least, while a fault happens; then every record
must be settled, and the log, read by Kafka's own consumer, must hold what was acknowledged, once, in order, where it was said to be.

  npm run faults                    every fault; the table is kept in bench/results/faults.txt
  npm run faults -- WORD...         those whose names hold one of the words; nothing is kept
  npm run faults -- --list          their names
`

const RESULTS = join(__dirname, '..', 'bench', 'results', 'faults.txt')

const EXPLANATION = `1,000 records/s of 40 keys into 6 partitions by kafka.send with a producer's defaults (acks all, idempotence, 5 in flight) but for what stands in the
second column: where the fault is silence, its default of 30 s would only make the run longer. failed: by code. missing: acknowledged, and
not in the log. duplicated: in the log more than once. misplaced: not at the partition and offset of its delivery. out of order: behind a later
record of its key, where of two copies the first counts. denied: failed as not in the log, and there. excused: of which less is promised, see below. broken conn.: connections that
broke or could not be opened. longest gap: between two deliveries, of any partitions. longest wait: of a record for its delivery.`

const say = (...lines: readonly string[]): void => void process.stdout.write(lines.map((line) => `${line}\n`).join(''))

const machine = (): string => {
  const load = (loadavg()[0] ?? 0).toFixed(1)
  return `${new Date().toISOString()}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}; load of the machine before: ${load}`
}

async function playAll(scenarios: readonly Scenario[]): Promise<readonly Result[]> {
  const stage = await startStage()
  try {
    const results: Result[] = []
    for (const scenario of scenarios) {
      const started = performance.now()
      const result = await run(scenario, stage)
      results.push(result)
      const took = ((performance.now() - started) / 1000).toFixed(0)
      say(
        `${result.problems.length === 0 ? 'passed' : 'FAILED'}  ${scenario.name} (${took} s)`,
        ...result.problems.map((one) => `        ${one}`),
      )
    }
    return results
  } finally {
    await stage.stop()
  }
}

async function main(): Promise<boolean> {
  const options = { list: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  const chosen = SCENARIOS.filter(({ name }) => positionals.length === 0 || positionals.some((word) => name.includes(word)))
  if (values.help || values.list) say(values.help ? HELP : chosen.map(({ name }) => name).join('\n'))
  if (values.help || values.list) return true
  const java = await javaOnPath()
  if (!java.ok) throw new Error(`a real Kafka needs Java: ${java.reason}`)
  const head = machine()
  const results = await playAll(chosen)
  const text = [head, '', renderResults(results), '', EXPLANATION, '', ...remarks(results)].join('\n')
  say('', text)
  if (positionals.length === 0) {
    await mkdir(dirname(RESULTS), { recursive: true })
    await writeFile(RESULTS, `npm run faults\n${text}\n`)
  }
  return results.every(({ problems }) => problems.length === 0)
}

main().then(
  (passed) => {
    process.exitCode = passed ? 0 : 1
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    process.exitCode = 1
  },
)
