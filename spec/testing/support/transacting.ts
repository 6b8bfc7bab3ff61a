/** What a transactional producer says, a sentence a request, and the answers as a spec wants to read them. */
import { recordBatch } from '../../../lib/batch/record-batch'
import { ErrorCode } from '../../../lib/generated/error-codes'
import { AddOffsetsToTxnRequest } from '../../../lib/generated/messages/AddOffsetsToTxnRequest'
import { AddOffsetsToTxnResponse } from '../../../lib/generated/messages/AddOffsetsToTxnResponse'
import { AddPartitionsToTxnRequest } from '../../../lib/generated/messages/AddPartitionsToTxnRequest'
import { AddPartitionsToTxnResponse } from '../../../lib/generated/messages/AddPartitionsToTxnResponse'
import { DescribeTransactionsRequest } from '../../../lib/generated/messages/DescribeTransactionsRequest'
import { DescribeTransactionsResponse } from '../../../lib/generated/messages/DescribeTransactionsResponse'
import { EndTxnRequest } from '../../../lib/generated/messages/EndTxnRequest'
import { EndTxnResponse } from '../../../lib/generated/messages/EndTxnResponse'
import { FindCoordinatorRequest } from '../../../lib/generated/messages/FindCoordinatorRequest'
import { FindCoordinatorResponse } from '../../../lib/generated/messages/FindCoordinatorResponse'
import { InitProducerIdRequest } from '../../../lib/generated/messages/InitProducerIdRequest'
import { InitProducerIdResponse } from '../../../lib/generated/messages/InitProducerIdResponse'
import { ProduceRequest } from '../../../lib/generated/messages/ProduceRequest'
import { ProduceResponse } from '../../../lib/generated/messages/ProduceResponse'
import { TxnOffsetCommitRequest } from '../../../lib/generated/messages/TxnOffsetCommitRequest'
import { TxnOffsetCommitResponse } from '../../../lib/generated/messages/TxnOffsetCommitResponse'
import { client } from './ask'
import type { ClientOptions } from './ask'
import type { TestCluster } from '../../../lib/testing/test-cluster'

export interface Identity {
  readonly producerId: bigint
  readonly producerEpoch: number
}

/** An answer to who somebody is; the identity is -1/-1 where there is none. */
export interface Identified extends Identity {
  readonly error: string
}

interface CommitOptions {
  readonly groupId?: string
  readonly version?: number
  readonly memberId?: string
  readonly generationIdOrMemberEpoch?: number
}

/** `topic-partition`, as Kafka writes it. */
type Place = `${string}-${number}`

const NAMES: ReadonlyMap<number, string> = new Map(Object.entries(ErrorCode).map(([name, code]) => [code, name]))

export const errorName = (errorCode: number): string => NAMES.get(errorCode) ?? String(errorCode)

/** `id` is the transactional id of whoever speaks. The coordinators of transactions and groups are there. */
export function transacting(cluster: TestCluster, { id = 'tx', ...options }: ClientOptions & { readonly id?: string }) {
  const ask = client(cluster, options)
  const find = (keyType: number, key: string): number =>
    ask(FindCoordinatorRequest, FindCoordinatorResponse, { keyType, coordinatorKeys: [key] }, 4).coordinators[0]?.nodeId ?? -1
  const coordinator = { group: find(0, 'group'), transaction: find(1, id) }

  const initialise = (fields: { transactionTimeoutMs?: number } & Partial<Identity> = {}, version = 5): Identified =>
    identified(
      ask(InitProducerIdRequest, InitProducerIdResponse, { transactionalId: id, transactionTimeoutMs: 60_000, ...fields }, version),
    )

  const add = (who: Identity, places: readonly Place[], version = 3): Record<Place, string> => {
    const { producerId, producerEpoch } = who
    const topics = byTopic(places).map(({ topic: name, partitions }) => ({ name, partitions }))
    const request =
      version < 4
        ? {
            v3AndBelowTransactionalId: id,
            v3AndBelowProducerId: producerId,
            v3AndBelowProducerEpoch: producerEpoch,
            v3AndBelowTopics: topics,
          }
        : { transactions: [{ transactionalId: id, producerId, producerEpoch, verifyOnly: false, topics }] }
    const answer = ask(AddPartitionsToTxnRequest, AddPartitionsToTxnResponse, request, version)
    return addedOf(answer.resultsByTransaction[0]?.topicResults ?? answer.resultsByTopicV3AndBelow)
  }

  const addOffsets = ({ producerId, producerEpoch }: Identity, groupId = 'group', version = 4): string => {
    const request = { transactionalId: id, producerId, producerEpoch, groupId }
    return errorName(ask(AddOffsetsToTxnRequest, AddOffsetsToTxnResponse, request, version).errorCode)
  }

  const end = (how: 'commit' | 'abort', { producerId, producerEpoch }: Identity, version = 5): Identified =>
    identified(ask(EndTxnRequest, EndTxnResponse, { transactionalId: id, producerId, producerEpoch, committed: how === 'commit' }, version))

  /** One record, with the sequence number as its value. */
  const produce = (who: Identity, place: Place, baseSequence = 0, version = 12): string => {
    const { topic: name, partition: index } = partsOf(place)
    const value = Buffer.from(String(baseSequence))
    const records = recordBatch.encode({
      records: [{ timestamp: options.time.now, key: null, value }],
      ...{ producerId: who.producerId, producerEpoch: who.producerEpoch, baseSequence, transactional: true },
    })
    const topicData = [{ name, partitionData: [{ index, records: [records] }] }]
    const answer = ask(ProduceRequest, ProduceResponse, { transactionalId: id, acks: -1, timeoutMs: 1000, topicData }, version)
    return errorName(answer.responses[0]?.partitionResponses[0]?.errorCode ?? ErrorCode.UNKNOWN_SERVER_ERROR)
  }

  const commitOffsets = (who: Identity, offsets: Readonly<Record<Place, bigint>>, commit: CommitOptions = {}): Record<string, string> => {
    const { producerId, producerEpoch } = who
    const { groupId = 'group', version = 5, ...member } = commit
    const topics = byTopic(Object.keys(offsets) as Place[]).map(({ topic, partitions }) => ({
      name: topic,
      partitions: partitions.map((partitionIndex) => ({
        partitionIndex,
        committedOffset: offsets[`${topic}-${partitionIndex}`] ?? -1n,
        committedMetadata: null,
      })),
    }))
    const request = { transactionalId: id, groupId, producerId, producerEpoch, ...member, topics }
    const answer = ask(TxnOffsetCommitRequest, TxnOffsetCommitResponse, request, version)
    return Object.fromEntries(
      answer.topics.flatMap(({ name, partitions }) =>
        partitions.map(({ partitionIndex, errorCode }) => [`${name}-${String(partitionIndex)}`, errorName(errorCode)]),
      ),
    )
  }

  const describe = (transactionalId = id) => {
    const answer = ask(DescribeTransactionsRequest, DescribeTransactionsResponse, { transactionalIds: [transactionalId] })
    const [found] = answer.transactionStates
    if (found === undefined) throw new Error('DescribeTransactions answered nothing')
    return found
  }

  const state = (): string => describe().transactionState

  return { ask, coordinator, initialise, add, addOffsets, end, produce, commitOffsets, describe, state }
}

export type Transacting = ReturnType<typeof transacting>

const identified = ({ errorCode, producerId, producerEpoch }: Identity & { readonly errorCode: number }): Identified => ({
  error: errorName(errorCode),
  producerId,
  producerEpoch,
})

function partsOf(place: Place): { topic: string; partition: number } {
  const dash = place.lastIndexOf('-')
  return { topic: place.slice(0, dash), partition: Number(place.slice(dash + 1)) }
}

function byTopic(places: readonly Place[]): readonly { topic: string; partitions: number[] }[] {
  const topics = new Map<string, number[]>()
  for (const { topic, partition } of places.map(partsOf)) topics.set(topic, [...(topics.get(topic) ?? []), partition])
  return [...topics].map(([topic, partitions]) => ({ topic, partitions }))
}

interface TopicResult {
  readonly name: string
  readonly resultsByPartition: readonly { readonly partitionIndex: number; readonly partitionErrorCode: number }[]
}

const addedOf = (results: readonly TopicResult[]): Record<Place, string> =>
  Object.fromEntries(
    results.flatMap(({ name, resultsByPartition }) =>
      resultsByPartition.map(({ partitionIndex, partitionErrorCode }) => [`${name}-${partitionIndex}`, errorName(partitionErrorCode)]),
    ),
  )
