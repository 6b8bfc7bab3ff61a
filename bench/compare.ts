import { readFileSync, existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { withBroker } from './broker'
import type { Grounds } from './broker'
import { CASES } from './cases'
import type { Case } from './cases'
import { CLIENTS } from './clients/all'
import type { Client, ClientName } from './clients/client'
import { otherTree } from './clients/kafkarx'
import type { Asked } from './compare-arguments'
import { writePayloads } from './payloads'
import { race } from './race'
import type { Candidate } from './race'
import { renderPage } from './report/page'
import { drawPicture } from './report/picture'
import { renderAgainst, renderCase, renderTargets } from './report/terminal'
import { verdicts } from './report/verdicts'
import { merged, readResults, writeResults } from './results'
import type { Measured } from './results'

const BROKER_VERSION = 'Apache Kafka 4.4.0, one node'
const DOCS = join(__dirname, '..', 'docs')
const RESULTS = join(__dirname, 'results')

const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** Those who take part: found or made, each once, and told of at once. */
const candidatesOf = async (clients: readonly Client[]): Promise<ReadonlyMap<ClientName, Candidate>> => {
  const all = new Map<ClientName, Candidate>()
  for (const { name, title, share, prepare } of clients) {
    try {
      const ready = await prepare()
      say(`${title}: ${ready.version}`)
      all.set(name, { name, title, share, ready })
    } catch (error) {
      const reason = (error instanceof Error ? error.message : String(error)).trim().replaceAll('\n', ' ')
      say(`${title}: absent: ${reason}`)
      all.set(name, { name, title, share, reason })
    }
  }
  return all
}

const machine = (): string => {
  const [cpu] = cpus()
  return `${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}, ${process.platform} ${process.arch}; ${BROKER_VERSION}, its data in memory`
}

const measure = async (grounds: Grounds, one: Case, candidates: readonly Candidate[], rounds: number): Promise<Measured> => {
  const payloads = await writePayloads(grounds.folder, one.payload)
  const [load = 0] = loadavg()
  const at = new Date().toISOString()
  const parts = await race({ ...grounds, payloads, rounds, say }, one, candidates)
  return { case: one.name, at, machine: machine(), load: Number(load.toFixed(1)), rounds, parts }
}

/** The broker's compiler warms with use: what one client sends first is thrown away. */
const WARM_UP: readonly ClientName[] = ['ceiling', 'kafkarx']
const warmUp = async (grounds: Grounds, candidates: ReadonlyMap<ClientName, Candidate>, one: Case): Promise<void> => {
  const [first] = WARM_UP.flatMap((name) => candidates.get(name) ?? [])
  const payloads = await writePayloads(grounds.folder, one.payload)
  if (first) await race({ ...grounds, payloads, rounds: 1, say: () => undefined }, one, [first])
}

/** Who plays in a case: against another tree ours and that one, in whatever ours plays. */
const playersOf = (one: Case, { against, clients }: Asked): readonly ClientName[] => {
  const players: readonly ClientName[] = against === undefined ? one.clients : ['kafkarx', 'other']
  return clients.length === 0 ? players : players.filter((name) => clients.includes(name))
}

const measureAll = async (asked: Asked): Promise<readonly Measured[]> => {
  const wanted = new Set(asked.cases.flatMap((one) => playersOf(one, asked)))
  const known = asked.against === undefined ? CLIENTS : [...CLIENTS, otherTree(asked.against)]
  const candidates = await candidatesOf(known.filter(({ name }) => wanted.has(name)))
  return withBroker(async (grounds) => {
    const all: Measured[] = []
    for (const one of asked.cases.slice(0, 1)) await warmUp(grounds, candidates, one)
    for (const one of asked.cases) {
      const names = playersOf(one, asked)
      const players = [...candidates.values()].filter(({ name }) => names.includes(name))
      const measured = await measure(grounds, one, players, asked.rounds)
      say(`\n${renderCase(measured)}\n`)
      all.push(measured)
    }
    return all
  })
}

const readResult = (file: string): string | undefined => {
  const path = join(RESULTS, file)
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

const PICTURED = ['bulk-100', 'bulk-1k']

/** Everything that is made from the data: the page and the picture. */
const writeDocs = async (all: readonly Measured[]): Promise<void> => {
  const template = await readFile(join(__dirname, 'report', 'page.md'), 'utf8')
  const page = join(DOCS, 'benchmarks.md')
  const style = (await resolveConfig(page)) ?? {}
  await writeFile(page, await format(renderPage(template, all, readResult), { ...style, parser: 'markdown' }))
  await writeFile(join(DOCS, 'benchmarks.svg'), drawPicture(all.filter((one) => PICTURED.includes(one.case))))
  say('written: docs/benchmarks.md, docs/benchmarks.svg')
}

const order = CASES.map(({ name }) => name)

/** `npm run bench` */
export const compare = async (asked: Asked): Promise<void> => {
  if (asked.render) return writeDocs(await readResults())
  const measured = await measureAll(asked)
  if (asked.against !== undefined) return say(renderAgainst(measured))
  if (verdicts(measured).length > 0) say(renderTargets(measured))
  if (!asked.write) return
  const all = merged(await readResults(), measured, order)
  await writeResults(all)
  await writeDocs(all)
}
