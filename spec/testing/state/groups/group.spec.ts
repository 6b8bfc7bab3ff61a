import { ErrorCode } from '../../../../lib/generated/error-codes'
import type { JoinAnswer } from '../../../../lib/testing/state/groups/group-member'
import type { Generation } from '../../../../lib/testing/state/groups/group-requests'
import { groupBench, nameOf, REBALANCE, SESSION } from '../../support/group-members'
import type { Later } from '../../support/group-members'

const textOf = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString()

const idsOf = ({ answer }: Later<JoinAnswer>): readonly string[] | undefined => answer?.members.map(({ memberId }) => memberId)

describe('a group', () => {
  it('is empty, and no timer stands, before anybody comes', () => {
    const { group, time } = groupBench()

    expect([group.state, group.generation, group.protocolType, time.pending]).toEqual(['Empty', 0, null, 0])
  })

  it('lets the first member lead, and is stable when that one has assigned', () => {
    const { group, time, join, sync } = groupBench()
    const joined = join('')
    const before = [joined.outcome, group.state]
    time.advance(0)
    const between = group.state
    const synced = sync('m1', { m1: 'all of it' })

    expect(before).toEqual(['waiting', 'PreparingRebalance'])
    expect(joined.answer).toMatchObject({
      errorCode: 0,
      memberId: 'm1',
      leader: 'm1',
      generationId: 1,
      protocolType: 'consumer',
      protocolName: 'range',
    })
    expect(idsOf(joined)).toEqual(['m1'])
    expect(between).toBe('CompletingRebalance')
    expect(textOf(synced.answer?.assignment)).toBe('all of it')
    expect(synced.answer).toMatchObject({ protocolType: 'consumer', protocolName: 'range' })
    expect(group.state).toBe('Stable')
  })

  it('tells the leader alone who is there, and lets the others wait for their share', () => {
    const { time, join, sync } = groupBench()
    const joined = [join(''), join(''), join('')]
    time.advance(0)
    const follower = sync('m2')
    const before = follower.outcome
    sync('m1', { m1: 'a', m2: 'b' })
    const late = sync('m3')

    expect(joined.map(({ answer }) => answer?.leader)).toEqual(['m1', 'm1', 'm1'])
    expect(joined.map(idsOf)).toEqual([['m1', 'm2', 'm3'], [], []])
    expect(before).toBe('waiting')
    expect(textOf(follower.answer?.assignment)).toBe('b')
    expect([late.outcome, late.answer?.assignment.length]).toEqual(['NONE', 0])
  })

  it('waits for more members when it is told to, and a bit longer for each who comes', () => {
    const { time, join } = groupBench()
    const first = join('', { initialDelayMs: 3000 })
    time.advance(2000)
    const second = join('', { initialDelayMs: 3000 })
    time.advance(3999)
    const before = first.outcome
    time.advance(1)

    expect(before).toBe('waiting')
    expect([first, second].map(({ answer }) => answer?.generationId)).toEqual([1, 1])
  })

  it('waits no longer for more members than they may take to rebalance', () => {
    const { time, join } = groupBench()
    const first = join('', { initialDelayMs: 3000, rebalanceTimeoutMs: 7000 })
    for (let i = 0; i < 6; i++) {
      time.advance(1000)
      join('', { initialDelayMs: 3000, rebalanceTimeoutMs: 7000 })
    }
    const before = first.outcome
    time.advance(1000)

    expect([before, first.outcome]).toEqual(['waiting', 'NONE'])
  })

  it('has everybody join again when somebody comes', () => {
    const { group, time, join, stable, heartbeat } = groupBench()
    stable(2)
    const third = join('')
    const told = [heartbeat('m1'), heartbeat('m2')]
    const first = join('m1')
    const before = [group.state, third.outcome]
    const second = join('m2')
    time.advance(0)

    expect(told).toEqual(['REBALANCE_IN_PROGRESS', 'REBALANCE_IN_PROGRESS'])
    expect(before).toEqual(['PreparingRebalance', 'waiting'])
    expect([first, second, third].map(({ answer }) => answer?.generationId)).toEqual([2, 2, 2])
    expect([first, second, third].map(idsOf)).toEqual([['m1', 'm2', 'm3'], [], []])
  })

  it('goes on without a dynamic member that does not join again in time', () => {
    const { group, join, stable, beat } = groupBench()
    stable(2)
    const third = join('', { rebalanceTimeoutMs: 20_000 })
    const first = join('m1')
    beat(REBALANCE, 'm2')

    expect([first, third].map(({ outcome }) => outcome)).toEqual(['NONE', 'NONE'])
    expect(group.members.map(({ memberId }) => memberId)).toEqual(['m1', 'm3'])
  })

  it('gives the lead to somebody who joined again when the leader did not', () => {
    const { group, join, stable, beat } = groupBench()
    stable(2)
    const third = join('')
    const second = join('m2')
    beat(REBALANCE, 'm1')

    expect(group.members.map(({ memberId }) => memberId)).toEqual(['m2', 'm3'])
    expect(second.answer?.leader).toBe('m2')
    expect(third.answer?.leader).toBe('m2')
  })

  it('rebalances when somebody leaves, and the next in line leads', () => {
    const { group, join, stable, leave, heartbeat } = groupBench()
    stable(3)
    const left = leave('m1')
    const told = heartbeat('m2')
    const [second, third] = [join('m2'), join('m3')]

    expect(left).toEqual(['NONE'])
    expect(told).toBe('REBALANCE_IN_PROGRESS')
    expect([second.answer?.leader, third.answer?.leader]).toEqual(['m2', 'm2'])
    expect(group.generation).toBe(2)
  })

  it('is empty, and has no timer, when the last one leaves', () => {
    const { group, time, stable, leave } = groupBench()
    stable(2)
    const left = leave('m1', 'nobody', 'm2')

    expect(left).toEqual(['NONE', 'UNKNOWN_MEMBER_ID', 'NONE'])
    expect([group.state, group.generation, group.protocolType, group.protocolName]).toEqual(['Empty', 2, 'consumer', null])
    expect(time.pending).toBe(0)
  })

  it('is taken over by whoever comes when nobody is there', () => {
    const { group, time, stable, leave, join } = groupBench()
    stable(1)
    leave('m1')
    const joined = join('', { protocolType: 'connect', protocols: { mine: '' } })
    time.advance(0)

    expect(joined.answer).toMatchObject({ generationId: 3, protocolType: 'connect', protocolName: 'mine' })
    expect(group.protocolType).toBe('connect')
  })

  it('puts out a member that was not heard of for its session', () => {
    const { group, stable, heartbeat, beat, time } = groupBench()
    stable(2)
    beat(SESSION - 1000, 'm1')
    const before = [heartbeat('m1'), heartbeat('m2')]
    beat(SESSION, 'm1')
    const after = [heartbeat('m1'), heartbeat('m2')]
    time.advance(SESSION)

    expect(before).toEqual(['NONE', 'NONE'])
    expect(after).toEqual(['REBALANCE_IN_PROGRESS', 'UNKNOWN_MEMBER_ID'])
    expect([group.state, time.pending]).toEqual(['Empty', 0])
  })

  it('goes on when the one who is missing dies', () => {
    const { join, stable, beat } = groupBench()
    stable(2)
    const third = join('')
    const first = join('m1')
    beat(SESSION - 1000)
    const before = first.outcome
    beat(1000)

    expect(before).toBe('waiting')
    expect([first.outcome, third.outcome]).toEqual(['NONE', 'NONE'])
    expect(idsOf(first)).toEqual(['m1', 'm3'])
  })

  it('does not expect members to be heard of while they wait for others', () => {
    const { join, stable, beat } = groupBench()
    stable(2, { sessionTimeoutMs: 6000, rebalanceTimeoutMs: 300_000 })
    const first = join('m1', { sessionTimeoutMs: 6000, rebalanceTimeoutMs: 300_000 })
    beat(200_000, 'm2')
    const second = join('m2')

    expect([first.outcome, second.outcome]).toEqual(['NONE', 'NONE'])
    expect(idsOf(first)).toEqual(['m1', 'm2'])
  })

  it('gives a new member up that waits for five minutes', () => {
    const { join, stable, beat, group } = groupBench()
    stable(1, { rebalanceTimeoutMs: 600_000 })
    const second = join('', { rebalanceTimeoutMs: 600_000 })
    beat(299_000, 'm1')
    const before = second.outcome
    beat(1000, 'm1')

    expect([before, second.outcome]).toEqual(['waiting', 'UNKNOWN_MEMBER_ID'])
    expect(group.members.map(({ memberId }) => memberId)).toEqual(['m1'])
  })

  it('puts out members that have not fetched their share in time', () => {
    const { group, time, join, sync, beat } = groupBench()
    join('')
    join('')
    time.advance(0)
    sync('m1')
    beat(REBALANCE, 'm1', 'm2')

    expect(group.members.map(({ memberId }) => memberId)).toEqual(['m1'])
    expect(group.state).toBe('PreparingRebalance')
  })

  it('calls a generation off when somebody comes before its leader has assigned', () => {
    const { time, join, sync, group } = groupBench()
    join('')
    join('')
    time.advance(0)
    const waiting = sync('m2')
    join('')

    expect(waiting.outcome).toBe('REBALANCE_IN_PROGRESS')
    expect(sync('m1').outcome).toBe('REBALANCE_IN_PROGRESS')
    expect(group.state).toBe('PreparingRebalance')
  })

  it('forgets what was assigned when a generation is called off', () => {
    const { time, join, sync, stable, group } = groupBench()
    stable(1)
    join('m1')
    sync('m1', { m1: 'share' })
    const assigned = group.members.map(({ assignment }) => textOf(assignment))
    join('m1')
    join('m1', { protocols: { range: 'other' } })
    time.advance(0)

    expect(assigned).toEqual(['share'])
    expect(group.members.map(({ assignment }) => assignment.length)).toEqual([0])
  })

  it('tells a member that joins again with the same how things are', () => {
    const { group, time, join, sync } = groupBench()
    join('')
    join('')
    time.advance(0)
    const completing = [join('m1'), join('m2')]
    sync('m1')
    const stable = join('m2')

    expect(completing.map(({ answer }) => answer?.generationId)).toEqual([1, 1])
    expect(completing.map(idsOf)).toEqual([['m1', 'm2'], []])
    expect(stable.answer).toMatchObject({ generationId: 1, members: [] })
    expect(group.state).toBe('Stable')
  })

  it('rebalances when the leader of a stable group joins again, or another with something new', () => {
    const leaderAgain = groupBench()
    leaderAgain.stable(2)
    leaderAgain.join('m1')
    const somethingNew = groupBench()
    somethingNew.stable(2)
    somethingNew.join('m2', { protocols: { range: 'more' } })

    expect(leaderAgain.group.state).toBe('PreparingRebalance')
    expect(somethingNew.group.state).toBe('PreparingRebalance')
  })

  it('answers the newer of two requests of a member that lost its connection', () => {
    const { join, stable } = groupBench()
    stable(2)
    const [lost, newer] = [join('m1'), join('m1')]
    join('m2')

    expect([lost.outcome, newer.outcome]).toEqual(['waiting', 'NONE'])
  })
})

describe('a group whose members must know their ids', () => {
  it('gives them out first, and waits for whoever got one', () => {
    const { time, join, group } = groupBench()
    const asked = join('', { mustKnowItsId: true })
    const before = group.state
    const joined = join('m1', { mustKnowItsId: true })
    time.advance(0)

    expect(asked.answer).toMatchObject({ errorCode: ErrorCode.MEMBER_ID_REQUIRED, memberId: 'm1', generationId: -1 })
    expect(before).toBe('Empty')
    expect(joined.answer).toMatchObject({ errorCode: 0, memberId: 'm1', generationId: 1 })
  })

  it('does not complete a rebalance before they have joined, or their session ran out', () => {
    const { join, stable, beat } = groupBench()
    stable(1)
    join('', { mustKnowItsId: true })
    const again = join('m1')
    beat(SESSION - 1000)
    const before = again.outcome
    beat(1000)

    expect([before, again.outcome]).toEqual(['waiting', 'NONE'])
  })

  it('forgets an id that is given back', () => {
    const { join, leave, time } = groupBench()
    join('', { mustKnowItsId: true })
    const left = leave('m1')

    expect(left).toEqual(['NONE'])
    expect(time.pending).toBe(0)
    expect(join('m1').outcome).toBe('UNKNOWN_MEMBER_ID')
  })
})

describe('a static member', () => {
  const one = { instanceId: 'one' }

  it('comes back under a new id without anybody noticing', () => {
    const { group, time, join, sync, heartbeat } = groupBench()
    join('')
    join('', one)
    time.advance(0)
    sync('m1', { m2: 'its share' })
    sync('m2')
    const back = join('', one)
    const synced = sync('m3')

    expect(back.answer).toMatchObject({ errorCode: 0, memberId: 'm3', generationId: 1, leader: 'm1', skipAssignment: false, members: [] })
    expect(textOf(synced.answer?.assignment)).toBe('its share')
    expect([heartbeat('m1'), heartbeat('m2'), heartbeat('m3')]).toEqual(['NONE', 'UNKNOWN_MEMBER_ID', 'NONE'])
    expect(group.state).toBe('Stable')
  })

  it('that led is told who is there, and that it need not assign anew', () => {
    const { stable, join } = groupBench()
    stable(1, one)
    const back = join('', one)

    expect(back.answer).toMatchObject({ memberId: 'm2', leader: 'm2', skipAssignment: true })
    expect(idsOf(back)).toEqual(['m2'])
  })

  it('that led, and cannot skip the assignment, takes its former self for the leader', () => {
    const { stable, join } = groupBench()
    stable(1, one)
    const back = join('', { ...one, maySkipAssignment: false })

    expect(back.answer).toMatchObject({ memberId: 'm2', leader: 'm1', skipAssignment: false, members: [] })
  })

  it('makes the others rebalance when it no longer knows the protocol that was chosen', () => {
    const { group, time, join, sync } = groupBench()
    const both = { range: 'orders', sticky: 'orders' }
    join('', { protocols: both })
    join('', { ...one, protocols: both })
    time.advance(0)
    sync('m1')
    sync('m2')
    const back = join('', { ...one, protocols: { sticky: 'orders' } })
    const before = back.outcome
    join('m1', { protocols: both })

    expect(before).toBe('waiting')
    expect([back.answer?.protocolName, group.generation]).toEqual(['sticky', 2])
  })

  it('fences its former self that waits to join', () => {
    const { stable, join } = groupBench()
    stable(1)
    const former = join('', one)
    const back = join('', one)
    join('m1')

    expect([former.outcome, back.outcome]).toEqual(['FENCED_INSTANCE_ID', 'NONE'])
    expect(former.answer?.memberId).toBe('m2')
  })

  it('fences its former self that waits for its share, and a new generation begins', () => {
    const { group, time, join, sync } = groupBench()
    join('')
    join('', one)
    time.advance(0)
    const former = sync('m2')
    join('', one)

    expect(former.outcome).toBe('FENCED_INSTANCE_ID')
    expect(group.state).toBe('PreparingRebalance')
  })

  it('is in the next generation although it did not join again, and out of the one after it', () => {
    const { join, time, sync, group, beat } = groupBench()
    join('')
    join('', { ...one, sessionTimeoutMs: 100_000 })
    time.advance(0)
    sync('m1')
    sync('m2')
    join('m1')
    time.advance(REBALANCE)
    sync('m1')
    const kept = group.members.map(({ memberId }) => memberId)
    beat(REBALANCE, 'm1')

    expect(kept).toEqual(['m1', 'm2'])
    expect(group.members.map(({ memberId }) => memberId)).toEqual(['m1'])
  })

  it('alone keeps a group of members that do not join again until its session ends', () => {
    const { group, time, join, sync, leave } = groupBench()
    join('', { ...one, sessionTimeoutMs: 150_000 })
    join('')
    time.advance(0)
    sync('m1')
    sync('m2')
    leave('m2')
    time.advance(149_999)
    const before = [group.state, group.generation]
    time.advance(1)

    expect(before).toEqual(['PreparingRebalance', 1])
    expect([group.state, group.generation, time.pending]).toEqual(['Empty', 2, 0])
  })

  it('can be removed by its instance', () => {
    const { group, stable } = groupBench()
    stable(1, one)
    const left = group.leave([
      { memberId: '', groupInstanceId: 'two' },
      { memberId: 'm7', groupInstanceId: 'one' },
      { memberId: '', groupInstanceId: 'one' },
    ])

    expect(left.map(nameOf)).toEqual(['UNKNOWN_MEMBER_ID', 'FENCED_INSTANCE_ID', 'NONE'])
    expect(group.state).toBe('Empty')
  })

  it('is waited for until its session ends, also when it wants no time to rebalance', () => {
    const { group, time, join, sync, leave } = groupBench()
    for (const instanceId of ['x', 'y']) join('', { instanceId })
    time.advance(0)
    for (const memberId of ['m2', 'm1']) sync(memberId)
    join('m2', { instanceId: 'y', rebalanceTimeoutMs: 0, protocols: { range: 'bills' } })
    join('m1', { instanceId: 'x' })
    for (const memberId of ['m2', 'm1']) sync(memberId)
    leave('m1')
    time.advance(SESSION - 1)
    const before = [group.state, group.members.length]
    time.advance(1)

    expect(before).toEqual(['PreparingRebalance', 1])
    expect([group.state, group.members.length, time.pending]).toEqual(['Empty', 0, 0])
  })

  it('stays static when it joins again without saying so', () => {
    const { group, stable, join } = groupBench()
    stable(1, one)
    join('m1')

    expect(group.members.map(({ groupInstanceId }) => groupInstanceId)).toEqual(['one'])
  })
})

describe('a group refuses', () => {
  it('a static member that comes with an id which a dynamic one was given, as Kafka fails at it', () => {
    const { group, time, join } = groupBench()
    join('', { instanceId: 'x' })
    time.advance(0)
    join('', { mustKnowItsId: true })

    expect(join('m2', { instanceId: 'x' }).outcome).toBe('UNKNOWN_SERVER_ERROR')
    expect(group.members.map(({ memberId }) => memberId)).toEqual(['m1'])
    expect(join('m2').outcome).toBe('waiting')
  })

  it('members that know nothing, or nothing in common with the others', () => {
    const { stable, join } = groupBench()
    const first = [join('', { protocols: {} }), join('', { protocolType: '' })]
    stable(1)
    const other = [join('', { protocols: { mine: '' } }), join('', { protocolType: 'connect' }), join('m1', { protocols: { mine: '' } })]

    expect([...first, ...other].map(({ outcome }) => outcome)).toEqual(Array.from({ length: 5 }, () => 'INCONSISTENT_GROUP_PROTOCOL'))
  })

  it('members that it does not know', () => {
    const { group, stable, join, sync, heartbeat } = groupBench()
    const empty = [join('m9').outcome, sync('m9').outcome, heartbeat('m9')]
    stable(1)
    const known = [join('m9').outcome, sync('m9').outcome, heartbeat('m9')]

    expect(empty).toEqual(['UNKNOWN_MEMBER_ID', 'UNKNOWN_MEMBER_ID', 'UNKNOWN_MEMBER_ID'])
    expect(known).toEqual(empty)
    expect(group.state).toBe('Stable')
  })

  it('members of another generation', () => {
    const { stable, sync, heartbeat } = groupBench()
    stable(1)

    expect([sync('m1', {}, 0).outcome, heartbeat('m1', 2)]).toEqual(['ILLEGAL_GENERATION', 'ILLEGAL_GENERATION'])
  })

  it('a share for another protocol than the one that was chosen', () => {
    const { group, stable } = groupBench()
    stable(1)
    const who = { memberId: 'm1', groupInstanceId: null, generationId: 1, assignments: [] }
    const outcomes: number[] = []
    for (const [protocolType, protocolName] of [
      ['connect', 'range'],
      ['consumer', 'sticky'],
      ['consumer', 'range'],
    ] as const) {
      group.sync({ ...who, protocolType, protocolName }).subscribe(({ errorCode }) => outcomes.push(errorCode))
    }

    expect(outcomes.map(nameOf)).toEqual(['INCONSISTENT_GROUP_PROTOCOL', 'INCONSISTENT_GROUP_PROTOCOL', 'NONE'])
  })

  it('more members than it may have', () => {
    const { group, stable, join } = groupBench()
    stable(2, { maxSize: 2 })
    const third = join('', { maxSize: 2 })

    expect(third.answer).toMatchObject({ errorCode: ErrorCode.GROUP_MAX_SIZE_REACHED, memberId: '' })
    expect(group.state).toBe('Stable')
  })

  it('whoever joins again last when it has become too large', () => {
    const { group, stable, join } = groupBench()
    stable(3)
    const rejoining = ['m1', 'm2', 'm3'].map((memberId) => join(memberId, { maxSize: 2 })).map(({ outcome }) => outcome)
    const again = join('m2', { maxSize: 2 })

    expect(rejoining).toEqual(['waiting', 'waiting', 'GROUP_MAX_SIZE_REACHED'])
    expect(again.outcome).toBe('NONE')
    expect(group.members.map(({ memberId }) => memberId)).toEqual(['m1', 'm2'])
  })
})

describe('a commit', () => {
  const nobody: Generation = { memberId: '', groupInstanceId: null, generationId: -1 }
  const m1: Generation = { memberId: 'm1', groupInstanceId: null, generationId: 1 }

  it('is anybody’s while nobody is in the group', () => {
    const { group } = groupBench()

    expect(nameOf(group.checkCommit(nobody, 'plain'))).toBe('NONE')
    expect(nameOf(group.checkCommit(m1, 'plain'))).toBe('UNKNOWN_MEMBER_ID')
  })

  it('is a member’s of the current generation while somebody is', () => {
    const { group, stable } = groupBench()
    stable(1)
    const commits = [nobody, m1, { ...m1, generationId: 0 }, { ...m1, generationId: -1 }, { ...m1, memberId: 'm2' }]

    expect(commits.map((each) => nameOf(group.checkCommit(each, 'plain')))).toEqual([
      'UNKNOWN_MEMBER_ID',
      'NONE',
      'ILLEGAL_GENERATION',
      'ILLEGAL_GENERATION',
      'UNKNOWN_MEMBER_ID',
    ])
  })

  it('in a transaction need not name a member', () => {
    const { group, stable } = groupBench()
    stable(1)

    expect([nobody, m1, { ...m1, generationId: 0 }].map((each) => nameOf(group.checkCommit(each, 'transactional')))).toEqual([
      'NONE',
      'NONE',
      'ILLEGAL_GENERATION',
    ])
  })

  it('has to wait while the leader assigns, unless it is part of a transaction', () => {
    const { group, time, join } = groupBench()
    join('')
    time.advance(0)

    expect(nameOf(group.checkCommit(m1, 'plain'))).toBe('REBALANCE_IN_PROGRESS')
    expect(nameOf(group.checkCommit(m1, 'transactional'))).toBe('NONE')
  })

  it('of the last generation is taken while members join again, and keeps the session', () => {
    const { group, time, stable, join } = groupBench()
    stable(2)
    time.advance(SESSION - 1)
    const taken = nameOf(group.checkCommit(m1, 'plain'))
    join('m2', { protocols: { range: 'more' } })
    time.advance(SESSION - 1)
    const again = nameOf(group.checkCommit(m1, 'plain'))
    time.advance(SESSION - 1)

    expect([taken, again]).toEqual(['NONE', 'NONE'])
    expect(group.members.map(({ memberId }) => memberId)).toEqual(['m1', 'm2'])
  })
})

describe('a group knows which topics its members want', () => {
  it('when they are consumers', () => {
    const { group, stable, leave } = groupBench()
    const before = group.isSubscribedTo('orders')
    stable(1, { protocols: { range: 'orders' } })
    const during = [group.isSubscribedTo('orders'), group.isSubscribedTo('bills')]
    leave('m1')

    expect(before).toBe(false)
    expect(during).toEqual([true, false])
    expect(group.isSubscribedTo('orders')).toBe(false)
  })

  it('and thinks of all when it cannot read what consumers say', () => {
    const { group, stable, time, join } = groupBench()
    stable(1)
    const who = { memberId: 'm1', newMemberId: () => 'm2', protocolType: 'consumer', mustKnowItsId: false }
    const details = { groupInstanceId: null, clientId: '', clientHost: '', sessionTimeoutMs: SESSION, rebalanceTimeoutMs: REBALANCE }
    const protocols = [{ name: 'range', metadata: Uint8Array.of(0, 0, 0x7f, 0xff, 0xff, 0xff) }]
    group.join({ ...who, details: { ...details, protocols }, maySkipAssignment: true, maxSize: 9, initialDelayMs: 0 }).subscribe()
    time.advance(0)

    expect(join('m9').outcome).toBe('UNKNOWN_MEMBER_ID')
    expect([group.isSubscribedTo('orders'), group.isSubscribedTo('bills')]).toEqual([true, true])
  })

  it('but not of others', () => {
    const { group, stable } = groupBench()
    stable(1, { protocolType: 'connect' })

    expect(group.isSubscribedTo('orders')).toBe(false)
  })
})
