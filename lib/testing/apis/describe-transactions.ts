/**
 * DescribeTransactions 0. What the coordinator knows of transactional ids.
 *
 * - TRANSACTIONAL_ID_NOT_FOUND, NOT_COORDINATOR, INVALID_REQUEST for an empty id.
 * - Stricter, laxer: nothing.
 */
import { ErrorCode } from '../../generated/error-codes'
import { DescribeTransactionsRequest } from '../../generated/messages/DescribeTransactionsRequest'
import { DescribeTransactionsResponse } from '../../generated/messages/DescribeTransactionsResponse'
import type { TopicDataInput, TransactionStateInput } from '../../generated/messages/DescribeTransactionsResponse'
import { handler } from '../broker/handler'
import type { Ask } from '../broker/handler'
import type { Transaction } from '../state/transactions/transaction'
import { refusalOf } from './transaction-coordinator'

export const describeTransactions = handler(
  { request: DescribeTransactionsRequest, response: DescribeTransactionsResponse },
  (request, ask) => ({
    throttleTimeMs: 0,
    transactionStates: request.transactionalIds.map((transactionalId) => describe(transactionalId, ask)),
  }),
)

function describe(transactionalId: string, ask: Ask): TransactionStateInput {
  const errorCode = refusalOf(transactionalId, ask)
  const transaction = ask.cluster.transactions.find(transactionalId)
  if (errorCode !== ErrorCode.NONE) return unknown(transactionalId, errorCode)
  return transaction === undefined ? unknown(transactionalId, ErrorCode.TRANSACTIONAL_ID_NOT_FOUND) : known(transaction)
}

const known = ({
  transactionalId,
  state,
  timeoutMs,
  startedAt,
  producerId,
  producerEpoch,
  partitions,
}: Transaction): TransactionStateInput => ({
  errorCode: ErrorCode.NONE,
  transactionalId,
  transactionState: state,
  transactionTimeoutMs: timeoutMs,
  transactionStartTimeMs: BigInt(startedAt),
  producerId,
  producerEpoch,
  topics: byTopic(partitions),
})

function byTopic(partitions: Transaction['partitions']): readonly TopicDataInput[] {
  const topics = new Map<string, number[]>()
  for (const { topic, partition } of partitions.values()) topics.set(topic, [...(topics.get(topic) ?? []), partition])
  return [...topics].map(([topic, indexes]) => ({ topic, partitions: indexes }))
}

const unknown = (transactionalId: string, errorCode: number): TransactionStateInput => ({
  errorCode,
  transactionalId,
  transactionState: '',
  transactionTimeoutMs: 0,
  transactionStartTimeMs: 0n,
  producerId: 0n,
  producerEpoch: 0,
  topics: [],
})
