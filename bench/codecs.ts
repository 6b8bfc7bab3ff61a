import { mkdir, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { install, nodeIn, versionOf, wantedOf } from '../kafka/peers'
import type { Peer } from '../kafka/peers'
import { CLIENTS } from './codecs/order'
import type { Client, Order, Outcome } from './codecs/order'
import { BUILT, compileChild, runChild } from './codecs/processes'
import { behind, disagreements, renderRace } from './codecs/report'
import type { Race } from './codecs/report'
import type { Pace } from './codecs/timing'

const HELP = `Encodes and decodes the same messages with kafkarx, kafkajs and @platformatic/kafka, in turns, each in processes of its own.

  npm run bench -- codecs              5 rounds; what was measured goes to bench/results/codecs.txt
  npm run bench -- codecs --quick      1 short round: shows that it runs, not how fast; writes no file
  npm run bench -- codecs --rounds N
`

const RESULTS = join(__dirname, 'results', 'codecs.txt')

const PACE: Pace = { warmUpMs: 300, sampleMs: 30, samples: 12 }
const QUICK: Pace = { warmUpMs: 20, sampleMs: 5, samples: 2 }

/** A version of Node and who runs on it. */
interface Runtime {
  readonly name: string
  readonly node: string
  readonly clients: readonly Client[]
}

interface Bench {
  readonly program: string
  readonly folders: ReadonlyMap<Client, string>
  readonly pace: Pace
  readonly rounds: number
  readonly say: (line: string) => void
}

const order = (bench: Bench, client: Client, fields: Pick<Order, 'round' | 'pace'>): Order => ({
  client,
  built: BUILT,
  folder: bench.folders.get(client) ?? '',
  ...fields,
})

const checkAgreement = async (bench: Bench, { name, node, clients }: Runtime): Promise<void> => {
  const said = new Map<Client, Outcome>()
  for (const client of clients) said.set(client, await runChild(node, bench.program, order(bench, client, { round: 0, pace: null })))
  const wrong = disagreements(said)
  if (wrong.length > 0) throw new Error(`the results differ:\n${wrong.join('\n')}`)
  bench.say(`${name}: ${clients.join(', ')} agree on bytes and content`)
}

/** Turn by turn: what disturbs the machine for a while disturbs them all. */
const race = async (bench: Bench, { name, node, clients }: Runtime): Promise<Race> => {
  const outcomes = new Map<Client, Outcome[]>(clients.map((client) => [client, []]))
  for (let round = 0; round < bench.rounds; round++) {
    for (const client of clients) {
      const outcome = await runChild(node, bench.program, order(bench, client, { round, pace: bench.pace }))
      outcomes.get(client)?.push(outcome)
      bench.say(`${name}, round ${round + 1}, ${client}: ${JSON.stringify(rounded(outcome))}`)
    }
  }
  return { runtime: name, outcomes }
}

const rounded = (outcome: Outcome): Outcome =>
  Object.fromEntries(Object.entries(outcome).map(([name, time]) => [name, Math.round(Number(time))]))

const installed = (peer: Peer, say: (line: string) => void): string | undefined => {
  const found = install(peer)
  say(found.ok ? `${peer}: ${wantedOf(peer)}` : `${peer}: absent: ${found.reason}`)
  return found.ok ? found.folder : undefined
}

/** @platformatic/kafka wants a Node that is newer than the oldest of ours: there, all three run on that one. */
const runtimes = (newerFolder: string | undefined, present: ReadonlySet<Client>): readonly Runtime[] => {
  const everybody = CLIENTS.filter((client) => present.has(client))
  const own = { name: `Node ${process.version}`, node: process.execPath }
  const [major = 0] = process.versions.node.split('.').map(Number)
  if (major >= 24) return [{ ...own, clients: everybody }]
  const olds = { ...own, clients: everybody.filter((client) => client !== 'platformatic') }
  if (newerFolder === undefined) return [olds]
  const node = nodeIn(newerFolder)
  return [{ name: `Node ${versionOf(node)} (npm's package node)`, node, clients: everybody }, olds]
}

const ABOUT =
  'Nanoseconds for one message, the best of all processes; ratios are theirs by ours (above 1: kafkarx is ahead), of the bests, and in ' +
  'brackets of processes side by side.\nProduce request: 2 topics x 3 partitions x 50 records of 100 B, from records to bytes. Produce ' +
  'response and Fetch request: 10 topics x 10 partitions.\nMetadata response: 1,000 topics x 10 partitions. Fetch response: the batches of ' +
  'the Produce request, down to the single records; kafkarx checks their CRC, the others do not.\nkafkajs answers with Promises, and is ' +
  'waited for. All bytes of requests are equal, and all that was read from responses.'

const raceAll = async (bench: Bench, all: readonly Runtime[]): Promise<readonly Race[]> => {
  const races: Race[] = []
  for (const runtime of all) await checkAgreement(bench, runtime)
  for (const runtime of all) races.push(await race(bench, runtime))
  return races
}

const run = async (rounds: number, pace: Pace): Promise<string> => {
  const lines: string[] = []
  const say = (line: string): void => {
    lines.push(line)
    process.stdout.write(`${line}\n`)
  }
  say(`npm run bench -- codecs --rounds ${rounds}`)
  say(`${new Date().toISOString()}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`)
  const program = await compileChild()
  const folders = new Map<Client, string>([['kafkarx', '']])
  for (const client of ['kafkajs', 'platformatic'] as const) {
    const folder = installed(client, say)
    if (folder !== undefined) folders.set(client, folder)
  }
  const all = runtimes(installed('node', say), new Set(folders.keys()))
  const races = await raceAll({ program, folders, pace, rounds, say }, all)
  for (const one of races) say(`\n${renderRace(one)}`)
  say(`\n${ABOUT}`)
  const losses = races.flatMap(behind)
  say(losses.length === 0 ? 'kafkarx is ahead everywhere.' : losses.join('\n'))
  return `${lines.join('\n')}\n`
}

/** `npm run bench -- codecs` */
export const benchCodecs = async (args: readonly string[]): Promise<void> => {
  const options = { quick: { type: 'boolean' }, rounds: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const
  const { values } = parseArgs({ options, args: [...args] })
  if (values.help) return void process.stdout.write(HELP)
  const rounds = Number(values.rounds ?? (values.quick ? 1 : 5))
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds takes a whole number from 1 on, not ${values.rounds ?? ''}`)
  const text = await run(rounds, values.quick ? QUICK : PACE)
  if (values.quick) return
  await mkdir(join(__dirname, 'results'), { recursive: true })
  await writeFile(RESULTS, text)
}
