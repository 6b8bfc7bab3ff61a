import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { startKafka } from '../kafka/broker'
import { startHarness } from '../kafka/harness'
import type { Harness } from '../kafka/harness'
import { javaOnPath } from '../kafka/java'
import { benchCodecs } from './codecs'
import { runJava } from './java-client'
import { compileClient, runKafkarx } from './kafkarx-client'
import type { Load, Measurement } from './measurement'
import { benchPressure } from './pressure'
import { renderComparisons } from './table'
import type { Comparison } from './table'
import { benchTestCluster } from './test-cluster'

const HELP = `Sends the same load with kafkarx and with Kafka's own ProducerPerformance, in turns, to one real broker.

  npm run bench                  3 rounds
  npm run bench -- --quick       1 round of a tenth of the records: shows that it runs, not how fast
  npm run bench -- --rounds N
  npm run bench -- --against CHECKOUT   this tree against another checkout of it, in which \`npm run build\` was run, instead of Java
  npm run bench -- codecs        the codecs alone, against those of other clients (--help says more)
  npm run bench -- pressure      more than the broker can take at once: memory, and what was delivered (--help says more)
  npm run bench -- test-cluster  kcat into \`kafkarx broker\` and into a real Kafka (--help says more)
`

const PARTITIONS = 6
const PAYLOADS = 1_000
const QUICK = 10

/** A run takes some seconds on two cores. */
const LOADS = [
  { recordBytes: 100, records: 3_000_000 },
  { recordBytes: 1_000, records: 800_000 },
] as const

const ACKS = ['1', 'all'] as const

interface Bench {
  readonly bootstrap: string
  readonly harness: Harness
  readonly folder: string
  readonly rounds: number
  readonly divisor: number
  readonly ours: Client
  readonly theirs: Client
}

interface Client {
  readonly name: string
  readonly run: (load: Load) => Promise<Measurement>
}

const say = (line: string): void => void process.stdout.write(`${line}\n`)

const letters = (length: number): string => Array.from({ length }, () => String.fromCharCode(65 + Math.floor(Math.random() * 26))).join('')

const writePayloads = async (folder: string, recordBytes: number): Promise<string> => {
  const file = join(folder, `${recordBytes}.txt`)
  await writeFile(file, Array.from({ length: PAYLOADS }, () => letters(recordBytes)).join('\n'))
  return file
}

let topics = 0

/** A fresh topic for each run, gone after it: memory holds the data. */
const onFreshTopic = async ({ harness }: Bench, load: Omit<Load, 'topic'>, { run }: Client): Promise<Measurement> => {
  const topic = `bench-${++topics}`
  await harness.createTopic({ topic, partitions: PARTITIONS })
  const result = await run({ ...load, topic })
  await harness.deleteTopic(topic)
  return result
}

const compareClients = async (bench: Bench, name: string, load: Omit<Load, 'topic'>): Promise<Comparison> => {
  const ours = { ...bench.ours, runs: [] as Measurement[] }
  const theirs = { ...bench.theirs, runs: [] as Measurement[] }
  for (let round = 0; round < bench.rounds; round++) {
    // Whoever goes second meets the warmer broker: they change places.
    for (const side of round % 2 === 0 ? [theirs, ours] : [ours, theirs]) side.runs.push(await onFreshTopic(bench, load, side))
    const rates = [ours, theirs].map(
      (side) => `${side.name} ${Math.round(side.runs[round]?.recordsPerSecond ?? NaN).toLocaleString('en-US')}`,
    )
    say(`${name}, round ${round + 1}: ${rates.join(', ')} records/s`)
  }
  return { name, ours, theirs }
}

const runAll = async (bench: Bench): Promise<readonly Comparison[]> => {
  const comparisons: Comparison[] = []
  for (const { recordBytes, records } of LOADS) {
    const payloads = await writePayloads(bench.folder, recordBytes)
    const load = { bootstrap: bench.bootstrap, recordBytes, records: Math.round(records / bench.divisor), payloads }
    // The broker's compiler warms with use: the first runs of each size are thrown away.
    for (const side of [bench.theirs, bench.ours]) await onFreshTopic(bench, { ...load, acks: 'all' }, side)
    for (const acks of ACKS) comparisons.push(await compareClients(bench, `${recordBytes} B, acks ${acks}`, { ...load, acks }))
  }
  return comparisons
}

/** In memory where the system offers it: a disk's moods are nobody's merit. */
const dataFolder = (): string => (existsSync('/dev/shm') ? '/dev/shm' : tmpdir())

const BROKER = {
  jvm: ['-Xms1g', '-Xmx1g', '-XX:+UseG1GC'],
  properties: { 'log.segment.delete.delay.ms': '1000', 'auto.create.topics.enable': 'false' },
}

const explain = ({ rounds }: Bench): string =>
  `Best of ${rounds} round(s) in turns; in brackets the ratios of runs side by side. One broker, ${PARTITIONS} partitions, no keys, ` +
  `each with its own defaults, all on ${cpus().length} cores. Latency: hand-over to delivery under full load, with what each holds by default: Java 32 MiB, kafkarx as bench/kafkarx-perf.ts bounds it. CPU: from main() on.`

const sides = (program: string, checkout: string | undefined): Pick<Bench, 'ours' | 'theirs'> => ({
  ours: { name: 'kafkarx', run: (load) => runKafkarx(program, load) },
  theirs:
    checkout === undefined
      ? { name: 'Java', run: runJava }
      : { name: 'the other', run: (load) => runKafkarx(program, load, resolve(checkout)) },
})

interface Options {
  readonly rounds: number
  readonly divisor: number
  readonly against: string | undefined
}

const run = async ({ rounds, divisor, against }: Options): Promise<void> => {
  const java = await javaOnPath()
  if (!java.ok) throw new Error(`the bench needs Java: ${java.reason}`)
  const program = await compileClient('kafkarx-perf')
  const folder = await mkdtemp(join(tmpdir(), 'kafkarx-bench-'))
  const kafka = await startKafka({ ...BROKER, dataIn: dataFolder() })
  const harness = await startHarness(kafka.bootstrap)
  try {
    const bench = { bootstrap: kafka.bootstrap, harness, folder, rounds, divisor, ...sides(program, against) }
    const comparisons = await runAll(bench)
    say(`\n${renderComparisons(comparisons)}\n${explain(bench)}`)
  } finally {
    await harness.stop()
    await kafka.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

const main = async (): Promise<void> => {
  if (process.argv[2] === 'codecs') return benchCodecs(process.argv.slice(3))
  if (process.argv[2] === 'pressure') return benchPressure(process.argv.slice(3))
  if (process.argv[2] === 'test-cluster') return benchTestCluster(process.argv.slice(3))
  const options = {
    quick: { type: 'boolean' },
    rounds: { type: 'string' },
    against: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const
  const { values } = parseArgs({ options })
  if (values.help) return void process.stdout.write(HELP)
  const rounds = Number(values.rounds ?? (values.quick ? 1 : 3))
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds takes a whole number from 1 on, not ${values.rounds ?? ''}`)
  await run({ rounds, divisor: values.quick ? QUICK : 1, against: values.against })
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
