/**
 * OffsetFetch 1–10. What a group has committed: for the partitions that are named, or (from version 2 on) for all. One group a request,
 * from version 8 on several.
 *
 * - NOT_COORDINATOR for the group, in version 1 for each of its partitions. A partition or group that has committed nothing is no error: its
 *   offset is -1.
 * - Whoever asks for stable offsets (from version 7 on) is told UNSTABLE_OFFSET_COMMIT while a transaction may still change them.
 * - From version 10 on topics are named by their ids: UNKNOWN_TOPIC_ID.
 * - Member and epoch (from version 9 on) are not looked at: classic groups have none, here as in Kafka.
 * - Stricter or laxer than Kafka: in nothing.
 */
import { ErrorCode } from '../../generated/error-codes'
import { OffsetFetchRequest } from '../../generated/messages/OffsetFetchRequest'
import type { OffsetFetchRequestTopics } from '../../generated/messages/OffsetFetchRequest'
import { OffsetFetchResponse } from '../../generated/messages/OffsetFetchResponse'
import type { OffsetFetchResponsePartitionsInput as AnsweredPartition } from '../../generated/messages/OffsetFetchResponse'
import { ZERO_UUID } from '../../wire/uuid'
import { handler } from '../broker/handler'
import type { Ask } from '../broker/handler'
import type { CommittedOffset } from '../state/groups/committed-offsets'
import { coordinatorError } from '../state/coordinators'

/** From this version on there is an error for a group as a whole. */
const GROUP_ERRORS = 2
/** From this version on a request names several groups. */
const BATCHED = 8
/** From this version on a topic is named by its id. */
const BY_ID = 10

export const offsetFetch = handler({ request: OffsetFetchRequest, response: OffsetFetchResponse }, (request, ask) => {
  const { groups, groupId, topics, requireStable } = request
  const answer = (asked: AskedGroup) => answerGroup({ ...asked, requireStable }, ask)
  if (ask.version >= BATCHED) return { groups: groups.map(answer) }
  const all = topics?.map((topic) => ({ ...topic, topicId: ZERO_UUID })) ?? null
  const { groupId: _groupId, ...single } = answer({ groupId, topics: all })
  return single
})

type AskedTopic = Pick<OffsetFetchRequestTopics, 'name' | 'topicId' | 'partitionIndexes'>

interface AskedGroup {
  readonly groupId: string
  /** Null: all that have an offset. */
  readonly topics: readonly AskedTopic[] | null
}

interface AnsweredTopic extends Pick<AskedTopic, 'name' | 'topicId'> {
  readonly partitions: readonly AnsweredPartition[]
}

interface AnsweredGroup {
  readonly groupId: string
  readonly topics: readonly AnsweredTopic[]
  readonly errorCode: number
}

type StableGroup = AskedGroup & Pick<OffsetFetchRequest, 'requireStable'>

function answerGroup(asked: StableGroup, ask: Ask): AnsweredGroup {
  const { groupId, topics } = asked
  const ordered = ask.errorFor()
  const errorCode = ordered === ErrorCode.NONE ? coordinatorError(ask, 'group', groupId) : ordered
  if (errorCode === ErrorCode.NONE) return { groupId, errorCode, topics: topics === null ? allTopics(asked, ask) : namedTopics(asked, ask) }
  return { groupId, errorCode, topics: ask.version >= GROUP_ERRORS ? [] : (topics ?? []).map((topic) => refusedTopic(topic, errorCode)) }
}

/** Those of unknown ids come last, as in Kafka. */
function namedTopics({ topics, ...group }: StableGroup, ask: Ask): AnsweredTopic[] {
  const answered: AnsweredTopic[] = []
  const refused: AnsweredTopic[] = []
  for (const topic of topics ?? []) {
    const { topicId, partitionIndexes } = topic
    const name = ask.version >= BY_ID ? ask.cluster.topicById(topicId)?.name : topic.name
    if (name === undefined) refused.push(refusedTopic(topic, ErrorCode.UNKNOWN_TOPIC_ID))
    else answered.push({ name, topicId, partitions: partitionIndexes.map((index) => answerPartition({ ...group, name, index }, ask)) })
  }
  return [...answered, ...refused]
}

function allTopics(group: StableGroup, ask: Ask): AnsweredTopic[] {
  const { cluster } = ask
  const byTopic = new Map<string, AnsweredPartition[]>()
  for (const { topic, partition } of cluster.offsets.fetchAll(group.groupId)) {
    const answers = byTopic.get(topic) ?? []
    answers.push(answerPartition({ ...group, name: topic, index: partition }, ask))
    byTopic.set(topic, answers)
  }
  return [...byTopic].map(([name, partitions]) => ({ name, topicId: cluster.topics.get(name)?.id ?? ZERO_UUID, partitions }))
}

interface AskedPartition extends Omit<StableGroup, 'topics'> {
  readonly name: string
  readonly index: number
}

function answerPartition({ groupId, name, index, requireStable }: AskedPartition, ask: Ask): AnsweredPartition {
  const { offsets } = ask.cluster
  const ordered = ask.errorFor(name, index)
  if (ordered !== ErrorCode.NONE) return partitionOf(index, undefined, ordered)
  if (requireStable && offsets.hasStaged(groupId, name, index)) return partitionOf(index, undefined, ErrorCode.UNSTABLE_OFFSET_COMMIT)
  return partitionOf(index, offsets.fetch(groupId, name, index), ErrorCode.NONE)
}

const refusedTopic = ({ name, topicId, partitionIndexes }: AskedTopic, errorCode: number): AnsweredTopic => ({
  name,
  topicId,
  partitions: partitionIndexes.map((index) => partitionOf(index, undefined, errorCode)),
})

const partitionOf = (index: number, committed: CommittedOffset | undefined, errorCode: number): AnsweredPartition => ({
  partitionIndex: index,
  committedOffset: committed?.offset ?? -1n,
  committedLeaderEpoch: committed?.leaderEpoch ?? -1,
  metadata: committed?.metadata ?? '',
  errorCode,
})
