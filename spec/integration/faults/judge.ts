/** What was promised of the records of a load, held against the log. */
import type { ReadRecord } from '../../../kafka/harness'
import { idOf } from './load'
import type { Fate } from './load'

/** The numbers of the records of which each thing is true. All of them should be empty. */
export interface Judgement {
  /** Acknowledged, and not in the log. */
  readonly missing: readonly number[]
  /** In the log more than once. */
  readonly duplicated: readonly number[]
  /** In the log, and not where its delivery says. */
  readonly misplaced: readonly number[]
  /** Acknowledged, and in its partition behind a later one of its key that was acknowledged too. */
  readonly outOfOrder: readonly number[]
  /** Failed with a code that says that it is not in the log, and there. */
  readonly denied: readonly number[]
  readonly unsettled: readonly number[]
  readonly settledTwice: readonly number[]
}

export const PROMISES = ['missing', 'duplicated', 'misplaced', 'outOfOrder', 'denied', 'unsettled', 'settledTwice'] as const

/** The one code that leaves open whether a record is in the log. */
const PERHAPS_THERE = 'OUTCOME_UNKNOWN'

export type Logged = Pick<ReadRecord, 'partition' | 'offset' | 'key' | 'value'>

interface Place {
  readonly id: number
  readonly key: string
  readonly partition: number
  readonly offset: bigint
}

const toPlace = ({ partition, offset, key, value }: Logged): Place => ({ id: idOf(value), key: String(key), partition, offset })

/** `excused`: records of which anything may be true but that they were not settled, or more than once. */
export function judge(fates: readonly Fate[], log: readonly Logged[], excused: ReadonlySet<number>): Judgement {
  const places = log.map(toPlace).sort((a, b) => a.partition - b.partition || Number(a.offset - b.offset))
  const byId = new Map<number, readonly Place[]>()
  for (const place of places) byId.set(place.id, [...(byId.get(place.id) ?? []), place])
  const which = (holds: (fate: Fate, found: readonly Place[]) => boolean): number[] =>
    fates.flatMap((fate, id) => (holds(fate, byId.get(id) ?? []) ? [id] : []))
  const sinners = (holds: (fate: Fate, found: readonly Place[]) => boolean): number[] => which(holds).filter((id) => !excused.has(id))
  const counts = ({ id }: Place): boolean => fates[id]?.delivered !== undefined && !excused.has(id)
  return {
    missing: sinners((fate, found) => fate.delivered !== undefined && found.length === 0),
    duplicated: sinners((_, found) => found.length > 1),
    misplaced: sinners(
      ({ delivered }, found) => delivered !== undefined && found.length > 0 && !found.some((place) => isAt(place, delivered)),
    ),
    outOfOrder: overtaken(places.filter((place) => counts(place) && byId.get(place.id)?.[0] === place)),
    denied: sinners(({ failed }, found) => failed !== undefined && failed !== PERHAPS_THERE && found.length > 0),
    unsettled: which(({ times }) => times === 0),
    settledTwice: which(({ times }) => times > 1),
  }
}

const isAt = ({ partition, offset }: Place, delivered: { readonly partition: number; readonly offset: bigint }): boolean =>
  partition === delivered.partition && offset === delivered.offset

/** Of what is there twice, the first counts: the second is told of as a duplicate. By partition and key: where a topic gets more partitions, a key may move, and its order holds in each. */
function overtaken(places: readonly Place[]): number[] {
  const latest = new Map<string, number>()
  return places.flatMap(({ id, key, partition }) => {
    const line = `${partition} ${key}`
    const before = latest.get(line) ?? -1
    latest.set(line, Math.max(before, id))
    return id < before ? [id] : []
  })
}
