import { ErrorCode } from '../../../lib/generated/error-codes'
import { JoinGroupRequest } from '../../../lib/generated/messages/JoinGroupRequest'
import { JoinGroupResponse } from '../../../lib/generated/messages/JoinGroupResponse'
import { groupClients, JOINING } from '../support/group-clients'
import { subscriptionTo } from '../support/group-members'

const VERSIONS = Array.from({ length: 10 }, (_, version) => version)

describe('JoinGroup', () => {
  it.each(VERSIONS)('takes in a member in version %i', (version) => {
    const { time, join } = groupClients()
    const asked = join({ rebalanceTimeoutMs: version === 0 ? -1 : 60_000 }, version)
    time.advance(1)
    const { errorCode, memberId } = asked.answer
    const joined = errorCode === 0 ? asked : join({ memberId }, version)
    time.advance(1)

    expect(errorCode).toBe(version >= 4 ? ErrorCode.MEMBER_ID_REQUIRED : ErrorCode.NONE)
    expect(memberId).toMatch(/^spec-.{22}$/)
    expect(joined.answer).toMatchObject({
      ...{ errorCode: 0, generationId: 1, memberId, leader: memberId, skipAssignment: false },
      ...{ protocolType: version >= 7 ? 'consumer' : null, protocolName: 'range' },
    })
    expect(joined.answer.members.map((member) => [member.memberId, Buffer.from(member.metadata)])).toEqual([
      [memberId, Buffer.from(subscriptionTo('orders'))],
    ])
  })

  it('gives members of the same seed the same ids, each its own', () => {
    const idsOf = (): readonly string[] => {
      const { time, join } = groupClients()
      const asked = [join(), join(), join({ groupInstanceId: 'one' })]
      time.advance(1)
      return asked.map(({ answer }) => answer.memberId)
    }
    const ids = idsOf()

    expect(new Set(ids).size).toBe(3)
    expect(ids[2]).toMatch(/^one-/)
    expect(idsOf()).toEqual(ids)
  })

  it('answers members together when the last of them has come', () => {
    const { time, join, soleMember } = groupClients()
    const { memberId } = soleMember({ groupInstanceId: 'one' })
    const second = join({ groupInstanceId: 'two' })
    time.advance(2000)
    const before = second.state
    const first = join({ memberId, groupInstanceId: 'one' })
    time.advance(1)

    expect(before).toBe('waiting')
    expect([first.answer, second.answer].map(({ generationId, leader, members }) => [generationId, leader, members.length])).toEqual([
      [2, memberId, 2],
      [2, memberId, 0],
    ])
    expect(first.answer.members.map(({ groupInstanceId }) => groupInstanceId)).toEqual(['one', 'two'])
  })

  it('waits for more members as long as the cluster is told to', () => {
    const { time, join } = groupClients({ configs: { 'group.initial.rebalance.delay.ms': '3000' } })
    const joined = join({ groupInstanceId: 'one' })
    time.advance(2999)
    const before = joined.state
    time.advance(2)

    expect([before, joined.state]).toEqual(['waiting', 'answered'])
  })

  it('rebalances within the session timeout in version 0', () => {
    const { time, join, soleMember, heartbeat } = groupClients()
    const { memberId } = soleMember({ sessionTimeoutMs: 30_000 })
    const second = join({ sessionTimeoutMs: 40_000 }, 0)
    for (let passed = 0; passed < 59_000; passed += 1000) {
      time.advance(1000)
      heartbeat(memberId, 1)
    }

    expect(second.state).toBe('waiting')
    time.advance(2000)
    expect(second.answer).toMatchObject({ errorCode: 0, generationId: 2 })
  })

  it('keeps a member whose connection ended while it waited, until its session runs out', () => {
    const { cluster, time, join, coordinator, soleMember } = groupClients()
    const { memberId } = soleMember({ groupInstanceId: 'one', sessionTimeoutMs: 30_000 })
    join({ groupInstanceId: 'two' })
    time.advance(1)
    cluster.broker(coordinator()).disconnect()
    time.advance(1000)
    const first = join({ memberId, groupInstanceId: 'one' })
    time.advance(1)

    expect(first.answer.members.map(({ groupInstanceId }) => groupInstanceId)).toEqual(['one', 'two'])
  })

  it.each([
    ['a group without a name', { groupId: '' }, 'INVALID_GROUP_ID'],
    ['a session that is too short', { sessionTimeoutMs: 5999 }, 'INVALID_SESSION_TIMEOUT'],
    ['a session that is too long', { sessionTimeoutMs: 1_800_001 }, 'INVALID_SESSION_TIMEOUT'],
    ['a member of a group that is not there', { memberId: 'm1' }, 'UNKNOWN_MEMBER_ID'],
    ['a member that knows no protocol', { protocols: [] }, 'INCONSISTENT_GROUP_PROTOCOL'],
  ] as const)('refuses %s', (_, some, error) => {
    const { ask, coordinator } = groupClients()
    coordinator()
    const { errorCode, memberId, generationId } = ask()(JoinGroupRequest, JoinGroupResponse, { ...JOINING, ...some })

    expect([errorCode, memberId, generationId]).toEqual([ErrorCode[error], 'memberId' in some ? 'm1' : '', -1])
  })

  it('lets the sessions of members be as short as the brokers are set to', () => {
    const { time, join } = groupClients({ configs: { 'group.min.session.timeout.ms': '100', 'group.max.session.timeout.ms': '200' } })
    const asked = [100, 200, 201].map((sessionTimeoutMs) => join({ sessionTimeoutMs, groupId: `g${String(sessionTimeoutMs)}` }))
    time.advance(1)

    expect(asked.map(({ answer }) => answer.errorCode)).toEqual([
      ErrorCode.MEMBER_ID_REQUIRED,
      ErrorCode.MEMBER_ID_REQUIRED,
      ErrorCode.INVALID_SESSION_TIMEOUT,
    ])
  })

  it('refuses more members than a group may have', () => {
    const { time, join, soleMember } = groupClients({ configs: { 'group.max.size': '1' } })
    soleMember()
    const second = join()
    time.advance(1)

    expect(second.answer).toMatchObject({ errorCode: ErrorCode.GROUP_MAX_SIZE_REACHED, memberId: '' })
  })

  it('sends a member to the group’s coordinator', () => {
    const { ask, coordinator } = groupClients({ brokers: 2 })
    const before = ask()(JoinGroupRequest, JoinGroupResponse, JOINING).errorCode
    const other = coordinator() === 1 ? 2 : 1

    expect(before).toBe(ErrorCode.NOT_COORDINATOR)
    expect(ask(other)(JoinGroupRequest, JoinGroupResponse, JOINING).errorCode).toBe(ErrorCode.NOT_COORDINATOR)
  })

  it('tells whoever waits that another broker became the coordinator', () => {
    const clients = groupClients({ brokers: 2, configs: { 'offsets.topic.num.partitions': '1' } })
    const { cluster, time, coordinator, soleMember, join, heartbeat } = clients
    const { memberId } = soleMember()
    const waiting = join({ groupInstanceId: 'two' })
    time.advance(1)
    const before = coordinator()
    cluster.elect('__consumer_offsets', 0, before === 1 ? 2 : 1)
    time.advance(1)

    expect(waiting.answer.errorCode).toBe(ErrorCode.NOT_COORDINATOR)
    expect(coordinator()).not.toBe(before)
    expect(heartbeat(memberId, 1)).toBe('NONE')
  })

  it('answers with the error that was ordered, and nobody has joined', () => {
    const { cluster, time, join, soleMember } = groupClients()
    cluster.next('JoinGroup').fail('COORDINATOR_LOAD_IN_PROGRESS')
    const refused = join({ groupInstanceId: 'one' })
    time.advance(1)

    expect(refused.answer.errorCode).toBe(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS)
    expect(soleMember().members).toHaveLength(1)
  })
})
