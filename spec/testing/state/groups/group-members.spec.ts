import { ErrorCode } from '../../../../lib/generated/error-codes'
import { GroupMember } from '../../../../lib/testing/state/groups/group-member'
import type { MemberDetails } from '../../../../lib/testing/state/groups/group-member'
import { GroupMembers } from '../../../../lib/testing/state/groups/group-members'

const DETAILS: MemberDetails = {
  ...{ groupInstanceId: null, clientId: 'client', clientHost: '/127.0.0.1', sessionTimeoutMs: 10_000, rebalanceTimeoutMs: 60_000 },
  protocols: [],
}

const knowing = (...names: readonly string[]): Partial<MemberDetails> => ({
  protocols: names.map((name) => ({ name, metadata: Uint8Array.of(1) })),
})

function membersOf(all: Readonly<Record<string, Partial<MemberDetails>>>): GroupMembers {
  const members = new GroupMembers()
  for (const [id, details] of Object.entries(all)) members.add(new GroupMember(id, { ...DETAILS, ...details }), 'consumer')
  return members
}

describe('the members of a group', () => {
  it('choose, of what all of them know, what most of them like best', () => {
    const members = membersOf({
      a: knowing('sticky', 'range', 'roundrobin'),
      b: knowing('roundrobin', 'range'),
      c: knowing('mine', 'roundrobin', 'range'),
    })

    expect(members.vote()).toBe('roundrobin')
  })

  it('choose what was named first when votes are equal', () => {
    expect(membersOf({ a: knowing('range', 'roundrobin'), b: knowing('roundrobin', 'range') }).vote()).toBe('range')
  })

  it('choose nothing when nobody is there', () => {
    expect(membersOf({}).vote()).toBeNull()
  })

  it('take in whoever knows something that all of them know, for the same purpose', () => {
    const members = membersOf({ a: knowing('range', 'sticky'), b: knowing('range') })

    const knows = (name: string) => [{ name, metadata: new Uint8Array() }]

    expect(members.supports('consumer', knows('range'))).toBe(true)
    expect(members.supports('consumer', knows('sticky'))).toBe(false)
    expect(members.supports('connect', knows('range'))).toBe(false)
  })

  it('are led by the first, and then by whoever has been there longest', () => {
    const members = membersOf({ a: {}, b: {}, c: {} })
    const before = members.leader
    members.remove('a')

    expect([before, members.leader]).toEqual(['a', 'b'])
  })

  it('are led by somebody who joined again when the leader has not', () => {
    const members = membersOf({ a: {}, b: {}, c: {} })
    members.get('c')?.awaitJoin()

    expect(members.electJoined()).toBe(true)
    expect(members.leader).toBe('c')
  })

  it('keep their leader while nobody has joined again', () => {
    const members = membersOf({ a: {}, b: {} })

    expect(members.electJoined()).toBe(false)
    expect(members.leader).toBe('a')
  })

  it('have all joined when those have, too, who were only given an id', () => {
    const members = membersOf({ a: {} })
    members.get('a')?.awaitJoin()
    members.addPending('b')
    const before = members.haveAllJoined
    members.remove('b')

    expect([before, members.haveAllJoined]).toEqual([false, true])
  })

  it.each([
    ['itself', 'a', 'one', ErrorCode.NONE],
    ['itself, without its instance', 'a', null, ErrorCode.NONE],
    ['a member under the instance of another', 'b', 'one', ErrorCode.FENCED_INSTANCE_ID],
    ['a member of an unknown instance', 'a', 'two', ErrorCode.UNKNOWN_MEMBER_ID],
    ['nobody', 'c', null, ErrorCode.UNKNOWN_MEMBER_ID],
  ])('know %s', (_, memberId, groupInstanceId, errorCode) => {
    const members = membersOf({ a: { groupInstanceId: 'one' }, b: {} })

    expect(members.check(memberId, groupInstanceId)).toBe(errorCode)
  })

  it('wait for each other as long as the slowest of them may take', () => {
    expect(membersOf({ a: { rebalanceTimeoutMs: 5 }, b: { rebalanceTimeoutMs: 7 } }).rebalanceTimeoutMs).toBe(7)
    expect(membersOf({}).rebalanceTimeoutMs).toBe(0)
  })

  it('matches when a member brings the same protocols in the same order', () => {
    const { protocols } = { ...DETAILS, ...knowing('range', 'sticky') }
    const member = new GroupMember('a', { ...DETAILS, protocols })
    const [range, sticky] = protocols

    expect(member.matches([...protocols])).toBe(true)
    expect(member.matches([sticky, range].flatMap((each) => each ?? []))).toBe(false)
    expect(member.matches(protocols.slice(1))).toBe(false)
    expect(member.matches(protocols.map(({ name }) => ({ name, metadata: Uint8Array.of(2) })))).toBe(false)
  })
})
