/**
 * JoinGroup 0–9. Somebody wants to be in the next generation of a group; the answer comes when everybody who is to be in it has asked.
 *
 * - INVALID_GROUP_ID, INVALID_SESSION_TIMEOUT (`group.min.session.timeout.ms` to `group.max.session.timeout.ms`), NOT_COORDINATOR,
 *   INCONSISTENT_GROUP_PROTOCOL, UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, GROUP_MAX_SIZE_REACHED (`group.max.size`).
 * - From version 4 on a dynamic member gets its id first: MEMBER_ID_REQUIRED (KIP-394). Version 0 rebalances within the session timeout.
 * - A static member (`group.instance.id`) that comes back takes the place of its former self without a rebalance; from version 9 on its
 *   leader is told that it need not assign anew (KIP-814).
 * - A member whose connection ends while it waits stays until its session runs out; a new one 5 minutes.
 * - Faster than Kafka's default: `group.initial.rebalance.delay.ms` is 0 unless it is set, and not 3,000.
 * - When as many members prefer one protocol as another, the one that was named first is chosen; Kafka's choice follows a hash.
 * - Not there: groups of the newer consumer protocol (KIP-848). ConsumerGroupHeartbeat is not an api of this cluster, and clients that
 *   look at ApiVersions use this one.
 */
import { map, of } from 'rxjs'
import type { Observable } from 'rxjs'
import { ErrorCode } from '../../generated/error-codes'
import { JoinGroupRequest } from '../../generated/messages/JoinGroupRequest'
import { JoinGroupResponse } from '../../generated/messages/JoinGroupResponse'
import { handler } from '../broker/handler'
import type { Ask } from '../broker/handler'
import { seededUuid } from '../seeded'
import { brokerNumber } from '../state/configs/configs'
import { groupError } from '../state/coordinators'
import { NO_MEMBER_ID, refusedJoin } from '../state/groups/group-member'
import type { JoinAnswer, MemberDetails } from '../state/groups/group-member'
import type { Joining } from '../state/groups/group-requests'

const FIRST_WITH_REBALANCE_TIMEOUT = 1
const FIRST_WITH_MEMBER_ID_REQUIRED = 4
const FIRST_WITH_NULL_PROTOCOL = 7
const FIRST_WITH_SKIP_ASSIGNMENT = 9

export const joinGroup = handler({ request: JoinGroupRequest, response: JoinGroupResponse }, (request, ask) =>
  join(request, ask).pipe(
    map((answer) => ({
      ...answer,
      protocolName: answer.protocolName ?? (ask.version < FIRST_WITH_NULL_PROTOCOL ? '' : null),
    })),
  ),
)

function join(request: JoinGroupRequest, ask: Ask): Observable<JoinAnswer> {
  const { groupId, memberId } = request
  const { groups } = ask.cluster
  const errorCode = errorOf(request, ask)
  if (errorCode !== ErrorCode.NONE) return of(refusedJoin(errorCode, memberId))
  const group = memberId === NO_MEMBER_ID ? groups.getOrAdd(groupId) : groups.get(groupId)
  return group === undefined ? of(refusedJoin(ErrorCode.UNKNOWN_MEMBER_ID, memberId)) : group.join(joiningOf(request, ask))
}

function errorOf({ groupId, sessionTimeoutMs }: JoinGroupRequest, ask: Ask): number {
  const ordered = ask.errorFor()
  if (ordered !== ErrorCode.NONE) return ordered
  const errorCode = groupError(ask, groupId)
  if (errorCode === ErrorCode.INVALID_GROUP_ID) return errorCode
  const [least, most] = ['min', 'max'].map((which) => brokerNumber(ask.cluster, `group.${which}.session.timeout.ms`))
  const isWithin = sessionTimeoutMs >= (least ?? 0) && sessionTimeoutMs <= (most ?? 0)
  return isWithin ? errorCode : ErrorCode.INVALID_SESSION_TIMEOUT
}

function joiningOf(request: JoinGroupRequest, ask: Ask): Joining {
  const { version, clientId, cluster } = ask
  return {
    memberId: request.memberId,
    protocolType: request.protocolType,
    details: detailsOf(request, ask),
    newMemberId: () => `${request.groupInstanceId ?? clientId ?? ''}-${seededUuid(cluster.clock.random)}`,
    mustKnowItsId: version >= FIRST_WITH_MEMBER_ID_REQUIRED,
    maySkipAssignment: version >= FIRST_WITH_SKIP_ASSIGNMENT,
    maxSize: brokerNumber(cluster, 'group.max.size'),
    initialDelayMs: brokerNumber(cluster, 'group.initial.rebalance.delay.ms'),
  }
}

const detailsOf = (request: JoinGroupRequest, { version, clientId }: Ask): MemberDetails => ({
  groupInstanceId: request.groupInstanceId,
  clientId: clientId ?? '',
  clientHost: '/127.0.0.1',
  sessionTimeoutMs: request.sessionTimeoutMs,
  rebalanceTimeoutMs: version >= FIRST_WITH_REBALANCE_TIMEOUT ? request.rebalanceTimeoutMs : request.sessionTimeoutMs,
  protocols: request.protocols,
})
