/**
 * ListGroups 0–5. The groups that this broker looks after, filtered by state (from version 4 on) and by type (from version 5 on),
 * in whatever case.
 *
 * - All groups here are of the type classic.
 * - Stricter or laxer than Kafka: in nothing.
 */
import { ErrorCode } from '../../generated/error-codes'
import { ListGroupsRequest } from '../../generated/messages/ListGroupsRequest'
import { ListGroupsResponse } from '../../generated/messages/ListGroupsResponse'
import { handler } from '../broker/handler'
import { coordinatorError } from '../state/coordinators'

const CLASSIC = 'classic'

export const listGroups = handler({ request: ListGroupsRequest, response: ListGroupsResponse }, ({ statesFilter, typesFilter }, ask) => {
  const errorCode = ask.errorFor()
  if (errorCode !== ErrorCode.NONE) return { errorCode, groups: [] }
  const passes = (filter: readonly string[], value: string): boolean =>
    filter.length === 0 || filter.some((each) => each.trim().toLowerCase() === value.toLowerCase())
  const groups = ask.cluster.groups.all
    .filter(({ groupId }) => coordinatorError(ask, 'group', groupId) === ErrorCode.NONE)
    .filter(({ state }) => passes(statesFilter, state) && passes(typesFilter, CLASSIC))
    .map(({ groupId, protocolType, state }) => ({ groupId, protocolType: protocolType ?? '', groupState: state, groupType: CLASSIC }))
  return { errorCode, groups }
})
