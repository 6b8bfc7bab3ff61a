import { ErrorCode } from '../../../lib/generated/error-codes'
import { SyncGroupRequest } from '../../../lib/generated/messages/SyncGroupRequest'
import type { SyncGroupRequestInput } from '../../../lib/generated/messages/SyncGroupRequest'
import { SyncGroupResponse } from '../../../lib/generated/messages/SyncGroupResponse'
import { client } from '../support/ask'
import type { Asked } from '../support/ask'
import { groupClients } from '../support/group-clients'
import type { GroupClients } from '../support/group-clients'

const PROTOCOL = { protocolType: 'consumer', protocolName: 'range' }

/** Two static members that have joined, the first of which leads. */
function joined(clients: GroupClients): readonly [string, string] {
  const first = clients.soleMember({ groupInstanceId: 'one' }).memberId
  const second = clients.join({ groupInstanceId: 'two' })
  clients.join({ memberId: first, groupInstanceId: 'one' })
  clients.time.advance(1)
  return [first, second.answer.memberId]
}

const begin = ({ cluster, time }: GroupClients, some: Partial<SyncGroupRequestInput>, version?: number): Asked<SyncGroupResponse> =>
  client(cluster, { time }).begin(
    SyncGroupRequest,
    SyncGroupResponse,
    { groupId: 'g', memberId: '', generationId: 2, assignments: [], ...(version === undefined || version >= 5 ? PROTOCOL : {}), ...some },
    version,
  )

describe('SyncGroup', () => {
  it.each([0, 1, 2, 3, 4, 5])('gives everybody the share that the leader brings, in version %i', (version) => {
    const clients = groupClients()
    const [leader, follower] = joined(clients)
    const waiting = begin(clients, { memberId: follower }, version)
    clients.time.advance(1000)
    const before = waiting.state
    const assignments = [leader, follower].map((memberId, i) => ({ memberId, assignment: Uint8Array.of(i, i) }))
    const led = begin(clients, { memberId: leader, assignments }, version)
    clients.time.advance(1)

    expect(before).toBe('waiting')
    expect([led, waiting].map(({ answer }) => [answer.errorCode, ...answer.assignment])).toEqual([
      [0, 0, 0],
      [0, 1, 1],
    ])
    expect(led.answer).toMatchObject(version >= 5 ? PROTOCOL : { protocolType: null, protocolName: null })
  })

  it.each([
    ['a group without a name', { groupId: '' }, 'INVALID_GROUP_ID'],
    ['a group that is not there', { groupId: 'nobody' }, 'UNKNOWN_MEMBER_ID'],
    ['somebody who is not in the group', { memberId: 'nobody' }, 'UNKNOWN_MEMBER_ID'],
    ['a member under the instance of another', { groupInstanceId: 'two' }, 'FENCED_INSTANCE_ID'],
    ['a member of another generation', { generationId: 1 }, 'ILLEGAL_GENERATION'],
    ['a member without a protocol', { protocolName: null }, 'INCONSISTENT_GROUP_PROTOCOL'],
    ['a member with another protocol', { protocolName: 'sticky' }, 'INCONSISTENT_GROUP_PROTOCOL'],
  ] as const)('refuses %s', (_, some, error) => {
    const clients = groupClients({ configs: { 'offsets.topic.num.partitions': '1' } })
    const [leader] = joined(clients)
    const asked = begin(clients, { memberId: leader, ...some })
    clients.time.advance(1)

    expect(asked.answer).toMatchObject({ errorCode: ErrorCode[error], protocolType: null, protocolName: null })
    expect(asked.answer.assignment).toHaveLength(0)
  })

  it('has members join again that come while others do', () => {
    const clients = groupClients()
    const { memberId } = clients.soleMember()
    clients.join({ groupInstanceId: 'two' })
    clients.time.advance(1)
    const asked = begin(clients, { memberId, generationId: 1 })
    clients.time.advance(1)

    expect(asked.answer.errorCode).toBe(ErrorCode.REBALANCE_IN_PROGRESS)
  })

  it('sends a member to the group’s coordinator', () => {
    const clients = groupClients({ brokers: 2 })
    const wrong = clients.coordinator() === 1 ? 2 : 1
    const asked = { groupId: 'g', memberId: 'm', generationId: 1, assignments: [], ...PROTOCOL }

    expect(clients.ask(wrong)(SyncGroupRequest, SyncGroupResponse, asked).errorCode).toBe(ErrorCode.NOT_COORDINATOR)
  })

  it('answers with the error that was ordered, and the leader may come again', () => {
    const clients = groupClients()
    const [leader] = joined(clients)
    clients.cluster.next('SyncGroup').fail('COORDINATOR_NOT_AVAILABLE')
    const asked = [begin(clients, { memberId: leader }), begin(clients, { memberId: leader })]
    clients.time.advance(1)

    expect(asked.map(({ answer }) => answer.errorCode)).toEqual([ErrorCode.COORDINATOR_NOT_AVAILABLE, ErrorCode.NONE])
  })
})
