/**
 * SyncGroup 0–5. Members fetch their share of the work; the leader brings all shares along, and until it has come the others wait.
 *
 * - INVALID_GROUP_ID, NOT_COORDINATOR, UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, ILLEGAL_GENERATION, REBALANCE_IN_PROGRESS;
 *   INCONSISTENT_GROUP_PROTOCOL for another protocol than the group's, and from version 5 on for none.
 * - Whoever does not come within the rebalance timeout is out of the group. A member for which the leader has nothing gets no bytes.
 * - Stricter than Kafka: a member that leaves on another connection while it waits is answered with UNKNOWN_MEMBER_ID; there the request
 *   is never answered.
 */
import { of } from 'rxjs'
import { ErrorCode } from '../../generated/error-codes'
import { SyncGroupRequest } from '../../generated/messages/SyncGroupRequest'
import { SyncGroupResponse } from '../../generated/messages/SyncGroupResponse'
import { handler } from '../broker/handler'
import type { Ask } from '../broker/handler'
import { groupError } from '../state/coordinators'
import { refusedSync } from '../state/groups/group-member'

/** From this version on the protocol has to be named. */
const NAMES_PROTOCOL = 5

export const syncGroup = handler({ request: SyncGroupRequest, response: SyncGroupResponse }, (request, ask) => {
  const errorCode = errorOf(request, ask)
  if (errorCode !== ErrorCode.NONE) return of(refusedSync(errorCode))
  return ask.cluster.groups.get(request.groupId)?.sync(request) ?? of(refusedSync(ErrorCode.UNKNOWN_MEMBER_ID))
})

function errorOf({ groupId, protocolType, protocolName }: SyncGroupRequest, ask: Ask): number {
  const ordered = ask.errorFor()
  if (ordered !== ErrorCode.NONE) return ordered
  const lacksProtocol = ask.version >= NAMES_PROTOCOL && (protocolType === null || protocolName === null)
  return lacksProtocol ? ErrorCode.INCONSISTENT_GROUP_PROTOCOL : groupError(ask, groupId)
}
