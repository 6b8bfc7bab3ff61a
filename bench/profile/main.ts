import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { dirname, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { format, resolveConfig } from 'prettier'
import { startKafka } from '../../kafka/broker'
import { startHarness } from '../../kafka/harness'
import type { Harness } from '../../kafka/harness'
import { javaOnPath } from '../../kafka/java'
import type { Recording } from './order'
import { compilePrograms, record } from './processes'
import type { Program, Recorded } from './processes'
import { allocationCosts, cpuCosts } from './profiles'
import type { AllocationProfile, CpuProfile } from './profiles'
import { stepTable, topTable } from './report'
import type { CaseCosts } from './report'

const HELP = `Where the time of a record goes, and the memory: V8's two profilers over the main case on a real broker, beside the ceiling.

  npm run profile                  prints the tables
  npm run profile -- --quick       a tenth of the records: shows that it runs
  npm run profile -- FILE          keeps them in a file of Markdown, such as bench/results/profile.md
  npm run profile -- --functions N how many functions are listed; default 20
`

const PARTITIONS = 6
const QUICK = 10

interface Case {
  readonly name: string
  readonly recordBytes: number
  readonly warmUp: number
  readonly records: number
}

const CASES: readonly Case[] = [
  { name: '100 B', recordBytes: 100, warmUp: 1_000_000, records: 4_000_000 },
  { name: '1 KB', recordBytes: 1_000, warmUp: 200_000, records: 1_000_000 },
]

interface Bench {
  readonly bootstrap: string
  readonly harness: Harness
}

let topics = 0

/** On a topic of its own, gone after it: memory holds the data. */
const recordOn = async (
  { bootstrap, harness }: Bench,
  load: Case,
  [program, recording]: readonly [Program, Recording],
): Promise<Recorded> => {
  const topic = `profile-${++topics}`
  await harness.createTopic({ topic, partitions: PARTITIONS })
  const { recordBytes, warmUp, records } = load
  const recorded = await record(program, { ...{ bootstrap, topic, recordBytes, warmUp, records, recording }, partitions: PARTITIONS })
  await harness.deleteTopic(topic)
  process.stderr.write(
    `${load.name}, ${program}, ${recording}: ${Math.round(records / recorded.told.seconds).toLocaleString('en-US')} records/s\n`,
  )
  return recorded
}

const costsOf = async (bench: Bench, load: Case): Promise<CaseCosts> => {
  // The first run is for the broker, whose own compiler warms with use.
  await recordOn(bench, load, ['producer-load', 'nothing'])
  const plain = await recordOn(bench, load, ['producer-load', 'nothing'])
  const cpu = await recordOn(bench, load, ['producer-load', 'cpu'])
  const allocations = await recordOn(bench, load, ['producer-load', 'allocations'])
  const ceiling = await recordOn(bench, load, ['ceiling-load', 'nothing'])
  const ceilingCpu = await recordOn(bench, load, ['ceiling-load', 'cpu'])
  return {
    name: load.name,
    records: load.records,
    told: plain.told,
    cpu: cpuCosts(cpu.profile as CpuProfile),
    allocations: allocationCosts(allocations.profile as AllocationProfile),
    ceiling: { told: ceiling.told, cpu: cpuCosts(ceilingCpu.profile as CpuProfile) },
  }
}

const scaled = (load: Case, divisor: number): Case => ({ ...load, warmUp: load.warmUp / divisor, records: load.records / divisor })

const onBroker = async <T>(work: (bench: Bench) => Promise<T>): Promise<T> => {
  const java = await javaOnPath()
  if (!java.ok) throw new Error(`the profile needs Java for its broker: ${java.reason}`)
  const properties = { 'log.segment.delete.delay.ms': '1000', 'auto.create.topics.enable': 'false' }
  // In memory where the system offers it: a disk's moods are nobody's merit.
  const dataIn = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
  const kafka = await startKafka({ jvm: ['-Xms1g', '-Xmx1g', '-XX:+UseG1GC'], properties, dataIn })
  const harness = await startHarness(kafka.bootstrap)
  try {
    return await work({ bootstrap: kafka.bootstrap, harness })
  } finally {
    await harness.stop()
    await kafka.stop()
  }
}

const textOf = (cases: readonly CaseCosts[], functions: number): string => {
  const top = cases.flatMap(({ name, records, cpu, allocations }) => [
    ...[`## ${name}: functions by their own time`, topTable(cpu.busy, { records, unit: 'ns', most: functions })],
    ...[`## ${name}: functions by what they allocate`, topTable(allocations, { records, unit: 'bytes', most: functions })],
  ])
  const where = `${new Date().toISOString().slice(0, 10)}, ${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown'}, Node ${process.version}.`
  return ['# Where the time goes', `\`npm run profile\`, ${where}`, METHOD, stepTable(cases), ...top].join('\n\n')
}

const METHOD = `One stream, bulk, six partitions, no keys, the producer's defaults, client and broker on the same machine. Nanoseconds are samples of the
main thread (V8's CPU profiler, every 250 µs) after a warm-up; what the engine does for a function is that function's. In \`epoll\` the thread waits, and libuv
writes what a socket did not take at once. Bytes are what was allocated on JavaScript's heap, also what is collected since (V8's sampling heap profiler,
every 16 KiB); buffers lie outside of it. A profiler slows what it looks at: the rows without it say how far, and count all threads. The ceiling is one
Produce request of six batches of 64 KiB, encoded once and written over and over.`

const main = async (): Promise<void> => {
  const options = { quick: { type: 'boolean' }, functions: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  if (values.help) return void process.stdout.write(HELP)
  await compilePrograms()
  const cases = await onBroker(async (bench) => {
    const all: CaseCosts[] = []
    for (const load of CASES) all.push(await costsOf(bench, values.quick ? scaled(load, QUICK) : load))
    return all
  })
  const text = textOf(cases, Number(values.functions ?? 20))
  const [file] = positionals
  if (file === undefined) return void process.stdout.write(`${text}\n`)
  await mkdir(dirname(resolve(file)), { recursive: true })
  await writeFile(file, await format(text, { ...(await resolveConfig(resolve(file))), parser: 'markdown' }))
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
