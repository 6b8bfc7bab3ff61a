/** A cluster in virtual time, and what producers and consumers ask of its logs, a sentence a request. */
import { errorCodeFacts } from '../../../lib/generated/error-codes'
import { FetchRequest } from '../../../lib/generated/messages/FetchRequest'
import type { FetchPartitionInput, FetchRequestInput } from '../../../lib/generated/messages/FetchRequest'
import { FetchResponse } from '../../../lib/generated/messages/FetchResponse'
import type { PartitionData } from '../../../lib/generated/messages/FetchResponse'
import { ListOffsetsRequest } from '../../../lib/generated/messages/ListOffsetsRequest'
import type { ListOffsetsRequestInput } from '../../../lib/generated/messages/ListOffsetsRequest'
import { ListOffsetsResponse } from '../../../lib/generated/messages/ListOffsetsResponse'
import { MetadataRequest } from '../../../lib/generated/messages/MetadataRequest'
import { MetadataResponse } from '../../../lib/generated/messages/MetadataResponse'
import { ProduceRequest } from '../../../lib/generated/messages/ProduceRequest'
import type { ProduceRequestInput } from '../../../lib/generated/messages/ProduceRequest'
import { ProduceResponse } from '../../../lib/generated/messages/ProduceResponse'
import type { PartitionProduceResponse } from '../../../lib/generated/messages/ProduceResponse'
import { lettersIn } from './batches'
import { world } from './world'
import type { WorldOptions } from './world'

/** The last versions in which topics are named by their names. */
const BY_NAME = 12

export interface ProduceOptions extends Partial<Omit<ProduceRequestInput, 'topicData'>> {
  readonly topic?: string
  readonly index?: number
  readonly version?: number
}

export interface FetchOptions extends Partial<Omit<FetchRequestInput, 'topics'>> {
  readonly topic?: string
  readonly from?: bigint
  readonly partition?: Partial<FetchPartitionInput>
  readonly version?: number
}

export interface ListOptions extends Partial<Omit<ListOffsetsRequestInput, 'topics'>> {
  readonly topic?: string
  readonly currentLeaderEpoch?: number
  readonly version?: number
}

export const nameOf = (errorCode: number): string => errorCodeFacts(errorCode).name

/** Where the produced records lie, or the error; `0` and `NOT_LEADER_OR_FOLLOWER` are the answers of most specs. */
export const placeOf = ({ errorCode, baseOffset }: PartitionProduceResponse): string =>
  errorCode === 0 ? String(baseOffset) : nameOf(errorCode)

/** What the partition gave: letters, or the error. A batch that is cut off is left out, a marker is a `|`. */
export const readOf = ({ errorCode, records }: PartitionData): string =>
  errorCode === 0 ? lettersIn(records ?? NOTHING) : nameOf(errorCode)

const NOTHING = new Uint8Array(0)

export function produceRequest(records: Uint8Array | null, options: ProduceOptions = {}): ProduceRequestInput {
  const { topic = 'orders', index = 0, version: _version, ...fields } = options
  return { transactionalId: null, acks: -1, timeoutMs: 1000, ...fields, topicData: [{ name: topic, partitionData: [{ index, records }] }] }
}

export function fetchRequest(options: FetchOptions = {}): FetchRequestInput {
  const { topic = 'orders', from = 0n, partition = {}, version: _version, ...fields } = options
  const partitions = [{ partition: 0, fetchOffset: from, partitionMaxBytes: 1_000_000, ...partition }]
  return { maxWaitMs: 0, minBytes: 1, topics: [{ topic, partitions }], forgottenTopicsData: [], ...fields }
}

/** The clients speak with broker 1 unless they are told otherwise. */
export function dataPath(options: WorldOptions = {}) {
  const { time, cluster, talkTo } = world(options)

  const speaker = (node = 1, clientId?: string) => {
    const ask = talkTo(node, clientId)
    const produce = (records: Uint8Array | null, { version = BY_NAME, ...rest }: ProduceOptions = {}): PartitionProduceResponse =>
      first(ask(ProduceRequest, ProduceResponse, produceRequest(records, rest), version).responses[0]?.partitionResponses)
    const beginProduce = (records: Uint8Array | null, { version = BY_NAME, ...rest }: ProduceOptions = {}) =>
      ask.begin(ProduceRequest, ProduceResponse, produceRequest(records, rest), version)
    const fetch = ({ version = BY_NAME, ...rest }: FetchOptions = {}): PartitionData =>
      first(ask(FetchRequest, FetchResponse, fetchRequest(rest), version).responses[0]?.partitions)
    const beginFetch = ({ version = BY_NAME, ...rest }: FetchOptions = {}) =>
      ask.begin(FetchRequest, FetchResponse, fetchRequest(rest), version)
    const list = (timestamp: bigint, { topic = 'orders', currentLeaderEpoch = -1, version = 11, ...rest }: ListOptions = {}) => {
      const topics = [{ name: topic, partitions: [{ partitionIndex: 0, currentLeaderEpoch, timestamp }] }]
      const request = { replicaId: -1, isolationLevel: 0, ...rest, topics }
      return first(ask(ListOffsetsRequest, ListOffsetsResponse, request, version).topics[0]?.partitions)
    }
    return { ask, produce, beginProduce, fetch, beginFetch, list }
  }

  const topicId = (name = 'orders'): string => {
    const { topics } = talkTo()(MetadataRequest, MetadataResponse, { topics: [{ name }], allowAutoTopicCreation: false })
    return first(topics).topicId
  }

  return { time, cluster, speaker, topicId, ...speaker() }
}

export function first<T>(list: readonly T[] | undefined): T {
  const [one] = list ?? []
  if (one === undefined) throw new Error('There is none')
  return one
}
