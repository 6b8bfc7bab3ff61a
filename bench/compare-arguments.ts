import { parseArgs } from 'node:util'
import { CASES, quickened } from './cases'
import type { Case } from './cases'
import { CLIENTS } from './clients/all'
import type { ClientName } from './clients/client'

/** What `npm run bench` was asked to do. */
export interface Asked {
  readonly cases: readonly Case[]
  /** Empty: all that play in a case. */
  readonly clients: readonly ClientName[]
  readonly rounds: number
  /** Another checkout of this project. */
  readonly against: string | undefined
  /** Keep what is measured, and make the page and the picture of it. */
  readonly write: boolean
  /** Make them of what was kept, and measure nothing. */
  readonly render: boolean
}

const ROUNDS = 6

const named = <T extends { readonly name: string }>(all: readonly T[], names: readonly string[], what: string): readonly T[] =>
  names.map((name) => {
    const found = all.find((one) => one.name === name)
    if (!found) throw new Error(`there is no ${what} ${name}: ${all.map((one) => one.name).join(', ')}`)
    return found
  })

const OPTIONS = {
  case: { type: 'string', multiple: true },
  client: { type: 'string', multiple: true },
  rounds: { type: 'string' },
  quick: { type: 'boolean' },
  against: { type: 'string' },
  write: { type: 'boolean' },
  render: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

/** undefined when help was asked for. Throws where words make no sense. */
export const parseAsked = (words: readonly string[]): Asked | undefined => {
  const { values } = parseArgs({ args: [...words], options: OPTIONS })
  if (values.help) return undefined
  const rounds = Number(values.rounds ?? (values.quick ? 1 : ROUNDS))
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds takes a whole number from 1 on, not ${values.rounds ?? ''}`)
  const { write = false, quick = false, against } = values
  const clients = named(CLIENTS, values.client ?? [], 'client').map(({ name }) => name)
  if (write && (quick || clients.length > 0 || against !== undefined))
    throw new Error('--write keeps whole cases: not with --quick, --client or --against')
  const chosen = values.case ? named(CASES, values.case, 'case') : CASES.filter((one) => ours(one, against))
  return { cases: quick ? chosen.map(quickened) : chosen, clients, rounds, against, write, render: values.render ?? false }
}

/** Against another tree of ours, only what ours plays in. */
const ours = ({ onlyByName, clients }: Case, against: string | undefined): boolean =>
  onlyByName !== true && (against === undefined || clients.includes('kafkarx'))
