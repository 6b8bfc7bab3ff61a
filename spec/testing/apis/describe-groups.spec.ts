import { ErrorCode } from '../../../lib/generated/error-codes'
import { DescribeGroupsRequest } from '../../../lib/generated/messages/DescribeGroupsRequest'
import { DescribeGroupsResponse } from '../../../lib/generated/messages/DescribeGroupsResponse'
import { groupClients } from '../support/group-clients'
import type { GroupClients } from '../support/group-clients'
import { subscriptionTo } from '../support/group-members'

const CONFIGS = { 'offsets.topic.num.partitions': '1' }
const VERSIONS = [0, 1, 2, 3, 4, 5, 6]

const describeIn = ({ ask }: GroupClients, groups: readonly string[], version = 6): DescribeGroupsResponse['groups'] =>
  ask()(DescribeGroupsRequest, DescribeGroupsResponse, { groups, includeAuthorizedOperations: version >= 3 }, version).groups

describe('DescribeGroups', () => {
  it.each(VERSIONS)('tells of a stable group in version %i', (version) => {
    const clients = groupClients()
    const { memberId } = clients.soleMember({ groupInstanceId: 'one' })
    const [group] = describeIn(clients, ['g'], version)

    expect(group).toMatchObject({
      ...{ errorCode: 0, errorMessage: null, groupId: 'g', groupState: 'Stable', protocolType: 'consumer', protocolData: 'range' },
      authorizedOperations: version >= 3 ? 3400 : -2147483648,
      members: [{ memberId, groupInstanceId: version >= 4 ? 'one' : null, clientId: 'spec', clientHost: '/127.0.0.1' }],
    })
    expect(group?.members.map(({ memberMetadata, memberAssignment }) => [Buffer.from(memberMetadata), [...memberAssignment]])).toEqual([
      [Buffer.from(subscriptionTo('orders')), [1, 2, 3]],
    ])
  })

  it('does not tell of what members said while they are about to say something else', () => {
    const clients = groupClients()
    clients.soleMember()
    clients.join({ groupInstanceId: 'two' })
    clients.time.advance(1)
    const [group] = describeIn(clients, ['g'])

    expect(group).toMatchObject({ groupState: 'PreparingRebalance', protocolType: 'consumer', protocolData: '' })
    expect(group?.members.map(({ memberMetadata }) => memberMetadata.length)).toEqual([0, 0])
  })

  it.each(VERSIONS)('takes a group that is not there for dead, which is an error from version 6 on: %i', (version) => {
    const clients = groupClients({ configs: CONFIGS })
    clients.coordinator()
    const [group] = describeIn(clients, ['nobody'], version)

    expect(group).toMatchObject({
      ...{ groupId: 'nobody', groupState: 'Dead', protocolType: '', protocolData: '', members: [] },
      errorCode: version >= 6 ? ErrorCode.GROUP_ID_NOT_FOUND : ErrorCode.NONE,
      errorMessage: version >= 6 ? 'Group nobody not found.' : null,
    })
  })

  it('tells only of groups that the broker looks after', () => {
    const clients = groupClients({ brokers: 2 })
    const wrong = clients.coordinator() === 1 ? 2 : 1
    const { groups } = clients.ask(wrong)(DescribeGroupsRequest, DescribeGroupsResponse, { groups: ['g'] })

    expect(groups).toMatchObject([{ groupId: 'g', errorCode: ErrorCode.NOT_COORDINATOR, groupState: '', members: [] }])
  })

  it('answers with the error that was ordered', () => {
    const clients = groupClients()
    clients.soleMember()
    clients.cluster.next('DescribeGroups').fail('COORDINATOR_LOAD_IN_PROGRESS')

    expect(describeIn(clients, ['g'])).toMatchObject([{ errorCode: ErrorCode.COORDINATOR_LOAD_IN_PROGRESS, groupState: '' }])
  })
})
