import { settingsOf } from '../../../../lib/testing/settings'
import { ClusterState } from '../../../../lib/testing/state/cluster-state'
import { coordinatorOf } from '../../../../lib/testing/state/coordinators'
import type { Group } from '../../../../lib/testing/state/groups/group'
import type { Groups } from '../../../../lib/testing/state/groups/groups'
import type { ClusterNode } from '../../../../lib/testing/state/node'
import { NO_LEADER } from '../../../../lib/testing/state/partition'
import { virtualTime } from '../../../../lib/testing/virtual-time'
import { clockOf } from '../../../../lib/time'
import { asking, nameOf, SESSION } from '../../support/group-members'

const ONE_PARTITION = { 'offsets.topic.num.partitions': '1' }

function started() {
  const time = virtualTime()
  const cluster = new ClusterState(settingsOf({ brokers: 2, configs: ONE_PARTITION }), clockOf(time.scheduler))
  const { groups } = cluster
  coordinatorOf(cluster, 'group', 'g')
  const moveTo = (leader: number): void => {
    for (const partition of cluster.topics.get('__consumer_offsets')?.partitions ?? []) cluster.elect(partition, leader)
  }
  const become = (status: ClusterNode['status']): void => {
    const coordinator = cluster.nodes.get(1)
    if (coordinator !== undefined) coordinator.status = status
    cluster.changed$.next()
  }
  const ask = (firstId?: number) => asking(groups.getOrAdd('g'), time, firstId)
  return { time, groups, moveTo, become, ask }
}

const stateOf = (groups: Groups): unknown => {
  const group = groups.get('g')
  return group && [group.state, group.generation, idsOf(group)]
}

const idsOf = ({ members }: Group): readonly string[] => members.map(({ memberId }) => memberId)

describe('groups', () => {
  it('are there from the first time that they are needed until they are deleted', () => {
    const { groups, ask, time } = started()
    const before = groups.get('g')
    ask().join('', { mustKnowItsId: true })
    const during = groups.all.map(({ groupId }) => groupId)
    groups.delete('g')
    groups.delete('g')

    expect(before).toBeUndefined()
    expect(during).toEqual(['g'])
    expect(groups.all).toEqual([])
    expect(time.pending).toBe(0)
  })

  it('go on, with their sessions begun anew, when another broker becomes their coordinator', () => {
    const { time, groups, moveTo, ask } = started()
    ask().stable(2)
    time.advance(SESSION - 1)
    moveTo(2)
    time.advance(SESSION - 1)
    const after = [stateOf(groups), ask().heartbeat('m1')]
    time.advance(1)

    expect(after).toEqual([['Stable', 1, ['m1', 'm2']], 'NONE'])
    expect(stateOf(groups)).toEqual(['PreparingRebalance', 1, ['m1']])
  })

  it('tell whoever waits that another broker is the coordinator, and fall back to the last complete generation', () => {
    const { time, groups, moveTo, ask } = started()
    ask().stable(2)
    const again = ask().join('m1')
    const third = ask(3).join('')
    moveTo(2)
    const fallenBack = stateOf(groups)
    ask().join('m1')
    ask().join('m2')
    time.advance(0)
    const waiting = ask().sync('m2')
    moveTo(1)

    expect([again.outcome, third.outcome]).toEqual(['NOT_COORDINATOR', 'NOT_COORDINATOR'])
    expect(fallenBack).toEqual(['Stable', 1, ['m1', 'm2']])
    expect(waiting.outcome).toBe('NOT_COORDINATOR')
    expect(stateOf(groups)).toEqual(['Stable', 1, ['m1', 'm2']])
  })

  it('remember the protocol, the leader, shares and instances', () => {
    const { time, groups, moveTo, ask } = started()
    const protocols = { range: 'orders', sticky: 'orders' }
    ask().join('', { instanceId: 'one', protocols })
    ask(2).join('', { protocols })
    time.advance(0)
    ask().sync('m1', { m1: 'a', m2: 'b' })
    moveTo(2)
    const group = groups.getOrAdd('g')
    const again = ask(3).join('', { instanceId: 'one', protocols: { range: 'orders' } })

    expect(again.answer).toMatchObject({
      memberId: 'm3',
      leader: 'm3',
      skipAssignment: true,
      protocolName: 'range',
      protocolType: 'consumer',
    })
    expect(group.members.map(({ assignment }) => Buffer.from(assignment).toString()).sort()).toEqual(['a', 'b'])
    expect([group.isSubscribedTo('orders'), group.isSubscribedTo('bills')]).toEqual([true, false])
  })

  it('have no timer while nobody is their coordinator, or that one is paused', () => {
    const { time, groups, moveTo, become, ask } = started()
    ask().stable(1)
    become('paused')
    const whilePaused = time.pending
    time.advance(10 * SESSION)
    become('up')
    const afterPause = ask().heartbeat('m1')
    moveTo(NO_LEADER)
    const withoutLeader = time.pending
    time.advance(10 * SESSION)
    moveTo(1)

    expect([whilePaused, withoutLeader]).toEqual([0, 0])
    expect(afterPause).toBe('NONE')
    expect(stateOf(groups)).toEqual(['Stable', 1, ['m1']])
    expect(time.pending).toBe(1)
  })

  it('lose what was under way when their coordinator starts anew', () => {
    const { groups, become, ask } = started()
    ask().stable(1)
    const waiting = ask(2).join('')
    become('down')
    become('up')

    expect(waiting.outcome).toBe('NOT_COORDINATOR')
    expect(stateOf(groups)).toEqual(['Stable', 1, ['m1']])
  })

  it('stay as they are when something else changes', () => {
    const { groups, become, ask } = started()
    const waiting = ask().join('')
    const group = groups.get('g')
    become('up')

    expect(waiting.outcome).toBe('waiting')
    expect(groups.get('g')).toBe(group)
  })

  it('are made by the commit of somebody who is in no group, and of nobody else', () => {
    const { groups } = started()
    const nobody = { groupId: 'g', memberId: '', groupInstanceId: null, generationId: -1 }
    const somebody = { ...nobody, memberId: 'm1', generationId: 1 }
    const missing = [
      ...[groups.validateCommit(somebody, 9), groups.validateCommit(somebody, 8)],
      ...[groups.validateTxnCommit(somebody, 6), groups.validateTxnCommit(somebody, 5)],
    ].map(nameOf)
    const before = groups.get('g')
    const made = [groups.validateCommit(nobody, 9), groups.validateTxnCommit({ ...nobody, groupId: 'h' }, 6)].map(nameOf)

    expect(missing).toEqual(['GROUP_ID_NOT_FOUND', 'ILLEGAL_GENERATION', 'GROUP_ID_NOT_FOUND', 'ILLEGAL_GENERATION'])
    expect(before).toBeUndefined()
    expect(made).toEqual(['NONE', 'NONE'])
    expect(groups.all.map(({ groupId }) => groupId)).toEqual(['g', 'h'])
    expect(nameOf(groups.validateTxnCommit({ ...nobody, groupId: '' }, 6))).toBe('INVALID_GROUP_ID')
  })

  it('end their timers when they are closed', () => {
    const { time, groups, ask } = started()
    ask().stable(2)
    groups.close()

    expect(time.pending).toBe(0)
  })
})
