import { ErrorCode } from '../../../lib/generated/error-codes'
import { ListGroupsRequest } from '../../../lib/generated/messages/ListGroupsRequest'
import type { ListGroupsRequestInput } from '../../../lib/generated/messages/ListGroupsRequest'
import { ListGroupsResponse } from '../../../lib/generated/messages/ListGroupsResponse'
import { groupClients } from '../support/group-clients'

const CONFIGS = { 'offsets.topic.num.partitions': '1' }

/** `g` is stable; `h` has only given out an id. */
function started() {
  const clients = groupClients({ configs: CONFIGS })
  clients.soleMember()
  clients.join({ groupId: 'h' })
  clients.time.advance(1)
  const list = (some: Partial<ListGroupsRequestInput> = {}, version = 5): ListGroupsResponse =>
    clients.ask()(ListGroupsRequest, ListGroupsResponse, some, version)
  const idsOf = (some: Partial<ListGroupsRequestInput>): readonly string[] => list(some).groups.map(({ groupId }) => groupId)
  return { ...clients, list, idsOf }
}

describe('ListGroups', () => {
  it.each([0, 1, 2, 3, 4, 5])('lists groups in version %i', (version) => {
    const { list } = started()
    const state = (groupState: string) => (version >= 4 ? groupState : '')
    const groupType = version >= 5 ? 'classic' : ''

    expect(list({}, version)).toMatchObject({
      errorCode: 0,
      groups: [
        { groupId: 'g', protocolType: 'consumer', groupState: state('Stable'), groupType },
        { groupId: 'h', protocolType: '', groupState: state('Empty'), groupType },
      ],
    })
  })

  it('lists those in one of some states, or of one of some types', () => {
    const { idsOf } = started()

    expect(idsOf({ statesFilter: ['stable', 'Dead'] })).toEqual(['g'])
    expect(idsOf({ statesFilter: [' Empty '], typesFilter: ['Consumer', 'CLASSIC'] })).toEqual(['h'])
    expect(idsOf({ typesFilter: ['share'] })).toEqual([])
    expect(idsOf({ statesFilter: ['no state'] })).toEqual([])
  })

  it('lists those that the broker looks after', () => {
    const { ask, coordinator, soleMember } = groupClients({ brokers: 2 })
    soleMember()
    const lists = [1, 2].map((node) => ask(node)(ListGroupsRequest, ListGroupsResponse, {}).groups.map(({ groupId }) => groupId))

    expect(lists).toEqual(coordinator() === 1 ? [['g'], []] : [[], ['g']])
  })

  it('answers with the error that was ordered', () => {
    const { cluster, list } = started()
    cluster.next('ListGroups').fail('COORDINATOR_NOT_AVAILABLE')

    expect(list()).toMatchObject({ errorCode: ErrorCode.COORDINATOR_NOT_AVAILABLE, groups: [] })
  })
})
