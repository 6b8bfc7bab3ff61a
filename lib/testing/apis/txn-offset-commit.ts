/**
 * TxnOffsetCommit 0–6. Offsets of a group that are committed when a transaction is.
 *
 * - Until 4 (transaction versions 0 and 1) AddOffsetsToTxn must have come before: else TRANSACTION_ABORTABLE, before 4
 *   INVALID_TXN_STATE. From 5 on (version 2, KIP-890) the group's partition joins the transaction by itself. It goes by the version of
 *   the request alone: so does Kafka.
 * - For a partition: UNKNOWN_TOPIC_OR_PARTITION, from 6 on, where topics are named by their ids, UNKNOWN_TOPIC_ID;
 *   OFFSET_METADATA_TOO_LARGE (`offset.metadata.max.bytes`).
 * - For all of them: INVALID_GROUP_ID, NOT_COORDINATOR (of the group), what the coordinator of the transaction says
 *   (INVALID_PRODUCER_EPOCH also stands for PRODUCER_FENCED; COORDINATOR_LOAD_IN_PROGRESS, before 2 COORDINATOR_NOT_AVAILABLE, when it
 *   does not run), and from 3 on whether the member is one: UNKNOWN_MEMBER_ID,
 *   FENCED_INSTANCE_ID, ILLEGAL_GENERATION; for a member of a group that is not there ILLEGAL_GENERATION too, from 6 on GROUP_ID_NOT_FOUND.
 * - The answer keeps the order of the request; Kafka names first what it refused.
 * - Stricter: the coordinator is asked each time; Kafka asks before the first offsets of a transaction. Laxer: nothing.
 */
import { ErrorCode } from '../../generated/error-codes'
import { TxnOffsetCommitRequest } from '../../generated/messages/TxnOffsetCommitRequest'
import type { TxnOffsetCommitRequestPartition, TxnOffsetCommitRequestTopic } from '../../generated/messages/TxnOffsetCommitRequest'
import { TxnOffsetCommitResponse } from '../../generated/messages/TxnOffsetCommitResponse'
import { handler } from '../broker/handler'
import type { Ask } from '../broker/handler'
import type { CommittedOffset } from '../state/groups/committed-offsets'
import { groupError } from '../state/coordinators'
import { metadataError, partitionError } from '../state/groups/offset-checks'
import { partitionOfOffsets } from './transaction-coordinator'

/** From this version on a topic is named by its id. */
const BY_ID = 6
/** From this version on the group's partition need not have been added. */
const IMPLICIT = 5
/** From this version on clients know TRANSACTION_ABORTABLE. */
const ABORTABLE = 4
/** From this version on clients take COORDINATOR_LOAD_IN_PROGRESS as they should (KAFKA-7296). */
const LOADING = 2

export const txnOffsetCommit = handler({ request: TxnOffsetCommitRequest, response: TxnOffsetCommitResponse }, (request, ask) => {
  const topics = request.topics.map((topic) => checked(topic, ask))
  const isAnyKnown = topics.some(({ partitions }) => partitions.some(({ errorCode }) => errorCode === ErrorCode.NONE))
  const refused = isAnyKnown ? refusalOf(request, ask) : ErrorCode.NONE
  const judged = topics.map(({ partitions, ...topic }) => ({ ...topic, partitions: partitions.map((each) => judge(each, refused, ask)) }))
  ask.cluster.offsets.stage(
    request.groupId,
    request.producerId,
    judged.flatMap(({ partitions }) => partitions.flatMap(({ errorCode, offset }) => (errorCode === ErrorCode.NONE ? [offset] : []))),
  )
  return {
    throttleTimeMs: 0,
    topics: judged.map(({ partitions, ...topic }) => ({
      ...topic,
      partitions: partitions.map(({ errorCode, offset }) => ({ partitionIndex: offset.partition, errorCode })),
    })),
  }
})

interface Judged {
  readonly errorCode: number
  readonly offset: CommittedOffset
}

interface CheckedTopic {
  readonly name: string
  readonly topicId: string
  readonly partitions: readonly Judged[]
}

function checked({ name, topicId, partitions }: TxnOffsetCommitRequestTopic, ask: Ask): CheckedTopic {
  const topic = ask.version >= BY_ID ? ask.cluster.topicById(topicId)?.name : name
  const judged = partitions.map((partition) => ({
    errorCode: topic === undefined ? ErrorCode.UNKNOWN_TOPIC_ID : errorOf(topic, partition.partitionIndex, ask),
    offset: offsetOf(topic ?? '', partition),
  }))
  return { name, topicId, partitions: judged }
}

function errorOf(topic: string, partition: number, { cluster, errorFor }: Ask): number {
  const errorCode = partitionError(cluster, topic, partition)
  return errorCode === ErrorCode.NONE ? errorFor(topic, partition) : errorCode
}

/** Kafka keeps no difference between no metadata and empty metadata. */
const offsetOf = (topic: string, partition: TxnOffsetCommitRequestPartition): CommittedOffset => ({
  topic,
  partition: partition.partitionIndex,
  offset: partition.committedOffset,
  leaderEpoch: partition.committedLeaderEpoch,
  metadata: partition.committedMetadata ?? '',
})

/** Why none of them is taken. */
function refusalOf(request: TxnOffsetCommitRequest, ask: Ask): number {
  const { groupId, memberId, groupInstanceId, generationIdOrMemberEpoch: generationId } = request
  const errorCode = groupError(ask, groupId)
  if (errorCode !== ErrorCode.NONE) return errorCode
  const joinError = join(request, ask)
  if (joinError !== ErrorCode.NONE) return joinError
  return ask.cluster.groups.validateTxnCommit({ groupId, memberId, groupInstanceId, generationId }, ask.version)
}

function join({ transactionalId, groupId, producerId, producerEpoch }: TxnOffsetCommitRequest, ask: Ask): number {
  const implicit = ask.version >= IMPLICIT
  const where = partitionOfOffsets(groupId, ask)
  const errorCode = ask.cluster.transactions.join({ transactionalId, producerId, producerEpoch, ...where, implicit })
  if (errorCode === ErrorCode.TRANSACTION_ABORTABLE && ask.version < ABORTABLE) return ErrorCode.INVALID_TXN_STATE
  if (errorCode !== ErrorCode.NETWORK_EXCEPTION) return errorCode
  return ask.version < LOADING ? ErrorCode.COORDINATOR_NOT_AVAILABLE : ErrorCode.COORDINATOR_LOAD_IN_PROGRESS
}

const judge = ({ errorCode, offset }: Judged, refused: number, { cluster }: Ask): Judged => {
  if (errorCode !== ErrorCode.NONE) return { errorCode, offset }
  return { errorCode: refused === ErrorCode.NONE ? metadataError(cluster, offset.metadata) : refused, offset }
}
