import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { CaseName } from './cases'
import type { ClientName } from './clients/client'
import type { Outcome } from './job'

/** What one client came to in one case, in the order of the rounds; or why it came to nothing. */
export interface Part<Name extends string = ClientName> {
  readonly client: Name
  readonly outcomes: readonly Outcome[]
  /** Why it is absent, or failed. */
  readonly reason?: string
  /** What ran; '' where it is absent. */
  readonly version: string
}

/** One case as it was measured, all its clients in turns. */
export interface Measured {
  readonly case: CaseName
  readonly at: string
  readonly machine: string
  /** Of the machine, before: how many wanted to run. */
  readonly load: number
  readonly rounds: number
  readonly parts: readonly Part[]
}

const FILE = join(__dirname, 'results', 'bench.jsonl')

/** One line a client, so that a change of one is a change of one line. */
type Line = Omit<Measured, 'parts'> & Part

export const toLines = (all: readonly Measured[]): string =>
  all
    .flatMap(({ parts, ...about }) => parts.map((part): Line => ({ ...about, ...part })).map((line) => `${JSON.stringify(line)}\n`))
    .join('')

export const fromLines = (text: string): readonly Measured[] => {
  const cases = new Map<CaseName, Measured>()
  for (const json of text.split('\n').filter((line) => line !== '')) {
    const { case: name, at, machine, load, rounds, ...part } = JSON.parse(json) as Line
    const parts = cases.get(name)?.parts ?? []
    cases.set(name, { case: name, at, machine, load, rounds, parts: [...parts, part] })
  }
  return [...cases.values()]
}

/** The newer ones take the place of the older ones of the same case. */
export const merged = (older: readonly Measured[], newer: readonly Measured[], order: readonly CaseName[]): readonly Measured[] =>
  order.flatMap((name) => [...newer, ...older].find((one) => one.case === name) ?? [])

export const readResults = async (): Promise<readonly Measured[]> => (existsSync(FILE) ? fromLines(await readFile(FILE, 'utf8')) : [])

export const writeResults = async (all: readonly Measured[]): Promise<void> => {
  await mkdir(dirname(FILE), { recursive: true })
  await writeFile(FILE, toLines(all))
}
