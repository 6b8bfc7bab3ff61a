/**
 * LeaveGroup 0–5. Members leave, and the others rebalance; from version 3 on several members at once, each with an error of its own.
 *
 * - INVALID_GROUP_ID, NOT_COORDINATOR; for a member UNKNOWN_MEMBER_ID or FENCED_INSTANCE_ID.
 * - A static member may be named by its instance alone, for administrators who remove it.
 * - Stricter or laxer than Kafka: in nothing.
 */
import { ErrorCode } from '../../generated/error-codes'
import { LeaveGroupRequest } from '../../generated/messages/LeaveGroupRequest'
import { LeaveGroupResponse } from '../../generated/messages/LeaveGroupResponse'
import { handler } from '../broker/handler'
import { groupError } from '../state/coordinators'
import type { Identity } from '../state/groups/group-requests'

/** From this version on a request names several members. */
const BATCHED = 3

export const leaveGroup = handler({ request: LeaveGroupRequest, response: LeaveGroupResponse }, (request, ask) => {
  const { groupId, memberId } = request
  const ordered = ask.errorFor()
  const errorCode = ordered === ErrorCode.NONE ? groupError(ask, groupId) : ordered
  if (errorCode !== ErrorCode.NONE) return { errorCode }
  const leaving: readonly Identity[] = ask.version < BATCHED ? [{ memberId, groupInstanceId: null }] : request.members
  const group = ask.cluster.groups.get(groupId)
  const errorCodes = group?.leave(leaving) ?? leaving.map(() => ErrorCode.UNKNOWN_MEMBER_ID)
  if (ask.version < BATCHED) return { errorCode: errorCodes[0] ?? ErrorCode.NONE }
  const members = leaving.map((member, i) => ({
    memberId: member.memberId,
    groupInstanceId: member.groupInstanceId,
    errorCode: errorCodes[i] ?? ErrorCode.NONE,
  }))
  return { errorCode, members }
})
