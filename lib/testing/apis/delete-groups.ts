/**
 * DeleteGroups 0–3. Groups without members go, with their offsets and what transactions have staged for them.
 *
 * - For a group: NOT_COORDINATOR, GROUP_ID_NOT_FOUND, NON_EMPTY_GROUP. A group that is named twice is answered once.
 * - Stricter or laxer than Kafka: in nothing.
 */
import { ErrorCode } from '../../generated/error-codes'
import { DeleteGroupsRequest } from '../../generated/messages/DeleteGroupsRequest'
import { DeleteGroupsResponse } from '../../generated/messages/DeleteGroupsResponse'
import { handler } from '../broker/handler'
import type { Ask } from '../broker/handler'
import { coordinatorError } from '../state/coordinators'
import { STATE_RULES } from '../state/groups/group-states'

export const deleteGroups = handler({ request: DeleteGroupsRequest, response: DeleteGroupsResponse }, ({ groupsNames }, ask) => ({
  throttleTimeMs: 0,
  results: [...new Set(groupsNames)].map((groupId) => ({ groupId, errorCode: remove(groupId, ask) })),
}))

function remove(groupId: string, ask: Ask): number {
  const { groups, offsets } = ask.cluster
  const errorCode = errorOf(groupId, ask)
  if (errorCode === ErrorCode.NONE) {
    groups.delete(groupId)
    offsets.deleteAll(groupId)
  }
  return errorCode
}

function errorOf(groupId: string, ask: Ask): number {
  const ordered = ask.errorFor()
  const errorCode = ordered === ErrorCode.NONE ? coordinatorError(ask, 'group', groupId) : ordered
  if (errorCode !== ErrorCode.NONE) return errorCode
  return STATE_RULES[ask.cluster.groups.get(groupId)?.state ?? 'Dead'].deletion
}
