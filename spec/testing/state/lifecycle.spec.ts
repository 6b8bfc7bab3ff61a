import { settingsOf } from '../../../lib/testing/settings'
import type { TestClusterOptions } from '../../../lib/testing/settings'
import { ClusterState } from '../../../lib/testing/state/cluster-state'
import { Lifecycle } from '../../../lib/testing/state/lifecycle'
import type { ClusterNode } from '../../../lib/testing/state/node'
import type { Partition } from '../../../lib/testing/state/partition'
import { NO_LEADER } from '../../../lib/testing/state/partition'
import { virtualTime } from '../../../lib/testing/virtual-time'
import { clockOf } from '../../../lib/time'

/** Broker 1 leads, 2 and 3 follow; broker 4 has nothing, and is no controller. */
const cluster = (options: TestClusterOptions = {}) => {
  const time = virtualTime()
  const settings = settingsOf({ brokers: 4, topics: { orders: { partitions: 1, assignment: [[1, 2, 3]] } }, ...options })
  const state = new ClusterState(settings, clockOf(time.scheduler))
  for (const { name, assignment = [], configs } of settings.topics) state.createTopic({ name, assignment, configs })
  const lifecycle = new Lifecycle(state)
  const node = (id: number): ClusterNode => state.nodes.get(id) ?? fail(`no broker ${String(id)}`)
  const partition = (): Partition => state.partition('orders', 0) ?? fail('no partition')
  const view = () => ({ leader: partition().leader, epoch: partition().leaderEpoch, isr: partition().isr })
  return { time, state, lifecycle, node, partition, view }
}

const fail = (reason: string): never => {
  throw new Error(reason)
}

describe('a broker', () => {
  it('that is stopped hands over first: others lead at once, and it is named no more', () => {
    const { lifecycle, node, view, time, state } = cluster()
    lifecycle.stop(node(1))
    expect([node(1).status, node(1).fenced, view(), time.pending]).toEqual(['down', true, { leader: 2, epoch: 1, isr: [2, 3] }, 0])
    expect(state.controller).toBe(2)
  })

  it('that is the first to come back when all were down is the controller', () => {
    const { lifecycle, node, state } = cluster()
    for (const id of [1, 2, 3, 4]) lifecycle.stop(node(id))
    lifecycle.start(node(2))
    expect([state.controller, state.isActive(state.controller)]).toEqual([2, true])
    lifecycle.start(node(4))
    expect(state.controller).toBe(2)
  })

  it('that is killed leads until its session has run out', () => {
    const { lifecycle, node, view, time } = cluster({ sessionTimeout: 5000 })
    lifecycle.kill(node(1))
    time.advance(4999)
    expect([node(1).fenced, view()]).toEqual([false, { leader: 1, epoch: 0, isr: [1, 2, 3] }])
    time.advance(1)
    expect([node(1).fenced, view(), time.pending]).toEqual([true, { leader: 2, epoch: 1, isr: [2, 3] }, 0])
  })

  it.each(['pause', 'isolate'] as const)('is given up after the same time when it suffers %s, and follows when it is back', (how) => {
    const { lifecycle, node, view, time } = cluster()
    lifecycle[how](node(1))
    time.advance(9000)
    expect(view()).toEqual({ leader: 2, epoch: 1, isr: [2, 3] })
    lifecycle.resume(node(1))
    lifecycle.rejoin(node(1))
    expect([node(1).fenced, view()]).toEqual([false, { leader: 2, epoch: 1, isr: [2, 3, 1] }])
  })

  it('that is back before its session has run out has missed nothing', () => {
    const { lifecycle, node, view, time } = cluster()
    lifecycle.pause(node(1))
    time.advance(8999)
    lifecycle.resume(node(1))
    time.advance(100_000)
    expect([view(), time.pending]).toEqual([{ leader: 1, epoch: 0, isr: [1, 2, 3] }, 0])
  })

  it('that was killed and is started again comes up when its session has run out, as a follower', () => {
    const { lifecycle, node, view, time } = cluster()
    lifecycle.kill(node(1))
    time.advance(1000)
    lifecycle.start(node(1))
    expect(node(1).status).toBe('down')
    time.advance(8000)
    expect([node(1).status, view()]).toEqual(['up', { leader: 2, epoch: 1, isr: [2, 3, 1] }])
  })

  it('that is killed again while it is starting stays down', () => {
    const { lifecycle, node, time } = cluster()
    lifecycle.kill(node(1))
    lifecycle.start(node(1))
    lifecycle.kill(node(1))
    time.advance(20_000)
    expect([node(1).status, node(1).fenced]).toEqual(['down', true])
  })

  it('that is stopped while it is starting stays down', () => {
    const { lifecycle, node, time } = cluster()
    lifecycle.kill(node(1))
    lifecycle.start(node(1))
    lifecycle.stop(node(1))
    time.advance(20_000)
    expect([node(1).status, node(1).fenced]).toEqual(['down', true])
  })

  it('that is paused and cut off is alive when neither holds any more', () => {
    const { lifecycle, node, time } = cluster()
    lifecycle.pause(node(4))
    lifecycle.isolate(node(4))
    lifecycle.resume(node(4))
    time.advance(9000)
    expect(node(4).fenced).toBe(true)
    lifecycle.rejoin(node(4))
    expect(node(4).fenced).toBe(false)
  })

  it.each([
    { event: 'start', to: { up: 'up', paused: 'paused' } },
    { event: 'resume', to: { up: 'up', down: 'down' } },
    { event: 'pause', to: { down: 'down', paused: 'paused' } },
    { event: 'stop', to: { up: 'down', paused: 'down', down: 'down' } },
    { event: 'kill', to: { up: 'down', paused: 'down', down: 'down' } },
  ] as const)('takes $event in any state', ({ event, to }) => {
    for (const [from, expected] of Object.entries(to)) {
      const { lifecycle, node } = cluster()
      if (from === 'paused') lifecycle.pause(node(2))
      if (from === 'down') lifecycle.stop(node(2))
      lifecycle[event](node(2))
      expect([from, node(2).status]).toEqual([from, expected])
    }
  })
})

describe('a partition', () => {
  it('is led by the first in-sync replica, in the order of its assignment', () => {
    const { lifecycle, node, view } = cluster({ topics: { orders: { partitions: 1, assignment: [[1, 3, 2]] } } })
    lifecycle.stop(node(1))
    expect(view().leader).toBe(3)
  })

  it('keeps the last in-sync replica, and has no leader until that one is back', () => {
    const { lifecycle, node, view } = cluster()
    for (const id of [2, 3, 1]) lifecycle.stop(node(id))
    expect(view()).toEqual({ leader: NO_LEADER, epoch: 1, isr: [1] })
    lifecycle.start(node(2))
    expect(view()).toEqual({ leader: NO_LEADER, epoch: 1, isr: [1] })
    lifecycle.start(node(1))
    expect(view()).toEqual({ leader: 1, epoch: 2, isr: [1, 2] })
  })

  it('of a topic that allows it is led by any replica rather than by none', () => {
    const configs = { 'unclean.leader.election.enable': 'true' }
    const { lifecycle, node, view } = cluster({ topics: { orders: { partitions: 1, assignment: [[1, 2]], configs } } })
    lifecycle.stop(node(2))
    lifecycle.stop(node(1))
    lifecycle.start(node(2))
    expect(view()).toEqual({ leader: 2, epoch: 2, isr: [2] })
  })

  it('does not go back to who led it first', () => {
    const { lifecycle, node, view } = cluster()
    lifecycle.stop(node(1))
    lifecycle.start(node(1))
    expect(view()).toEqual({ leader: 2, epoch: 1, isr: [2, 3, 1] })
  })

  it('may be given to a broker that died unnoticed, and is taken from it when that is noticed', () => {
    const { lifecycle, node, view, time } = cluster()
    lifecycle.kill(node(2))
    time.advance(1000)
    lifecycle.stop(node(1))
    expect(view()).toEqual({ leader: 2, epoch: 1, isr: [2, 3] })
    time.advance(8000)
    expect(view()).toEqual({ leader: 3, epoch: 2, isr: [3] })
  })

  it('lets nobody back in while its leader is paused', () => {
    const { lifecycle, node, view } = cluster()
    lifecycle.stop(node(3))
    lifecycle.pause(node(1))
    lifecycle.start(node(3))
    expect(view().isr).toEqual([1, 2])
    lifecycle.resume(node(1))
    expect(view().isr).toEqual([1, 2, 3])
  })

  it('keeps the in-sync replicas that were ordered until they are restored', () => {
    const { lifecycle, node, partition, view } = cluster()
    lifecycle.holdIsr(partition(), [1])
    lifecycle.stop(node(4))
    lifecycle.start(node(4))
    expect(view()).toEqual({ leader: 1, epoch: 0, isr: [1] })
    lifecycle.restoreIsr(partition())
    expect(view()).toEqual({ leader: 1, epoch: 0, isr: [1, 2, 3] })
  })

  it('that is new begins with the active replicas alone', () => {
    const { lifecycle, node, state } = cluster()
    lifecycle.stop(node(2))
    const topic = state.createTopic({ name: 'new', assignment: [[2, 3]] })
    expect([topic.partitions[0]?.leader, topic.partitions[0]?.isr, topic.partitions[0]?.leaderEpoch]).toEqual([3, [3], 0])
    lifecycle.start(node(2))
    expect(topic.partitions[0]?.isr).toEqual([3, 2])
  })
})

it('Lifecycle says once that something changed, when all of it has', () => {
  const { lifecycle, node, state, view } = cluster()
  const seen: unknown[] = []
  state.changed$.subscribe(() => seen.push([node(1).status, view().leader]))
  lifecycle.stop(node(1))
  expect(seen).toEqual([['down', 2]])
})
