/**
 * DescribeGroups 0–6. The state of groups, their protocol and their members.
 *
 * - NOT_COORDINATOR for a group of another broker. A group that is not there is Dead, from version 6 on with GROUP_ID_NOT_FOUND.
 * - What members said when they joined is told of stable groups alone.
 * - Where nobody checks what clients may do, they may do everything: that is what authorized operations say.
 * - Stricter or laxer than Kafka: in nothing.
 */
import { ErrorCode } from '../../generated/error-codes'
import { DescribeGroupsRequest } from '../../generated/messages/DescribeGroupsRequest'
import { DescribeGroupsResponse } from '../../generated/messages/DescribeGroupsResponse'
import type { DescribedGroupInput, DescribedGroupMemberInput } from '../../generated/messages/DescribeGroupsResponse'
import { handler } from '../broker/handler'
import type { Ask } from '../broker/handler'
import { coordinatorError } from '../state/coordinators'
import type { Group } from '../state/groups/group'
import type { GroupMember } from '../state/groups/group-member'
import { GROUP_OPERATIONS } from './authorized-operations'

/** From this version on a group that is not there is an error. */
const MISSING_IS_ERROR = 6

export const describeGroups = handler({ request: DescribeGroupsRequest, response: DescribeGroupsResponse }, (request, ask) => {
  const operations = request.includeAuthorizedOperations ? { authorizedOperations: GROUP_OPERATIONS } : {}
  return {
    groups: request.groups.map((groupId) => {
      const described = describe(groupId, ask)
      return described.errorCode === ErrorCode.NONE ? { ...described, ...operations } : described
    }),
  }
})

function describe(groupId: string, ask: Ask): DescribedGroupInput {
  const ordered = ask.errorFor()
  const errorCode = ordered === ErrorCode.NONE ? coordinatorError(ask, 'group', groupId) : ordered
  if (errorCode !== ErrorCode.NONE) return { ...nothing(groupId), errorCode }
  const group = ask.cluster.groups.get(groupId)
  if (group !== undefined) return describedGroup(group)
  const dead = { ...nothing(groupId), groupState: 'Dead' }
  if (ask.version < MISSING_IS_ERROR) return dead
  return { ...dead, errorCode: ErrorCode.GROUP_ID_NOT_FOUND, errorMessage: `Group ${groupId} not found.` }
}

const nothing = (groupId: string) => ({
  groupId,
  errorCode: ErrorCode.NONE,
  groupState: '',
  protocolType: '',
  protocolData: '',
  members: [],
})

function describedGroup({ groupId, state, protocolType, protocolName, members }: Group): DescribedGroupInput {
  const protocolData = state === 'Stable' ? protocolName : null
  return {
    ...{ groupId, errorCode: ErrorCode.NONE, groupState: state, protocolType: protocolType ?? '', protocolData: protocolData ?? '' },
    members: members.map((member) => describedMember(member, protocolData)),
  }
}

const describedMember = (member: GroupMember, protocolName: string | null): DescribedGroupMemberInput => ({
  memberId: member.memberId,
  groupInstanceId: member.groupInstanceId,
  clientId: member.details.clientId,
  clientHost: member.details.clientHost,
  memberMetadata: member.metadata(protocolName),
  memberAssignment: member.assignment,
})
