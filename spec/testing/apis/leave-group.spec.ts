import { ErrorCode } from '../../../lib/generated/error-codes'
import { LeaveGroupRequest } from '../../../lib/generated/messages/LeaveGroupRequest'
import type { LeaveGroupRequestInput } from '../../../lib/generated/messages/LeaveGroupRequest'
import { LeaveGroupResponse } from '../../../lib/generated/messages/LeaveGroupResponse'
import { groupClients } from '../support/group-clients'

const askedFor = (version: number, memberId: string): LeaveGroupRequestInput =>
  version < 3 ? { groupId: 'g', memberId } : { groupId: 'g', members: [{ memberId }] }

describe('LeaveGroup', () => {
  it.each([0, 1, 2, 3, 4, 5])('lets a member go in version %i', (version) => {
    const { ask, time, soleMember, heartbeat } = groupClients()
    const { memberId } = soleMember()
    const left = ask()(LeaveGroupRequest, LeaveGroupResponse, askedFor(version, memberId), version)

    expect(left).toMatchObject({ errorCode: 0, members: version < 3 ? [] : [{ memberId, groupInstanceId: null, errorCode: 0 }] })
    expect(heartbeat(memberId, 1)).toBe('UNKNOWN_MEMBER_ID')
    expect(time.pending).toBe(0)
  })

  it.each([0, 1, 2, 3, 4, 5])('says in version %i that somebody was not there', (version) => {
    const { ask, soleMember } = groupClients()
    const ofNoGroup = () => ask()(LeaveGroupRequest, LeaveGroupResponse, askedFor(version, 'm'), version)
    soleMember()
    const { errorCode, members } = ofNoGroup()

    expect(version < 3 ? errorCode : members[0]?.errorCode).toBe(ErrorCode.UNKNOWN_MEMBER_ID)
    expect(version < 3 ? members : [errorCode]).toEqual(version < 3 ? [] : [0])
  })

  it('says of each member of a group that is not there that it was not', () => {
    const { ask, coordinator } = groupClients()
    coordinator()
    const members = [{ memberId: 'm1' }, { memberId: '', groupInstanceId: 'one' }]
    const answer = ask()(LeaveGroupRequest, LeaveGroupResponse, { groupId: 'g', members })

    expect(answer).toMatchObject({
      errorCode: 0,
      members: [
        { memberId: 'm1', groupInstanceId: null, errorCode: ErrorCode.UNKNOWN_MEMBER_ID },
        { memberId: '', groupInstanceId: 'one', errorCode: ErrorCode.UNKNOWN_MEMBER_ID },
      ],
    })
  })

  it('lets administrators remove static members by their instance', () => {
    const { ask, soleMember, heartbeat } = groupClients()
    const { memberId } = soleMember({ groupInstanceId: 'one' })
    const members = [{ memberId: '', groupInstanceId: 'one', reason: 'it does not come back' }]
    const answer = ask()(LeaveGroupRequest, LeaveGroupResponse, { groupId: 'g', members })

    expect(answer.members).toMatchObject([{ groupInstanceId: 'one', errorCode: 0 }])
    expect(heartbeat(memberId, 1)).toBe('UNKNOWN_MEMBER_ID')
  })

  it('lets the others go on at once', () => {
    const { ask, time, soleMember, join } = groupClients()
    const { memberId } = soleMember()
    const second = join({ groupInstanceId: 'two' })
    time.advance(1)
    ask()(LeaveGroupRequest, LeaveGroupResponse, { groupId: 'g', members: [{ memberId }] })
    time.advance(1)

    expect(second.answer).toMatchObject({ errorCode: 0, generationId: 2, leader: second.answer.memberId })
  })

  it('refuses a group without a name, and sends members to the group’s coordinator', () => {
    const { ask, coordinator } = groupClients({ brokers: 2 })
    const wrong = coordinator() === 1 ? 2 : 1
    const leave = (groupId: string) => ask(wrong)(LeaveGroupRequest, LeaveGroupResponse, { groupId, members: [{ memberId: 'm' }] })

    expect(leave('')).toMatchObject({ errorCode: ErrorCode.INVALID_GROUP_ID, members: [] })
    expect(leave('g')).toMatchObject({ errorCode: ErrorCode.NOT_COORDINATOR, members: [] })
  })

  it('answers with the error that was ordered, and the member is still there', () => {
    const { cluster, ask, soleMember, heartbeat } = groupClients()
    const { memberId } = soleMember()
    cluster.next('LeaveGroup').fail('COORDINATOR_NOT_AVAILABLE')
    const answer = ask()(LeaveGroupRequest, LeaveGroupResponse, { groupId: 'g', members: [{ memberId }] })

    expect(answer).toMatchObject({ errorCode: ErrorCode.COORDINATOR_NOT_AVAILABLE, members: [] })
    expect(heartbeat(memberId, 1)).toBe('NONE')
  })
})
