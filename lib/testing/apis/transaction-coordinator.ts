/** What the apis of transactions have in common. */
import { ErrorCode } from '../../generated/error-codes'
import type { Ask } from '../broker/handler'
import { brokerNumber } from '../state/configs/configs'
import { coordinatorError } from '../state/coordinators'
import { INTERNAL_TOPICS, coordinatorPartition, indexOf } from '../state/internal-topics'
import type { TopicPartition } from '../state/transactions/transaction'

/** INVALID_REQUEST for an id that is empty, NOT_COORDINATOR from a broker that does not look after it; else NONE. */
export const idError = (transactionalId: string, ask: Ask): number =>
  transactionalId === '' ? ErrorCode.INVALID_REQUEST : coordinatorError(ask, 'transaction', transactionalId)

/** As `idError`, and what somebody ordered, for requests that are answered as a whole. */
export function refusalOf(transactionalId: string, ask: Ask): number {
  const errorCode = idError(transactionalId, ask)
  return errorCode === ErrorCode.NONE ? ask.errorFor() : errorCode
}

/** PRODUCER_FENCED is a word of `since` and later versions (KIP-588); earlier ones say INVALID_PRODUCER_EPOCH. */
export const fencedSince = (since: number, { version }: Ask, errorCode: number): number =>
  version < since && errorCode === ErrorCode.PRODUCER_FENCED ? ErrorCode.INVALID_PRODUCER_EPOCH : errorCode

/** What a group's offsets are to a transaction: a partition that it writes to. */
export const partitionOfOffsets = (groupId: string, { cluster }: Ask): TopicPartition => ({
  topic: INTERNAL_TOPICS.group.name,
  partition:
    coordinatorPartition(cluster.topics, 'group', groupId)?.index ??
    indexOf(groupId, brokerNumber(cluster, 'offsets.topic.num.partitions')),
})
