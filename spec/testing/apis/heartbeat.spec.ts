import { ErrorCode } from '../../../lib/generated/error-codes'
import { HeartbeatRequest } from '../../../lib/generated/messages/HeartbeatRequest'
import { HeartbeatResponse } from '../../../lib/generated/messages/HeartbeatResponse'
import { groupClients } from '../support/group-clients'

const ONE_PARTITION = { 'offsets.topic.num.partitions': '1' }

describe('Heartbeat', () => {
  it.each([0, 1, 2, 3, 4])('keeps the session of a member in version %i', (version) => {
    const { ask, time, soleMember } = groupClients()
    const { memberId } = soleMember()
    const beat = (): number => ask()(HeartbeatRequest, HeartbeatResponse, { groupId: 'g', memberId, generationId: 1 }, version).errorCode
    const answers = [1, 2, 3].map(() => {
      time.advance(9000)
      return beat()
    })
    time.advance(10_001)

    expect(answers).toEqual([0, 0, 0])
    expect(beat()).toBe(ErrorCode.UNKNOWN_MEMBER_ID)
  })

  it('tells members that they have to join again', () => {
    const { time, soleMember, join, heartbeat } = groupClients()
    const { memberId } = soleMember()
    join({ groupInstanceId: 'two' })
    time.advance(1)

    expect(heartbeat(memberId, 1)).toBe('REBALANCE_IN_PROGRESS')
  })

  it.each([
    ['a group without a name', { groupId: '' }, 'INVALID_GROUP_ID'],
    ['a group that is not there', { groupId: 'nobody' }, 'UNKNOWN_MEMBER_ID'],
    ['somebody who is not in the group', { memberId: 'nobody' }, 'UNKNOWN_MEMBER_ID'],
    ['a member under an unknown instance', { groupInstanceId: 'two' }, 'UNKNOWN_MEMBER_ID'],
    ['a member of another generation', { generationId: 7 }, 'ILLEGAL_GENERATION'],
  ] as const)('refuses %s', (_, some, error) => {
    const { ask, soleMember } = groupClients({ configs: ONE_PARTITION })
    const { memberId } = soleMember()
    const { errorCode } = ask()(HeartbeatRequest, HeartbeatResponse, { groupId: 'g', memberId, generationId: 1, ...some })

    expect(errorCode).toBe(ErrorCode[error])
  })

  it('sends a member to the group’s coordinator', () => {
    const { ask, coordinator } = groupClients({ brokers: 2 })
    const wrong = coordinator() === 1 ? 2 : 1
    const { errorCode } = ask(wrong)(HeartbeatRequest, HeartbeatResponse, { groupId: 'g', memberId: 'm', generationId: 1 })

    expect(errorCode).toBe(ErrorCode.NOT_COORDINATOR)
  })

  it('is taken by the broker that took over from a coordinator that died', () => {
    const { cluster, ask, time, coordinator, soleMember } = groupClients({ brokers: 3, sessionTimeout: 9000, configs: ONE_PARTITION })
    const { memberId } = soleMember({ sessionTimeoutMs: 6000 })
    const dead = coordinator()
    const asked = [1, 2, 3].filter((node) => node !== dead)
    const beat = (): readonly number[] =>
      asked.map((node) => ask(node)(HeartbeatRequest, HeartbeatResponse, { groupId: 'g', memberId, generationId: 1 }).errorCode)
    cluster.broker(dead).kill()
    const before = beat()
    time.advance(9001)

    expect(before).toEqual([ErrorCode.NOT_COORDINATOR, ErrorCode.NOT_COORDINATOR])
    expect([...beat()].sort((a, b) => a - b)).toEqual([ErrorCode.NONE, ErrorCode.NOT_COORDINATOR])
    time.advance(6001)
    expect([...beat()].sort((a, b) => a - b)).toEqual([ErrorCode.NOT_COORDINATOR, ErrorCode.UNKNOWN_MEMBER_ID])
  })

  it('answers with the error that was ordered', () => {
    const { cluster, soleMember, heartbeat } = groupClients()
    const { memberId } = soleMember()
    cluster.next('Heartbeat').fail('REBALANCE_IN_PROGRESS')

    expect([heartbeat(memberId, 1), heartbeat(memberId, 1)]).toEqual(['REBALANCE_IN_PROGRESS', 'NONE'])
  })
})
