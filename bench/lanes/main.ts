import { parseArgs } from 'node:util'
import { withBroker } from '../broker'
import { CASES, quickened } from '../cases'
import type { Case } from '../cases'
import { writePayloads } from '../payloads'
import { race } from '../race'
import type { Candidate } from '../race'
import { keepSection, machineLine } from '../scale/results'
import { PARTS, readyOf } from './parts'
import type { Part } from './parts'
import { EXPLANATION, renderRuns } from './report'
import type { Run } from './report'

const CASE_NAMES = [...new Set(PARTS.flatMap(({ cases }) => cases))]

const HELP = `Whether it pays to send in several ways at once: partitions dealt out to connections, producers in threads, compression on other threads.

  npm run bench:lanes                    all of it; what was measured goes to bench/results/lanes.txt
  npm run bench:lanes -- ceiling codecs  some: ${PARTS.map(({ name }) => name).join(', ')}
  npm run bench:lanes -- --case NAME     of each part only that one; again for more: ${CASE_NAMES.join(', ')}
  npm run bench:lanes -- --rounds N      6 unless told
  npm run bench:lanes -- --quick         1 round of a tenth of the records: shows that it runs; writes no file
`

const ROUNDS = 6
/** Of a case's records: the ways are many, and what counts is how they compare. */
const SHARE = 0.5

interface Options {
  readonly rounds: number
  readonly quick: boolean
}

const say = (line: string): void => void process.stdout.write(`${line}\n`)

const casesOf = ({ cases }: Part, quick: boolean): readonly Case[] =>
  CASES.filter(({ name }) => cases.includes(name)).map((one) => (quick ? quickened(one) : one))

/** A round that nobody counts, for the broker's compiler; then all rounds. */
const measure = (one: Case, part: Part, rounds: number): Promise<readonly Run[]> =>
  withBroker(async (grounds) => {
    const candidates = part.ways.map((way): Candidate<string> => ({ name: way.name, title: way.name, share: SHARE, ready: readyOf(way) }))
    const track = { ...grounds, payloads: await writePayloads(grounds.folder, one.payload) }
    await race({ ...track, rounds: 1, say: () => undefined }, one, candidates.slice(0, 1))
    return race({ ...track, rounds, say }, one, candidates)
  })

/** Each case is a section by itself: a machine that is wanted by others is held for a minute or two, and not for an hour. */
const benchCase = async (one: Case, part: Part, { rounds, quick }: Options): Promise<void> => {
  const command = `npm run bench:lanes -- ${part.name} --case ${one.name}`
  const head = `${command}\n${machineLine()}; ${String(rounds)} round(s)`
  const runs = await measure(one, part, rounds)
  const text = `${head}\n\n${one.title}\n${renderRuns(runs)}\n\n${part.about}\n${EXPLANATION}`
  say(`\n${text}\n`)
  if (!quick) await keepSection('lanes.txt', `${part.name}_${one.name.replaceAll('-', '_')}`, text)
}

const known = (asked: readonly string[], names: readonly string[]): readonly string[] => {
  const unknown = asked.filter((name) => !names.includes(name))
  if (unknown.length > 0) throw new Error(`there is no ${unknown.join(', ')}, but ${names.join(', ')}`)
  return asked.length === 0 ? names : asked
}

const OPTIONS = {
  quick: { type: 'boolean' },
  rounds: { type: 'string' },
  case: { type: 'string', multiple: true },
  help: { type: 'boolean', short: 'h' },
} as const

const main = async (): Promise<void> => {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true })
  if (values.help) return void process.stdout.write(HELP)
  const names = PARTS.map(({ name }) => name)
  const [parts, cases] = [known(positionals, names), known(values.case ?? [], CASE_NAMES)]
  const { quick = false } = values
  const rounds = Number(values.rounds ?? (quick ? 1 : ROUNDS))
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds takes a whole number from 1 on, not ${values.rounds ?? ''}`)
  for (const part of PARTS.filter(({ name }) => parts.includes(name)))
    for (const one of casesOf(part, quick)) if (cases.includes(one.name)) await benchCase(one, part, { rounds, quick })
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
