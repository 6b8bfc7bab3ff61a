/**
 * AddPartitionsToTxn 0–5. Takes partitions into a transaction, before anything is produced to them.
 *
 * - Until 3 it is what producers of transaction versions 0 and 1 send. From 4 on it is how brokers ask their coordinators, several
 *   transactions at a time, to add partitions or only to find whether they were added (`verifyOnly`, TRANSACTION_ABORTABLE when not);
 *   Kafka answers whoever may act for the cluster, and with no authorizer that is everybody.
 * - All partitions are taken in, or none: when one cannot be, the others are told OPERATION_NOT_ATTEMPTED. Producers may not add
 *   internal topics.
 * - Before 2, INVALID_PRODUCER_EPOCH stands for PRODUCER_FENCED.
 * - A request of brokers without transactions is never answered: so does Kafka. Stricter, laxer: nothing.
 */
import { NEVER } from 'rxjs'
import { ErrorCode } from '../../generated/error-codes'
import { AddPartitionsToTxnRequest } from '../../generated/messages/AddPartitionsToTxnRequest'
import type { AddPartitionsToTxnTopic, AddPartitionsToTxnTransaction } from '../../generated/messages/AddPartitionsToTxnRequest'
import { AddPartitionsToTxnResponse } from '../../generated/messages/AddPartitionsToTxnResponse'
import type { AddPartitionsToTxnTopicResultInput } from '../../generated/messages/AddPartitionsToTxnResponse'
import { handler } from '../broker/handler'
import type { Ask } from '../broker/handler'
import { isInternal } from '../state/topic-names'
import type { TopicPartition } from '../state/transactions/transaction'
import { fencedSince, idError } from './transaction-coordinator'

const FENCED_SINCE = 2
/** The first version that brokers speak among themselves. */
const OF_BROKERS_SINCE = 4

type Adding = Omit<AddPartitionsToTxnTransaction, 'unknownTaggedFields'>

export const addPartitionsToTxn = handler({ request: AddPartitionsToTxnRequest, response: AddPartitionsToTxnResponse }, (request, ask) => {
  if (ask.version < OF_BROKERS_SINCE) return { throttleTimeMs: 0, resultsByTopicV3AndBelow: resultsOf(asTransaction(request), ask) }
  if (request.transactions.length === 0) return NEVER
  return {
    throttleTimeMs: 0,
    resultsByTransaction: request.transactions.map((adding) => ({
      transactionalId: adding.transactionalId,
      topicResults: resultsOf(adding, ask),
    })),
  }
})

const asTransaction = (request: AddPartitionsToTxnRequest): Adding => ({
  transactionalId: request.v3AndBelowTransactionalId,
  producerId: request.v3AndBelowProducerId,
  producerEpoch: request.v3AndBelowProducerEpoch,
  verifyOnly: false,
  topics: request.v3AndBelowTopics,
})

function resultsOf(adding: Adding, ask: Ask): readonly AddPartitionsToTxnTopicResultInput[] {
  const partitions = adding.topics.flatMap(partitionsIn)
  const unfit = partitions.map((each) => unfitness(each, ask))
  const errors = unfit.some((error) => error !== ErrorCode.NONE)
    ? unfit.map((error) => (error === ErrorCode.NONE ? ErrorCode.OPERATION_NOT_ATTEMPTED : error))
    : added(adding, partitions, ask)
  return byTopic(adding.topics, errors)
}

const partitionsIn = ({ name, partitions }: AddPartitionsToTxnTopic): readonly TopicPartition[] =>
  partitions.map((partition) => ({ topic: name, partition }))

/** Why this partition cannot be in any transaction. */
function unfitness({ topic, partition }: TopicPartition, ask: Ask): number {
  if (ask.version < OF_BROKERS_SINCE && isInternal(topic)) return ErrorCode.TOPIC_AUTHORIZATION_FAILED
  if (ask.cluster.partition(topic, partition) === undefined) return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
  return ask.errorFor(topic, partition)
}

/** An error for each of the partitions. */
function added(
  { transactionalId, producerId, producerEpoch, verifyOnly }: Adding,
  partitions: readonly TopicPartition[],
  ask: Ask,
): readonly number[] {
  const { transactions } = ask.cluster
  const refusal = idError(transactionalId, ask)
  if (refusal !== ErrorCode.NONE) return partitions.map(() => refusal)
  const identity = { producerId, producerEpoch }
  if (verifyOnly) return transactions.verify(transactionalId, identity, partitions)
  const error = fencedSince(FENCED_SINCE, ask, transactions.add(transactionalId, identity, partitions))
  return partitions.map(() => error)
}

/** The errors stand in the order of the partitions. */
function byTopic(topics: readonly AddPartitionsToTxnTopic[], errors: readonly number[]): readonly AddPartitionsToTxnTopicResultInput[] {
  const rest = errors.values()
  return topics.map(({ name, partitions }) => ({
    name,
    resultsByPartition: partitions.map((partitionIndex) => ({ partitionIndex, partitionErrorCode: rest.next().value ?? ErrorCode.NONE })),
  }))
}
