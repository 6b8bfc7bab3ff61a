import type { Harness } from '../kafka/harness'
import { jobOf } from './cases'
import type { Case } from './cases'
import type { Client, ClientName, Ready } from './clients/client'
import type { Outcome } from './job'
import { METRICS, said } from './metrics'
import type { Part } from './results'

const PARTITIONS = 6

/** A client of which it is known whether it is there. */
export type Candidate<Name extends string = ClientName> = Pick<Client, 'title' | 'share'> & { readonly name: Name } & (
    { readonly ready: Ready } | { readonly reason: string }
  )

export interface Track {
  readonly bootstrap: string
  readonly harness: Pick<Harness, 'createTopic' | 'deleteTopic'>
  readonly payloads: string
  readonly rounds: number
  readonly say: (line: string) => void
}

let topics = 0

/** The broker may still be busy with what the last client sent. That it cannot be had at all is no client's failure, and ends the bench. */
const freshTopic = async (harness: Track['harness'], attempts = 3): Promise<string> => {
  const topic = `bench-${++topics}`
  try {
    await harness.createTopic({ topic, partitions: PARTITIONS })
    return topic
  } catch (error) {
    if (attempts === 1) throw new BrokerGone(error)
    return freshTopic(harness, attempts - 1)
  }
}

class BrokerGone extends Error {
  constructor(cause: unknown) {
    super(`the broker makes no topic: ${reasonOf(cause)}`, { cause })
  }
}

/** A fresh topic for each run, gone after it: memory holds the data. */
const onFreshTopic = async (
  { bootstrap, harness, payloads }: Track,
  one: Case,
  { share, ready }: Pick<Client, 'share'> & { readonly ready: Ready },
): Promise<Outcome> => {
  const topic = await freshTopic(harness)
  try {
    return await ready.run(jobOf(one, share, { bootstrap, topic, payloads }))
  } finally {
    // One that stays costs memory, and no client its figure.
    await harness.deleteTopic(topic).catch(() => undefined)
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''

const headline = (one: Case, outcome: Outcome): string => {
  const [metric = 'recordsPerSecond', second = 'p99'] = one.metrics
  return [metric, second]
    .map((name) => ({ name, value: METRICS[name].of(outcome) }))
    .map(({ name, value }) => `${value === null ? '-' : said(value, name)} ${METRICS[name].head}`)
    .join(', ')
}

/** Who begins changes from round to round: what disturbs the machine for a while, and a broker that grows warm, meet each in turn. */
const turns = <T>(all: readonly T[], round: number): readonly T[] => [...all.slice(round % all.length), ...all.slice(0, round % all.length)]

/** A case takes each client some seconds; who takes so much longer than the others need not do it six times. */
const MOST_SECONDS = 60

const tired = (outcomes: readonly Outcome[]): boolean => outcomes.reduce((sum, { seconds }) => sum + seconds, 0) > MOST_SECONDS

/** All of them in turns. Who fails is not tried again: it would fail for as long. */
export const race = async <Name extends string = ClientName>(
  track: Track,
  one: Case,
  candidates: readonly Candidate<Name>[],
): Promise<readonly Part<Name>[]> => {
  const outcomes = new Map<Name, Outcome[]>(candidates.map(({ name }) => [name, []]))
  const failures = new Map<Name, string>()
  for (let round = 0; round < track.rounds; round++) {
    for (const candidate of turns(candidates, round)) {
      if (!('ready' in candidate) || failures.has(candidate.name) || tired(outcomes.get(candidate.name) ?? [])) continue
      const { name, title } = candidate
      try {
        const outcome = await onFreshTopic(track, one, candidate)
        outcomes.get(name)?.push(outcome)
        track.say(`${one.name}, round ${round + 1}, ${title}: ${headline(one, outcome)}`)
      } catch (error) {
        if (error instanceof BrokerGone) throw error
        failures.set(name, reasonOf(error))
        track.say(`${one.name}, round ${round + 1}, ${title}: failed: ${reasonOf(error)}`)
      }
    }
  }
  return candidates.map((candidate): Part<Name> => {
    const { name } = candidate
    if (!('ready' in candidate)) return { client: name, version: '', outcomes: [], reason: candidate.reason }
    const failed = failures.get(name)
    return {
      client: name,
      version: candidate.ready.version,
      outcomes: outcomes.get(name) ?? [],
      ...(failed !== undefined && { reason: failed }),
    }
  })
}
