/**
 * OffsetCommit 2–10. A group's offsets are kept: by a member of its current generation, or, while it has no members, by anybody.
 *
 * - For a partition: UNKNOWN_TOPIC_OR_PARTITION, from version 10 on, where topics are named by their ids, UNKNOWN_TOPIC_ID;
 *   OFFSET_METADATA_TOO_LARGE (`offset.metadata.max.bytes`).
 * - For all of them: NOT_COORDINATOR, UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, ILLEGAL_GENERATION, REBALANCE_IN_PROGRESS; for a member of a
 *   group that is not there GROUP_ID_NOT_FOUND, before version 9 ILLEGAL_GENERATION.
 * - A commit keeps the member's session, as a heartbeat does.
 * - Laxer than Kafka: offsets do not expire, and the retention time of versions 2 to 4 is not looked at.
 */
import { ErrorCode } from '../../generated/error-codes'
import { OffsetCommitRequest } from '../../generated/messages/OffsetCommitRequest'
import type { OffsetCommitRequestPartition, OffsetCommitRequestTopic } from '../../generated/messages/OffsetCommitRequest'
import { OffsetCommitResponse } from '../../generated/messages/OffsetCommitResponse'
import type { OffsetCommitResponseTopicInput } from '../../generated/messages/OffsetCommitResponse'
import { handler } from '../broker/handler'
import type { Ask } from '../broker/handler'
import type { CommittedOffset } from '../state/groups/committed-offsets'
import { coordinatorError } from '../state/coordinators'
import { metadataError, partitionError } from '../state/groups/offset-checks'

/** From this version on a topic is named by its id. */
const BY_ID = 10

export const offsetCommit = handler({ request: OffsetCommitRequest, response: OffsetCommitResponse }, (request, ask) => {
  const topics = request.topics.map((topic) => checked(topic, ask))
  const isAnyKnown = topics.some(({ partitions }) => partitions.some(({ errorCode }) => errorCode === ErrorCode.NONE))
  const refused = isAnyKnown ? refusal(request, ask) : ErrorCode.NONE
  const judged = topics.map(({ partitions, ...topic }) => ({
    ...topic,
    partitions: partitions.map((each) => (each.errorCode === ErrorCode.NONE ? judge(each, refused, ask) : each)),
  }))
  ask.cluster.offsets.commit(
    request.groupId,
    judged.flatMap(({ partitions }) => partitions.flatMap(({ errorCode, offset }) => (errorCode === ErrorCode.NONE ? [offset] : []))),
  )
  return { topics: judged.some(({ partitions }) => partitions.some(isOfBroker)) ? together(judged) : judged.map(told) }
})

const isOfBroker = ({ saidBy }: Judged): boolean => saidBy === 'broker'

const told = ({ name, topicId, partitions }: CheckedTopic): OffsetCommitResponseTopicInput => ({
  name,
  topicId,
  partitions: partitions.map(({ errorCode, offset }) => ({ partitionIndex: offset.partition, errorCode })),
})

/** As Kafka puts such an answer together: first what the broker refused, then the coordinator's word, and each topic once. */
function together(judged: readonly CheckedTopic[]): readonly OffsetCommitResponseTopicInput[] {
  const said = (by: Judged['saidBy']): readonly CheckedTopic[] =>
    judged.map((topic) => ({ ...topic, partitions: topic.partitions.filter(({ saidBy }) => saidBy === by) }))
  const topics = new Map<string, CheckedTopic>()
  for (const topic of [...said('broker'), ...said('coordinator')]) {
    if (topic.partitions.length === 0) continue
    const key = `${topic.topicId} ${topic.name}`
    topics.set(key, { ...topic, partitions: [...(topics.get(key)?.partitions ?? []), ...topic.partitions] })
  }
  return [...topics.values()].map(told)
}

interface Judged {
  /** A broker asks the coordinator only about what it would not refuse by itself. */
  readonly saidBy: 'broker' | 'coordinator'
  readonly errorCode: number
  readonly offset: CommittedOffset
}

interface CheckedTopic {
  readonly name: string
  readonly topicId: string
  readonly partitions: readonly Judged[]
}

function checked({ name, topicId, partitions }: OffsetCommitRequestTopic, ask: Ask): CheckedTopic {
  const topic = ask.version >= BY_ID ? ask.cluster.topicById(topicId)?.name : name
  const judged = partitions.map((partition): Judged => {
    const errorCode = topic === undefined ? ErrorCode.UNKNOWN_TOPIC_ID : errorOf(topic, partition.partitionIndex, ask)
    return { saidBy: errorCode === ErrorCode.NONE ? 'coordinator' : 'broker', errorCode, offset: offsetOf(topic ?? '', partition) }
  })
  return { name, topicId, partitions: judged }
}

function errorOf(topic: string, partition: number, ask: Ask): number {
  const ordered = ask.errorFor(topic, partition)
  return ordered === ErrorCode.NONE ? partitionError(ask.cluster, topic, partition) : ordered
}

/** Kafka keeps no difference between no metadata and empty metadata. */
const offsetOf = (topic: string, partition: OffsetCommitRequestPartition): CommittedOffset => ({
  topic,
  partition: partition.partitionIndex,
  offset: partition.committedOffset,
  leaderEpoch: partition.committedLeaderEpoch,
  metadata: partition.committedMetadata ?? '',
})

function refusal(request: OffsetCommitRequest, ask: Ask): number {
  const { groupId, memberId, groupInstanceId, generationIdOrMemberEpoch: generationId } = request
  const errorCode = coordinatorError(ask, 'group', groupId)
  if (errorCode !== ErrorCode.NONE) return errorCode
  return ask.cluster.groups.validateCommit({ groupId, memberId, groupInstanceId, generationId }, ask.version)
}

const judge = ({ offset, saidBy }: Judged, refused: number, { cluster }: Ask): Judged => ({
  saidBy,
  errorCode: refused === ErrorCode.NONE ? metadataError(cluster, offset.metadata) : refused,
  offset,
})
