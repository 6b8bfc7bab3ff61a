import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { startKafka } from '../kafka/broker'
import { startHarness } from '../kafka/harness'
import { javaOnPath } from '../kafka/java'
import { linesOf } from './clients/process'
import { built, compiledPrograms } from './clients/programs'
import type { Pressure, Took } from './programs/kafkarx-pressure'

const HELP = `More than the broker can take at once, on one real broker: 200,000 single emissions in one synchronous loop, and a source that is
pulled with 4 MiB of bufferMemory. Prints what was delivered, how fast, and the memory that it took.

  npm run bench -- pressure          what was measured goes to bench/results/pressure.txt
  npm run bench -- pressure --quick  a tenth of the records: shows that it runs; writes no file
`

const RESULTS = join(__dirname, 'results', 'pressure.txt')
const PARTITIONS = 6
const QUICK = 10
const MIB = 1024 * 1024

type Case = Omit<Pressure, 'bootstrap' | 'topic'>

const CASES: readonly Case[] = [
  { kind: 'push', records: 200_000, recordBytes: 100, bufferMemory: 32 * MIB },
  { kind: 'pull', records: 2_000_000, recordBytes: 100, bufferMemory: 4 * MIB },
  { kind: 'pull', records: 300_000, recordBytes: 1_000, bufferMemory: 4 * MIB },
]

const whole = (value: number): string => Math.round(value).toLocaleString('en-US')
const megabytes = (bytes: number): string => (bytes / MIB).toFixed(1)

const nameOf = ({ kind, records, recordBytes, bufferMemory }: Case): string =>
  `${kind === 'push' ? 'pushed' : 'pulled'}: ${whole(records)} of ${whole(recordBytes)} B, bufferMemory ${String(bufferMemory / MIB)} MiB`

const HEAD = [
  '',
  'delivered',
  'failed',
  's',
  'records/s',
  'source alone/s',
  'loop held ms',
  'p99',
  'its CPU',
  'buffer MiB',
  'MiB before',
  'peak MiB',
]

const row = (one: Case, took: Took): readonly string[] => [
  ...[nameOf(one), whole(took.delivered), whole(took.failed), took.seconds.toFixed(2)],
  ...[whole(took.delivered / took.seconds), whole(one.records / took.sourceSeconds)],
  ...[took.hold.longestMs, took.hold.p99Ms, took.hold.longestCpuMs].map((ms) => ms.toFixed(1)),
  ...[took.mostHeldBytes, took.bytesBefore, took.peakBytes].map(megabytes),
]

const render = (runs: ReadonlyMap<Case, Took>): string => {
  const colAligns = HEAD.map((_, i) => (i === 0 ? 'left' : 'right')) as ('left' | 'right')[]
  const table = new Table({ head: HEAD, colAligns, style: { head: [], border: [], compact: true } })
  for (const [one, took] of runs) table.push([...row(one, took)])
  return table.toString()
}

const EXPLANATION = `acks all, idempotence as by default, ${PARTITIONS} partitions, no keys; the client in a process of its own, the broker on the same machine.
source alone: for what is pushed the loop of next(), for what is pulled the generator without a producer. loop held: the longest time
between two turns of a timer of 1 ms, for what is pushed after the loop, and the 99th percentile; its CPU: the most that the thread
itself ran between two turns, the rest being time that the machine gave to others. buffer: the most of bufferMemory that demand$ told of.
MiB before, peak: resident memory of the process before its producer was made, and at most.`

const measure = async (cases: readonly Case[]): Promise<ReadonlyMap<Case, Took>> => {
  const program = join(await compiledPrograms(), 'kafkarx-pressure.js')
  // The log in memory where the system offers it: a disk's moods are nobody's merit.
  const kafka = await startKafka({ jvm: ['-Xms1g', '-Xmx1g', '-XX:+UseG1GC'], dataIn: existsSync('/dev/shm') ? '/dev/shm' : tmpdir() })
  const harness = await startHarness(kafka.bootstrap)
  const run = async (one: Case, topic: string): Promise<Took> => {
    await harness.createTopic({ topic, partitions: PARTITIONS })
    const told = JSON.stringify({ ...one, topic, bootstrap: kafka.bootstrap })
    const lines = await linesOf({ command: process.execPath, words: [program, built(), told] })
    const took = JSON.parse(lines.at(-1) ?? '') as Took
    await harness.deleteTopic(topic)
    return took
  }
  try {
    // The broker's compiler warms with use: one run of each is thrown away.
    for (const [i, one] of cases.entries()) await run(one, `warm-${i}`)
    const runs = new Map<Case, Took>()
    for (const [i, one] of cases.entries()) runs.set(one, await run(one, `pressure-${i}`))
    return runs
  } finally {
    await harness.stop()
    await kafka.stop()
  }
}

/** `npm run bench -- pressure` */
export const benchPressure = async (args: readonly string[]): Promise<void> => {
  const options = { quick: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const
  const { values } = parseArgs({ options, args: [...args] })
  if (values.help) return void process.stdout.write(HELP)
  const java = await javaOnPath()
  if (!java.ok) throw new Error(`the bench needs Java: ${java.reason}`)
  const load = (loadavg()[0] ?? 0).toFixed(1)
  const runs = await measure(values.quick ? CASES.map((one) => ({ ...one, records: one.records / QUICK })) : CASES)
  const machine = `${new Date().toISOString()}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}; load of the machine before: ${load}`
  const text = `${machine}\n\n${render(runs)}\n\n${EXPLANATION}\n`
  process.stdout.write(text)
  if (values.quick) return
  await mkdir(dirname(RESULTS), { recursive: true })
  await writeFile(RESULTS, `npm run bench -- pressure\n${text}`)
}
