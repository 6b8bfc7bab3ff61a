/** What the process of a producer holds, and how long it holds the event loop: at full load, in a burst, with many partitions, without a broker. */
import { pause } from '../../kafka/pausing'
import { on } from './grounds'
import type { Ground } from './grounds'
import type { Load, Told, Took } from './load'
import { runClient } from './program'
import { tableOf, whole } from './report'
import { keepSection, machineLine } from './results'

interface Case extends Pick<Load, 'kind' | 'partitions' | 'spread' | 'records' | 'seconds'> {
  readonly name: string
  /** For so long the broker stands still, from the first measured record on: its connection stays open and nobody answers. */
  readonly outageSeconds: number
}

const USUAL = { kind: 'pull', partitions: 6, spread: 'sticky', records: 3_000_000, seconds: 0, outageSeconds: 0 } as const

const CASES: readonly Case[] = [
  { ...USUAL, name: 'full load' },
  { ...USUAL, name: 'burst of 200,000', kind: 'burst', records: 200_000 },
  { ...USUAL, name: '1,000 partitions', partitions: 1_000, spread: 'in turn', records: 2_000_000 },
  { ...USUAL, name: 'outage, pulled', kind: 'endless', seconds: 15, outageSeconds: 10 },
  { ...USUAL, name: 'outage, pushed 50,000/s', kind: 'rate', records: 1_000_000, seconds: 20, outageSeconds: 15 },
]

const MIB = 1024 ** 2
const RECORD_BYTES = 100
const QUICK = 10
const ROUNDS = 3

const EXPLANATION = `Records of 100 B, no keys, one real broker on the same machine, which takes from the client's cores; ${String(ROUNDS)} rounds: of memory the largest, of times the
smallest. Outages: the broker stands still for 10 of 15 and 15 of 20 seconds, with its connection open, while the source goes on. Until the
buffer is full what is pushed goes into it; then it waits, and counts in waitingMemory; what is pulled is not asked for any more.
MiB before: resident memory before there was a producer; peak: at most. loop: time between two turns of a timer of 1 ms, so that 1 ms is no
delay; own: what the thread itself ran between two turns, the rest being time that the machine gave to others. GC: pauses of the collector.`

const HEAD = [
  ...['', 'delivered', 'failed', 'records/s', 'MiB before', 'peak MiB'],
  ...['loop p50', 'p99', 'longest', 'own p99', 'longest', 'GC', 'ms', 'longest'],
]

const largest = (runs: readonly Took[], of: (took: Took) => number): number => Math.max(...runs.map(of))
const smallest = (runs: readonly Took[], of: (took: Took) => number): number => Math.min(...runs.map(of))

const row = (name: string, runs: readonly Took[]): readonly string[] => [
  name,
  ...[smallest(runs, ({ delivered }) => delivered), largest(runs, ({ failed }) => failed)].map(whole),
  whole(largest(runs, ({ delivered, seconds }) => delivered / seconds)),
  ...[largest(runs, ({ bytesBefore }) => bytesBefore), largest(runs, ({ peakBytes }) => peakBytes)].map((bytes) =>
    (bytes / MIB).toFixed(0),
  ),
  ...(['p50', 'p99', 'longest', 'cpuP99', 'cpuLongest'] as const).map((time) => smallest(runs, ({ loop }) => loop[time]).toFixed(1)),
  whole(smallest(runs, ({ collections }) => collections.count)),
  ...(['totalMs', 'longestMs'] as const).map((time) => smallest(runs, ({ collections }) => collections[time]).toFixed(1)),
]

const wait = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1000))

/** From the moment in which the client is warm. */
const playOutage = async (ground: Ground, seconds: number): Promise<void> => {
  const paused = await pause(ground.pid)
  await wait(seconds)
  await paused.resume()
}

const run = async (ground: Ground, one: Case, divisor: number): Promise<Took> => {
  const { kind, partitions, spread, records, seconds, outageSeconds } = one
  const load: Load = {
    ...{ kind, brokers: ground.brokers, topics: [await ground.topic(partitions)], partitions, spread },
    ...{ records: Math.ceil(records / divisor), recordBytes: RECORD_BYTES, streams: 1 },
    ...{ seconds: seconds / divisor, sampleSeconds: 10 },
  }
  let outage = Promise.resolve()
  const took = await runClient(load, ({ type }: Told) => {
    if (type === 'warm' && outageSeconds > 0) outage = playOutage(ground, outageSeconds / divisor)
  })
  await outage
  return took
}

/** `npm run bench:scale -- memory` */
export const benchMemory = async ({ quick }: { readonly quick: boolean }): Promise<void> => {
  const machine = machineLine()
  const [divisor, rounds] = quick ? [QUICK, 1] : [1, ROUNDS]
  const runs = new Map<Case, readonly Took[]>()
  await on('one real broker', async (ground) => {
    for (const one of CASES.slice(0, 3)) await run(ground, one, divisor)
    for (let round = 0; round < rounds; round++)
      for (const one of CASES) runs.set(one, [...(runs.get(one) ?? []), await run(ground, one, divisor)])
  })
  const table = tableOf(HEAD, 1)
  for (const one of CASES) table.push([...row(one.name, runs.get(one) ?? [])])
  const text = `npm run bench:scale -- memory\n${machine}\n\n${table.toString()}\n\n${EXPLANATION}`
  process.stdout.write(`${text}\n`)
  if (!quick) await keepSection('memory.txt', 'memory', text)
}
