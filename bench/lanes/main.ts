import { parseArgs } from 'node:util'
import { withBroker } from '../broker'
import type { Grounds } from '../broker'
import { CASES, quickened } from '../cases'
import type { Case } from '../cases'
import { writePayloads } from '../payloads'
import { race } from '../race'
import type { Candidate } from '../race'
import { keepSection, machineLine } from '../scale/results'
import { PARTS, readyOf } from './parts'
import type { Part } from './parts'
import { EXPLANATION, renderRuns } from './report'

const HELP = `Whether it pays to send in several ways at once: partitions dealt out to connections, producers in threads, compression on other threads.

  npm run bench:lanes                    all of it; what was measured goes to bench/results/lanes.txt
  npm run bench:lanes -- ceiling codecs  some: ${PARTS.map(({ name }) => name).join(', ')}
  npm run bench:lanes -- --rounds N      6 unless told
  npm run bench:lanes -- --quick         1 round of a tenth of the records: shows that it runs; writes no file
`

const ROUNDS = 6

interface Options {
  readonly rounds: number
  readonly quick: boolean
}

const say = (line: string): void => void process.stdout.write(`${line}\n`)

const casesOf = ({ cases }: Part, quick: boolean): readonly Case[] =>
  CASES.filter(({ name }) => cases.includes(name)).map((one) => (quick ? quickened(one) : one))

/** A round that nobody counts, for the broker's compiler; then all rounds. */
const measure = async (grounds: Grounds, one: Case, part: Part, rounds: number): Promise<string> => {
  const candidates = part.ways.map((way): Candidate<string> => ({ name: way.name, title: way.name, share: 1, ready: readyOf(way) }))
  const track = { ...grounds, payloads: await writePayloads(grounds.folder, one.payload) }
  await race({ ...track, rounds: 1, say: () => undefined }, one, candidates.slice(0, 1))
  const runs = await race({ ...track, rounds, say }, one, candidates)
  return `${one.title}\n${renderRuns(runs)}`
}

const benchPart = async (part: Part, { rounds, quick }: Options): Promise<void> => {
  const head = `npm run bench:lanes -- ${part.name}\n${machineLine()}; ${String(rounds)} round(s)`
  const tables = await withBroker(async (grounds) => {
    const all: string[] = []
    for (const one of casesOf(part, quick)) all.push(await measure(grounds, one, part, rounds))
    return all
  })
  const text = [head, ...tables, `${part.about} ${EXPLANATION}`].join('\n\n')
  say(`\n${text}\n`)
  if (!quick) await keepSection('lanes.txt', part.name, text)
}

const main = async (): Promise<void> => {
  const options = { quick: { type: 'boolean' }, rounds: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  if (values.help) return void process.stdout.write(HELP)
  const unknown = positionals.filter((name) => PARTS.every((part) => part.name !== name))
  if (unknown.length > 0) throw new Error(`no such part: ${unknown.join(', ')}; there are ${PARTS.map(({ name }) => name).join(', ')}`)
  const rounds = Number(values.rounds ?? (values.quick ? 1 : ROUNDS))
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds takes a whole number from 1 on, not ${values.rounds ?? ''}`)
  for (const part of PARTS)
    if (positionals.length === 0 || positionals.includes(part.name)) await benchPart(part, { rounds, quick: values.quick ?? false })
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
