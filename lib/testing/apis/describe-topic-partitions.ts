/**
 * DescribeTopicPartitions 0: topics in the order of their names, so many partitions at a time, and a cursor for the rest.
 *
 * - The limit of the broker (max.request.partition.size.limit) holds beside that of the request.
 * - Asked for all topics, a topic that vanished is left out; asked by name, it is an error of its own.
 * - Stricter: nothing. Laxer: eligible leader replicas are always none.
 */
import { ErrorCode } from '../../generated/error-codes'
import { DescribeTopicPartitionsRequest } from '../../generated/messages/DescribeTopicPartitionsRequest'
import type { DescribeTopicPartitionsRequest as Request } from '../../generated/messages/DescribeTopicPartitionsRequest'
import { DescribeTopicPartitionsResponse } from '../../generated/messages/DescribeTopicPartitionsResponse'
import type {
  DescribeTopicPartitionsResponsePartitionInput as PartitionInput,
  DescribeTopicPartitionsResponseTopicInput as TopicInput,
  DescribeTopicPartitionsResponseInput as ResponseInput,
} from '../../generated/messages/DescribeTopicPartitionsResponse'
import { ZERO_UUID } from '../../wire/uuid'
import { handler } from '../broker/handler'
import type { Ask } from '../broker/handler'
import { brokerNumber } from '../state/configs/configs'
import { NO_LEADER } from '../state/partition'
import type { Partition } from '../state/partition'
import type { Topic } from '../state/topic'
import { isInternal, nameProblem } from '../state/topic-names'
import { NOT_ASKED, TOPIC_OPERATIONS } from './authorized-operations'
import { leaderOf, offlineReplicasOf } from './brokers'

export const describeTopicPartitions = handler(
  { request: DescribeTopicPartitionsRequest, response: DescribeTopicPartitionsResponse },
  (request, ask) => {
    const { throttleTimeMs } = ask
    const names = namesOf(request, ask)
    if (names === undefined) return { throttleTimeMs, topics: refused(request) }
    const most = Math.min(brokerNumber(ask.cluster, 'max.request.partition.size.limit'), request.responsePartitionLimit)
    return { throttleTimeMs, ...pageOf(names, { request, ask, most: Math.max(1, most) }) }
  },
)

/** From the cursor on. Undefined when the cursor points at nothing that was asked for. */
function namesOf({ topics, cursor }: Request, { cluster }: Ask): readonly string[] | undefined {
  const asked = topics.length === 0 ? [...cluster.topics.keys()] : topics.map(({ name }) => name)
  const from = cursor?.topicName ?? ''
  const names = [...new Set(asked)].filter((name) => name >= from).sort()
  const isLost = cursor !== null && (cursor.partitionIndex < 0 || (topics.length > 0 && !names.includes(from)))
  return isLost ? undefined : names
}

const refused = ({ topics }: Request): readonly TopicInput[] =>
  topics.map(({ name }) => ({ ...failed(name, ErrorCode.INVALID_REQUEST), isInternal: false, topicAuthorizedOperations: NOT_ASKED }))

interface Page {
  readonly request: Request
  readonly ask: Ask
  readonly most: number
}

function pageOf(
  names: readonly string[],
  { request: { topics: asked, cursor }, ask, most }: Page,
): Pick<ResponseInput, 'topics' | 'nextCursor'> {
  const topics: TopicInput[] = []
  let left = most
  for (const name of names) {
    if (left === 0) return { topics, nextCursor: { topicName: name, partitionIndex: 0 } }
    const topic = ask.cluster.topics.get(name)
    const errorCode = ask.errorFor(name) || (topic === undefined ? unknown(name) : ErrorCode.NONE)
    if (errorCode !== ErrorCode.NONE || topic === undefined) {
      if (asked.length > 0 || topic !== undefined) topics.push(failed(name, errorCode))
      continue
    }
    const first = name === cursor?.topicName ? cursor.partitionIndex : 0
    const partitions = topic.partitions.slice(first, first + left).map((partition) => partitionOf(partition, ask))
    topics.push(described(topic, partitions))
    if (first + left < topic.partitions.length) return { topics, nextCursor: { topicName: name, partitionIndex: first + left } }
    left -= partitions.length
  }
  return { topics }
}

const unknown = (name: string): number =>
  nameProblem(name) === undefined ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.INVALID_TOPIC_EXCEPTION

const failed = (name: string, errorCode: number): TopicInput => ({
  errorCode,
  name,
  topicId: ZERO_UUID,
  isInternal: isInternal(name),
  partitions: [],
  topicAuthorizedOperations: TOPIC_OPERATIONS,
})

const described = ({ name, id, isInternal: internal }: Topic, partitions: readonly PartitionInput[]): TopicInput => ({
  errorCode: ErrorCode.NONE,
  name,
  topicId: id,
  isInternal: internal,
  partitions,
  topicAuthorizedOperations: TOPIC_OPERATIONS,
})

function partitionOf(partition: Partition, ask: Ask): PartitionInput {
  const leader = leaderOf(ask, partition)
  return {
    errorCode: ask.errorFor(partition.topic, partition.index),
    partitionIndex: partition.index,
    leaderId: leader.type === 'leader' ? leader.id : NO_LEADER,
    leaderEpoch: partition.leaderEpoch,
    replicaNodes: partition.replicas,
    isrNodes: partition.isr,
    eligibleLeaderReplicas: [],
    lastKnownElr: [],
    offlineReplicas: offlineReplicasOf(ask, partition),
  }
}
