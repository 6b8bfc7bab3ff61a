import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { wireCluster } from '../demo/wire-cluster'
import { startKafka } from '../kafka/broker'
import { javaOnPath } from '../kafka/java'
import { startOwnBroker } from '../kafka/own-broker'
import { memoryOf } from './memory'
import type { Memory } from './memory'

const HELP = `Sends the same records with kcat, over sockets, to \`kafkarx broker\` and to a real Apache Kafka, in turns.

  npm run bench -- test-cluster             3 rounds of 1,000,000 records; what was measured goes to bench/results/test-cluster.txt
  npm run bench -- test-cluster --quick     1 round of a tenth: shows that it runs, not how fast; writes no file
  npm run bench -- test-cluster --rounds N
`

const COMMAND = join(__dirname, '..', 'dist', 'cli', 'lib', 'cli', 'main.js')
const RESULTS = join(__dirname, 'results', 'test-cluster.txt')

const PARTITIONS = 6
const RECORD_BYTES = 100
const RECORDS = 1_000_000
const QUICK = 10
const PAYLOADS = 1_000

/** Of each partition: a quarter of what one run sends, so that most of it must go again. */
const RETENTION = '4M'
const TOPIC = 'bench'

interface Side {
  readonly name: string
  readonly bootstrap: string
  readonly pid: number
}

/** One kcat from its start to its end: it ends when everything is acknowledged. */
interface Run {
  readonly seconds: number
  readonly memory: Memory
}

type Say = (line: string) => void

const letters = (): string => Array.from({ length: RECORD_BYTES }, () => String.fromCharCode(65 + Math.floor(Math.random() * 26))).join('')

const writePayloads = async (file: string, records: number): Promise<void> => {
  const some = Array.from({ length: PAYLOADS }, letters).join('\n')
  await writeFile(file, `${some}\n`.repeat(records / PAYLOADS))
}

const lengthOf = async (bootstrap: string): Promise<number> => {
  const ends = await wireCluster([bootstrap]).endOffsets(TOPIC)
  return ends.reduce((sum, end) => sum + Number(end), 0)
}

/** `expected` is what must be in the topic afterwards. */
const runOnce = async ({ bootstrap, pid }: Side, file: string, expected: number): Promise<Run> => {
  const began = performance.now()
  execFileSync('kcat', ['-b', bootstrap, '-P', '-t', TOPIC, '-l', file, '-q'])
  const seconds = (performance.now() - began) / 1000
  const arrived = await lengthOf(bootstrap)
  if (arrived !== expected) throw new Error(`${expected} records were sent to ${bootstrap}, ${arrived} are in the log`)
  return { seconds, memory: memoryOf(pid) }
}

interface Bench {
  readonly file: string
  readonly records: number
  readonly rounds: number
  readonly say: Say
}

const race = async (sides: readonly Side[], { file, records, rounds, say }: Bench): Promise<ReadonlyMap<Side, readonly Run[]>> => {
  const runs = new Map<Side, Run[]>(sides.map((side) => [side, []]))
  for (const side of sides) {
    await wireCluster([side.bootstrap]).createTopic(TOPIC, PARTITIONS)
    // Compilers warm up on both sides.
    await runOnce(side, file, records)
  }
  for (let round = 0; round < rounds; round++) {
    for (const side of round % 2 === 0 ? sides : [...sides].reverse()) {
      const run = await runOnce(side, file, (round + 2) * records)
      runs.get(side)?.push(run)
      say(`round ${round + 1}, ${side.name}: ${run.seconds.toFixed(2)} s, ${run.memory.megabytes.toFixed(0)} MB`)
    }
  }
  return runs
}

const HEAD = ['', 'best s', 'all s', 'records/s', 'MB/s', 'peak MB', 'MB at the end']

const render = (runs: ReadonlyMap<Side, readonly Run[]>, records: number): string => {
  const table = new Table({
    head: HEAD,
    colAligns: HEAD.map((_, i) => (i === 0 ? 'left' : 'right')),
    style: { head: [], border: [], compact: true },
  })
  for (const [{ name }, all] of runs) {
    const best = Math.min(...all.map(({ seconds }) => seconds))
    const last = all.at(-1)?.memory
    table.push([
      ...[name, best.toFixed(2), all.map(({ seconds }) => seconds.toFixed(2)).join(' ')],
      ...[Math.round(records / best).toLocaleString('en-US'), ((records * RECORD_BYTES) / best / 1024 ** 2).toFixed(1)],
      ...[last?.peakMegabytes.toFixed(0) ?? '', last?.megabytes.toFixed(0) ?? ''],
    ])
  }
  return table.toString()
}

const kcatVersion = (): string => {
  try {
    return (
      /^Version (\S+).*?(librdkafka \S+)/m
        .exec(execFileSync('kcat', ['-V'], { encoding: 'utf8' }))
        ?.slice(1)
        .join(', ') ?? ''
    )
  } catch {
    throw new Error('the bench needs kcat; on Debian: apt-get install kcat')
  }
}

/** In memory where the system offers it: a disk's moods are nobody's merit. */
const dataFolder = (): string => (existsSync('/dev/shm') ? '/dev/shm' : tmpdir())

const run = async (rounds: number, records: number, say: Say): Promise<void> => {
  const java = await javaOnPath()
  if (!existsSync(COMMAND)) throw new Error('the library is not built: `npm run build` (`npm run bench` does it)')
  if (!java.ok) throw new Error(`the bench needs Java: ${java.reason}`)
  say(`${new Date().toISOString()}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}, kcat ${kcatVersion()}`)
  say(
    `${records.toLocaleString('en-US')} records of ${RECORD_BYTES} B to ${PARTITIONS} partitions, acks all; kafkarx broker --retention ${RETENTION} (of each partition)`,
  )
  const folder = await mkdtemp(join(tmpdir(), 'kafkarx-bench-'))
  const file = join(folder, 'records.txt')
  await writePayloads(file, records)
  const kafka = await startKafka({ jvm: ['-Xms1g', '-Xmx1g', '-XX:+UseG1GC'], dataIn: dataFolder() })
  const own = await startOwnBroker(COMMAND, '--retention', RETENTION)
  try {
    const sides = [
      { name: 'kafkarx broker', ...own },
      { name: 'Apache Kafka 4.4.0', ...kafka },
    ]
    const runs = await race(sides, { file, records, rounds, say })
    say(`\n${render(runs, records)}`)
  } finally {
    await own.stop()
    await kafka.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** `npm run bench -- test-cluster` */
export const benchTestCluster = async (args: readonly string[]): Promise<void> => {
  const options = { quick: { type: 'boolean' }, rounds: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const
  const { values } = parseArgs({ options, args: [...args] })
  if (values.help) return void process.stdout.write(HELP)
  const rounds = Number(values.rounds ?? (values.quick ? 1 : 3))
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds takes a whole number from 1 on, not ${values.rounds ?? ''}`)
  const lines: string[] = []
  await run(rounds, values.quick ? RECORDS / QUICK : RECORDS, (line) => {
    lines.push(line)
    process.stdout.write(`${line}\n`)
  })
  if (values.quick) return
  await mkdir(dirname(RESULTS), { recursive: true })
  await writeFile(RESULTS, `npm run bench -- test-cluster --rounds ${rounds}\n${lines.join('\n')}\n`)
}
