/** Classic groups: members that join, synchronise, commit, and leave, in order and out of it. */
import {
  DELETE_GROUPS,
  DESCRIBE_GROUPS,
  HEARTBEAT,
  JOIN_GROUP,
  LEAVE_GROUP,
  LIST_GROUPS,
  newestOf,
  SYNC_GROUP,
  versionsOf,
} from '../support/apis'
import { alike, awaitRebalance, awaitState, describe, heartbeat, join, joined, leave, NO_MEMBER, sync } from '../support/joining'
import type { Joining, Member } from '../support/joining'
import { same } from '../support/pair'
import { scenario } from '../support/scenario'
import type { Scenario } from '../support/scenario'

/** Long enough for a request to a busy machine, short enough to be waited for. */
const SHORT_SESSION_MS = 1000

export const groups: readonly Scenario[] = [
  scenario('a group of one', async ({ client }) => {
    const member = client()
    for (const version of versionsOf(JOIN_GROUP)) {
      const groupId = `one-${version}`
      await describe(member, alike(version, versionsOf(DESCRIBE_GROUPS)), [groupId])
      const one = await joined(member, version, groupId, { protocols: ['range', 'roundrobin'] })
      await describe(member, alike(version, versionsOf(DESCRIBE_GROUPS)), [groupId])
      await heartbeat(member, alike(version, versionsOf(HEARTBEAT)), one)
      const assignments = [{ memberId: one.memberId, assignment: 'everything' }]
      for (const each of versionsOf(SYNC_GROUP)) await sync(member, each, one, { assignments })
      for (const each of versionsOf(HEARTBEAT)) await heartbeat(member, each, one)
      for (const each of versionsOf(DESCRIBE_GROUPS)) await describe(member, each, [groupId, `${groupId}-unknown`])
      const again = await joined(member, version, groupId, { memberId: one.memberId, protocols: ['range', 'roundrobin'] })
      await sync(member, alike(version, versionsOf(SYNC_GROUP)), again, { assignments })
      const changed = await joined(member, version, groupId, { memberId: one.memberId, protocols: ['roundrobin'], name: 'b' })
      await heartbeat(member, 4, again)
      await sync(member, alike(version, versionsOf(SYNC_GROUP)), changed, { assignments, protocolName: 'roundrobin' })
      await leave(member, alike(version, versionsOf(LEAVE_GROUP)), changed)
      await leave(member, alike(version, versionsOf(LEAVE_GROUP)), changed)
      await heartbeat(member, 4, changed)
      await describe(member, alike(version, versionsOf(DESCRIBE_GROUPS)), [groupId])
      const anew = await joined(member, version, groupId)
      await sync(member, 5, anew, { assignments: [] })
      await leave(member, alike(version + 3, versionsOf(LEAVE_GROUP)), anew)
    }
  }),

  scenario('a group of two, and of three', async ({ client }) => {
    const [a, b, c] = [client('client-a'), client('client-b'), client('client-c')]
    for (const version of versionsOf(JOIN_GROUP)) {
      const groupId = `several-${version}`
      const first = await joined(a, version, groupId, { name: 'a' })
      await sync(a, alike(version, versionsOf(SYNC_GROUP)), first, { assignments: [{ memberId: first.memberId, assignment: 'all' }] })

      const second = joined(b, version, groupId, { name: 'b', protocols: ['range', 'other'] })
      await awaitRebalance(a, first)
      await describe(a, alike(version, versionsOf(DESCRIBE_GROUPS)), [groupId])
      const leader = await joined(a, version, groupId, { memberId: first.memberId, name: 'a' })
      const follower = await second
      await heartbeat(a, 4, leader)
      const waiting = sync(b, alike(version, versionsOf(SYNC_GROUP)), follower)
      const assignments = [leader, follower].map(({ memberId }, i) => ({ memberId, assignment: `part ${i}` }))
      await sync(a, alike(version, versionsOf(SYNC_GROUP)), leader, { assignments })
      await waiting
      await sync(b, alike(version + 1, versionsOf(SYNC_GROUP)), follower)
      await describe(a, alike(version, versionsOf(DESCRIBE_GROUPS)), [groupId])

      const third = joined(c, version, groupId, { name: 'c' })
      await awaitRebalance(b, follower)
      await heartbeat(a, 4, leader)
      const rejoined = joined(b, version, groupId, { memberId: follower.memberId, name: 'b', protocols: ['other', 'range'] })
      const leads = await joined(a, version, groupId, { memberId: leader.memberId, name: 'a' })
      const [followsB, followsC] = [await rejoined, await third]
      await leave(c, alike(version, versionsOf(LEAVE_GROUP)), followsC)
      await awaitRebalance(a, leads)
      await heartbeat(b, 4, followsB)
      const last = joined(b, version, groupId, { memberId: followsB.memberId, name: 'b' })
      await leave(a, alike(version, versionsOf(LEAVE_GROUP)), leads)
      const alone = await last
      await sync(b, alike(version, versionsOf(SYNC_GROUP)), alone, { assignments: [{ memberId: alone.memberId, assignment: 'all' }] })
      await describe(b, alike(version, versionsOf(DESCRIBE_GROUPS)), [groupId])
      await leave(b, alike(version, versionsOf(LEAVE_GROUP)), alone)
    }
  }),

  scenario('requests that a group refuses', async ({ client }) => {
    const member = client()
    const one = await joined(member, newestOf(JOIN_GROUP), 'refusing', { protocols: ['range'] })
    await sync(member, newestOf(SYNC_GROUP), one, { assignments: [{ memberId: one.memberId, assignment: 'all' }] })
    const odd: readonly Member[] = [
      { ...one, memberId: same('stranger') },
      { ...one, memberId: NO_MEMBER },
      { ...one, generationId: same(77) },
      { ...one, generationId: same(-1) },
      { ...one, groupId: 'refusing-unknown' },
      { ...one, groupId: '' },
      { groupId: 'refusing-unknown', memberId: NO_MEMBER, generationId: same(-1) },
    ]
    for (const each of odd) {
      for (const version of versionsOf(HEARTBEAT)) await heartbeat(member, version, each)
      for (const version of versionsOf(SYNC_GROUP)) await sync(member, version, each)
      for (const version of versionsOf(LEAVE_GROUP)) if (each.generationId === one.generationId) await leave(member, version, each)
    }
    for (const version of versionsOf(SYNC_GROUP)) {
      await sync(member, version, one, { protocolName: 'other' })
      await sync(member, version, one, { protocolType: 'connect' })
      await sync(member, version, one, { protocolName: null, protocolType: null })
      await sync(member, version, one, { assignments: [{ memberId: same('stranger'), assignment: 'x' }] })
      if (version >= 3) await sync(member, version, one, { groupInstanceId: 'nobody' })
    }
    const joinings: readonly Joining[] = [
      { memberId: same('stranger') },
      { sessionTimeoutMs: 1 },
      { sessionTimeoutMs: -1 },
      { sessionTimeoutMs: 100_000_000 },
      { protocols: [] },
      { protocols: ['other'] },
      { protocolType: '' },
      { protocolType: 'connect' },
      { protocolType: '', protocols: [] },
    ]
    for (const version of versionsOf(JOIN_GROUP)) {
      for (const joining of joinings) await join(member, version, 'refusing', joining)
      await join(member, version, '', {})
      await join(member, version, `refusing-${version}-empty`, { protocols: [] })
      await join(member, version, `refusing-${version}-typeless`, { protocolType: '' })
      await join(member, version, `refusing-${version}-stranger`, { memberId: same('stranger') })
    }
    await heartbeat(member, 4, one)
    await describe(member, newestOf(DESCRIBE_GROUPS), ['refusing', '', 'refusing', 'unknown'])
    for (const version of versionsOf(LEAVE_GROUP).filter((each) => each >= 3)) {
      await member.ask(LEAVE_GROUP, version, { groupId: 'refusing', members: [] })
      const members = [
        { memberId: 'stranger', groupInstanceId: null },
        { memberId: '', groupInstanceId: 'nobody' },
        { memberId: 'x', groupInstanceId: 'nobody' },
      ]
      await member.ask(LEAVE_GROUP, version, { groupId: 'refusing', members })
    }
  }),

  scenario('members that are static', async ({ client }) => {
    const [a, b] = [client(), client()]
    const versions = versionsOf(JOIN_GROUP).filter((each) => each >= 5)
    for (const version of versions) {
      const groupId = `static-${version}`
      const first = await joined(a, version, groupId, { groupInstanceId: 'i', name: 'i' })
      const assignments = [{ memberId: first.memberId, assignment: 'all' }]
      await sync(a, alike(version, versionsOf(SYNC_GROUP)), first, { assignments })
      await heartbeat(a, 4, first, 'i')
      await heartbeat(a, 4, first, 'j')
      await heartbeat(a, 4, { ...first, memberId: same('stranger') }, 'i')
      // Whoever comes with the same instance id takes its place.
      const next = await joined(b, version, groupId, { groupInstanceId: 'i', name: 'i' })
      await heartbeat(a, 4, first, 'i')
      await heartbeat(a, 4, first)
      await sync(a, 5, first, { groupInstanceId: 'i' })
      await sync(b, 5, next, { groupInstanceId: 'i' })
      await join(a, version, groupId, { groupInstanceId: 'i', memberId: first.memberId })
      const changed = await joined(b, version, groupId, { groupInstanceId: 'i', name: 'another' })
      await sync(b, 5, changed, { groupInstanceId: 'i', assignments: [{ memberId: changed.memberId, assignment: 'all' }] })
      await describe(b, alike(version, versionsOf(DESCRIBE_GROUPS)), [groupId])
      await leave(b, 5, { ...changed, memberId: NO_MEMBER }, 'j')
      await leave(b, 5, first, 'i')
      await leave(b, 4, { ...changed, memberId: NO_MEMBER }, 'i')
      await describe(b, 6, [groupId])
    }
  }),

  scenario('members that fall silent', async ({ client }) => {
    const fallSilent = async (version: number): Promise<void> => {
      const [a, b] = [client(), client()]
      const groupId = `silent-${version}`
      const first = await joined(a, version, groupId, { sessionTimeoutMs: SHORT_SESSION_MS, rebalanceTimeoutMs: SHORT_SESSION_MS })
      if (version % 2 === 0) await sync(a, 5, first, { assignments: [] })
      await awaitState(a, groupId, 'Empty')
      await heartbeat(a, 4, first)
      const second = await joined(b, version, groupId)
      await sync(b, 5, second, { assignments: [] })
      await leave(b, 5, second)
    }
    // Each waits for the end of a session: all at once.
    await Promise.all(versionsOf(JOIN_GROUP).map(fallSilent))
  }),

  scenario('lists of groups, and groups that are deleted', async ({ client }) => {
    const member = client()
    const one = await joined(member, newestOf(JOIN_GROUP), 'listed-full')
    await joined(member, newestOf(JOIN_GROUP), 'listed-joining', {})
    const left = await joined(member, newestOf(JOIN_GROUP), 'listed-empty', { protocolType: 'connect' })
    await leave(member, newestOf(LEAVE_GROUP), left)
    await sync(member, newestOf(SYNC_GROUP), one, { assignments: [] })
    for (const version of versionsOf(LIST_GROUPS)) {
      await member.ask(LIST_GROUPS, version, {})
      if (version < 4) continue
      for (const statesFilter of [['Stable'], ['Empty'], ['stable', 'EMPTY'], ['CompletingRebalance'], ['Nonsense'], ['Dead']]) {
        await member.ask(LIST_GROUPS, version, { statesFilter })
      }
      if (version < 5) continue
      for (const typesFilter of [['classic'], ['Classic'], ['consumer'], ['Nonsense'], ['consumer', 'classic']]) {
        await member.ask(LIST_GROUPS, version, { statesFilter: [], typesFilter })
        await member.ask(LIST_GROUPS, version, { statesFilter: ['Stable'], typesFilter })
      }
    }
    for (const version of versionsOf(DELETE_GROUPS)) {
      const gone = await joined(member, 3, `deleted-${version}`)
      await leave(member, 0, gone)
      for (const groupsNames of [
        ['listed-full'],
        ['unknown'],
        [''],
        [],
        [`deleted-${version}`, 'listed-full', 'unknown'],
        [`deleted-${version}`],
      ]) {
        await member.ask(DELETE_GROUPS, version, { groupsNames })
      }
      await describe(member, newestOf(DESCRIBE_GROUPS), [`deleted-${version}`])
    }
  }),
]
