/**
 * Heartbeat 0–4. A member says that it is alive, and hears whether it has to join again: REBALANCE_IN_PROGRESS.
 *
 * - INVALID_GROUP_ID, NOT_COORDINATOR, UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, ILLEGAL_GENERATION.
 * - A member that has not been heard of for its session timeout is out of the group.
 * - Stricter or laxer than Kafka: in nothing.
 */
import { ErrorCode } from '../../generated/error-codes'
import { HeartbeatRequest } from '../../generated/messages/HeartbeatRequest'
import { HeartbeatResponse } from '../../generated/messages/HeartbeatResponse'
import { handler } from '../broker/handler'
import { groupError } from '../state/coordinators'

export const heartbeat = handler({ request: HeartbeatRequest, response: HeartbeatResponse }, (request, ask) => {
  const ordered = ask.errorFor()
  const errorCode = ordered === ErrorCode.NONE ? groupError(ask, request.groupId) : ordered
  if (errorCode !== ErrorCode.NONE) return { errorCode }
  return { errorCode: ask.cluster.groups.get(request.groupId)?.heartbeat(request) ?? ErrorCode.UNKNOWN_MEMBER_ID }
})
