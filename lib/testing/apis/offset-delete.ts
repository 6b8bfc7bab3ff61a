/**
 * OffsetDelete 0. A group forgets offsets, committed and staged ones, of topics that its members do not want.
 *
 * - For all: INVALID_GROUP_ID, NOT_COORDINATOR, GROUP_ID_NOT_FOUND, NON_EMPTY_GROUP (members that are no consumers).
 * - For a partition: UNKNOWN_TOPIC_OR_PARTITION, GROUP_SUBSCRIBED_TO_TOPIC. One without an offset is no error.
 * - Stricter or laxer than Kafka: in nothing.
 */
import { ErrorCode } from '../../generated/error-codes'
import { OffsetDeleteRequest } from '../../generated/messages/OffsetDeleteRequest'
import { OffsetDeleteResponse } from '../../generated/messages/OffsetDeleteResponse'
import { handler } from '../broker/handler'
import type { Ask } from '../broker/handler'
import { groupError } from '../state/coordinators'
import type { Group } from '../state/groups/group'
import { partitionError } from '../state/groups/offset-checks'

export const offsetDelete = handler({ request: OffsetDeleteRequest, response: OffsetDeleteResponse }, ({ groupId, topics }, ask) => {
  const group = ask.cluster.groups.get(groupId)
  const errorCode = errorOf(groupId, group, ask)
  if (group === undefined || errorCode !== ErrorCode.NONE) return { errorCode, throttleTimeMs: 0, topics: [] }
  return {
    errorCode,
    throttleTimeMs: 0,
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode: forget(group, name, partitionIndex, ask) })),
    })),
  }
})

function errorOf(groupId: string, group: Group | undefined, ask: Ask): number {
  const ordered = ask.errorFor()
  const errorCode = ordered === ErrorCode.NONE ? groupError(ask, groupId) : ordered
  if (errorCode !== ErrorCode.NONE) return errorCode
  if (group === undefined) return ErrorCode.GROUP_ID_NOT_FOUND
  return group.state === 'Empty' || group.protocolType === 'consumer' ? ErrorCode.NONE : ErrorCode.NON_EMPTY_GROUP
}

function forget(group: Group, topic: string, partition: number, ask: Ask): number {
  const { cluster } = ask
  const ordered = ask.errorFor(topic, partition)
  const errorCode = ordered === ErrorCode.NONE ? partitionError(cluster, topic, partition) : ordered
  if (errorCode !== ErrorCode.NONE) return errorCode
  if (group.isSubscribedTo(topic)) return ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC
  cluster.offsets.delete(group.groupId, topic, partition)
  return ErrorCode.NONE
}
