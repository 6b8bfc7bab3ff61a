/** Requests to write and to read that scenarios share. */
import type { FetchRequestInput } from '../../../../lib/generated/messages/FetchRequest'
import type { ProduceRequestInput } from '../../../../lib/generated/messages/ProduceRequest'
import { FETCH, newestOf, PRODUCE } from './apis'
import type { Client, Request } from './client'
import type { Pair } from './pair'
import type { Topic } from './topics'

export interface Batches {
  readonly topic: Topic
  /** Default 0. */
  readonly partition?: number
  /** The same for both sides, or the bytes of each. */
  readonly records: Uint8Array | null | Pair<Uint8Array>
}

export interface ProduceOptions {
  /** Default -1. */
  readonly acks?: number
  readonly transactionalId?: string | null
}

const isPair = <T>(value: T | Pair<T>): value is Pair<T> => typeof value === 'object' && value !== null && 'theirs' in value

/** Names its topics by name and by id; each version takes what it knows. */
export const producing =
  (batches: readonly Batches[], { acks = -1, transactionalId = null }: ProduceOptions = {}): Request<ProduceRequestInput> =>
  (at) => ({
    acks,
    transactionalId,
    timeoutMs: 5000,
    topicData: batches.map(({ topic: { name, id }, partition = 0, records }) => ({
      ...{ name, topicId: at(id) },
      partitionData: [{ index: partition, records: isPair(records) ? at(records) : records }],
    })),
  })

export interface Reading {
  readonly topic: Topic
  readonly partition?: number
  readonly offset?: bigint
  readonly maxBytes?: number
  readonly currentLeaderEpoch?: number
  readonly lastFetchedEpoch?: number
}

export const fetching =
  (readings: readonly Reading[], more: Partial<FetchRequestInput> = {}): Request<FetchRequestInput> =>
  (at) => ({
    ...{ maxWaitMs: 0, minBytes: 0, maxBytes: 10_000_000, forgottenTopicsData: [] },
    topics: readings.map(({ topic: { name, id }, partition = 0, offset = 0n, maxBytes = 10_000_000, ...epochs }) => ({
      ...{ topic: name, topicId: at(id) },
      partitions: [{ partition, fetchOffset: offset, partitionMaxBytes: maxBytes, ...epochs }],
    })),
    ...more,
  })

/** Everything that lies in a partition, as one who reads uncommitted sees it. */
export const readBack = (client: Client, topic: Topic, partition = 0): Promise<unknown> =>
  client.ask(FETCH, newestOf(FETCH), fetching([{ topic, partition }]))

export const produce = (client: Client, topic: Topic, records: Batches['records'], options?: ProduceOptions) =>
  client.ask(PRODUCE, newestOf(PRODUCE), producing([{ topic, records }], options))
