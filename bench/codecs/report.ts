import Table from 'cli-table3'
import type { Client, Outcome } from './order'
import { CLIENTS } from './order'

/** The processes of each client on one runtime, in the order in which they took turns. */
export interface Race {
  readonly runtime: string
  readonly outcomes: ReadonlyMap<Client, readonly Outcome[]>
}

type Times = readonly number[]

const timesOf = (race: Race, client: Client, name: string): Times =>
  (race.outcomes.get(client) ?? []).map((outcome) => outcome[name]).filter((time) => typeof time === 'number')

export interface Ratio {
  /** Their time by ours, of the bests: above 1 we are ahead. */
  readonly ofBests: number
  /** The smallest and the largest of processes that stood side by side. */
  readonly from: number
  readonly to: number
}

export const ratioOf = (ours: Times, theirs: Times): Ratio | null => {
  if (ours.length === 0 || theirs.length === 0) return null
  const pairs = theirs.map((time, i) => time / (ours[i] ?? NaN)).filter((one) => !Number.isNaN(one))
  return { ofBests: Math.min(...theirs) / Math.min(...ours), from: Math.min(...pairs), to: Math.max(...pairs) }
}

const nanoseconds = (times: Times): string => (times.length === 0 ? '-' : Math.round(Math.min(...times)).toLocaleString('en-US'))

const ratioText = (ratio: Ratio | null): string =>
  ratio === null ? '-' : `${ratio.ofBests.toFixed(2)} (${ratio.from.toFixed(2)}-${ratio.to.toFixed(2)})`

const namesOf = ({ outcomes }: Race): readonly string[] => [...new Set(Object.keys((outcomes.get('kafkarx') ?? [])[0] ?? {}))].sort()

const THEIRS = CLIENTS.filter((client) => client !== 'kafkarx')

export const renderRace = (race: Race): string => {
  const theirs = THEIRS.filter((client) => race.outcomes.has(client))
  const head = ['ns per message', 'kafkarx', ...theirs.flatMap((client) => [client, `${client} / kafkarx`])]
  const colAligns = head.map((_, i) => (i === 0 ? 'left' : 'right')) as ('left' | 'right')[]
  const table = new Table({ head, colAligns, style: { head: [], border: [], compact: true } })
  for (const name of namesOf(race)) {
    const ours = timesOf(race, 'kafkarx', name)
    const columns = theirs.map((client) => timesOf(race, client, name))
    table.push([name, nanoseconds(ours), ...columns.flatMap((times) => [nanoseconds(times), ratioText(ratioOf(ours, times))])])
  }
  return `${race.runtime}\n${table.toString()}`
}

/** Where somebody else is faster. */
export const behind = (race: Race): readonly string[] =>
  THEIRS.flatMap((client) =>
    namesOf(race)
      .map((name) => ({ name, ratio: ratioOf(timesOf(race, 'kafkarx', name), timesOf(race, client, name)) }))
      .filter(({ ratio }) => ratio !== null && ratio.ofBests < 1)
      .map(({ name, ratio }) => `${name}: ${client} is ahead on ${race.runtime}, ${ratioText(ratio)}`),
  )

/** Results that do not say the same: a comparison of their times would mean nothing. */
export const disagreements = (said: ReadonlyMap<Client, Outcome>): readonly string[] => {
  const ours = said.get('kafkarx') ?? {}
  return [...said].flatMap(([client, theirs]) =>
    Object.keys(theirs)
      .filter((name) => theirs[name] !== ours[name])
      .map((name) => `${name}: ${client} says ${theirs[name] ?? ''}, kafkarx ${ours[name] ?? 'nothing'}`),
  )
}
