import { recordBatch } from '../../../../lib/batch/record-batch'
import { settingsOf } from '../../../../lib/testing/settings'
import { ClusterState } from '../../../../lib/testing/state/cluster-state'
import { coordinatorOf } from '../../../../lib/testing/state/coordinators'
import { coordinatorPartition } from '../../../../lib/testing/state/internal-topics'
import type { Partition } from '../../../../lib/testing/state/partition'
import { NO_LEADER } from '../../../../lib/testing/state/partition'
import { Transaction } from '../../../../lib/testing/state/transactions/transaction'
import type { TopicPartition } from '../../../../lib/testing/state/transactions/transaction'
import { writeMarkers } from '../../../../lib/testing/state/transactions/transaction-markers'
import { virtualTime } from '../../../../lib/testing/virtual-time'
import { clockOf } from '../../../../lib/time'

const [first, second]: readonly TopicPartition[] = [0, 1].map((partition) => ({ topic: 'orders', partition })) as [
  TopicPartition,
  TopicPartition,
]
const offsets = (partition: number): TopicPartition => ({ topic: '__consumer_offsets', partition })

/** Three brokers; broker 1 leads the first partition of `orders`, broker 2 the second; the coordinator is broker 3. */
function started(partitions: readonly TopicPartition[] = [first, second]) {
  const time = virtualTime()
  const cluster = new ClusterState(settingsOf({ brokers: 3, topics: { orders: 2 } }), clockOf(time.scheduler))
  cluster.createTopic({
    name: 'orders',
    assignment: [
      [1, 2, 3],
      [2, 3, 1],
    ],
  })
  coordinatorOf(cluster, 'transaction', 'tx')
  coordinatorOf(cluster, 'group', 'group')
  const home = found(coordinatorPartition(cluster.topics, 'transaction', 'tx'))
  cluster.elect(home, 3)
  const transaction = new Transaction({ transactionalId: 'tx', producerId: 7n, home, now: 0 })
  transaction.initialise({ producerId: 7n, producerEpoch: 2 }, { formerEpoch: -1, timeoutMs: 1, now: 0 })
  transaction.add(partitions, 0)
  transaction.prepare('abort', 0)

  let isDone = false
  const write = (): void => void writeMarkers(transaction, 'abort', cluster).subscribe({ complete: () => (isDone = true) })
  const change = (id: number, status: 'up' | 'paused'): void => {
    const node = cluster.nodes.get(id)
    if (node === undefined) throw new Error('There is no such broker')
    node.status = status
    for (const partition of cluster.partitions) partition.follow(cluster.alive)
    cluster.changed$.next()
  }
  const partition = (index: number): Partition => found(cluster.partition('orders', index))
  return { ...{ time, cluster, home, write, change, partition }, isDone: () => isDone }
}

function found(partition: Partition | undefined): Partition {
  if (partition === undefined) throw new Error('There is no such partition')
  return partition
}

const markersIn = ({ log }: Partition) => log.batches.map(({ bytes }) => recordBatch.decode(bytes).records[0]?.marker)

describe('the markers of a transaction', () => {
  it('are written to each of its partitions, in a turn of their own', () => {
    const { time, write, partition, isDone, home } = started()
    write()
    const atOnce = markersIn(partition(0))
    time.advance(0)

    expect(atOnce).toEqual([])
    for (const index of [0, 1]) {
      expect(markersIn(partition(index))).toEqual([{ version: 0, type: 'abort', coordinatorEpoch: home.leaderEpoch }])
      expect(partition(index).log.batches).toMatchObject([{ producerId: 7n, producerEpoch: 2 }])
    }
    expect(isDone()).toBe(true)
  })

  it('are none, and done at once, for a transaction that wrote nothing', () => {
    const { write, isDone } = started([])
    write()

    expect(isDone()).toBe(true)
  })

  it('wait for a partition without leader, and not with it for the others', () => {
    const { time, cluster, write, partition, isDone } = started()
    cluster.elect(partition(1), NO_LEADER)
    write()
    time.advance(0)
    const before = { done: isDone(), first: markersIn(partition(0)).length, second: markersIn(partition(1)).length }
    cluster.elect(partition(1), 1)

    expect(before).toEqual({ done: false, first: 1, second: 0 })
    expect(markersIn(partition(1))).toHaveLength(1)
    expect(isDone()).toBe(true)
  })

  it('wait while the leader of a partition does not run', () => {
    const { time, write, change, partition, isDone } = started()
    change(2, 'paused')
    partition(0).changeIsr([1, 3])
    write()
    time.advance(0)
    const before = [markersIn(partition(0)).length, markersIn(partition(1)).length]
    change(2, 'up')

    expect(before).toEqual([1, 0])
    expect([markersIn(partition(1)).length, isDone()]).toEqual([1, true])
  })

  it('wait while their coordinator does not run, and name its epoch when somebody else took over', () => {
    const { time, cluster, home, write, change, partition } = started([first])
    change(3, 'paused')
    write()
    time.advance(0)
    const before = markersIn(partition(0))
    cluster.elect(home, 1)

    expect(before).toEqual([])
    expect(markersIn(partition(0))).toEqual([{ version: 0, type: 'abort', coordinatorEpoch: home.leaderEpoch }])
  })

  it('wait until enough replicas are in sync', () => {
    const { time, cluster, write, partition, isDone } = started([first])
    cluster.topics.get('orders')?.configs.set('min.insync.replicas', '2')
    partition(0).changeIsr([1])
    write()
    time.advance(0)
    const before = markersIn(partition(0))
    partition(0).changeIsr([1, 2])

    expect(before).toEqual([])
    expect([markersIn(partition(0)).length, isDone()]).toEqual([1, true])
  })

  it('are done when all in-sync replicas have them', () => {
    const { time, write, change, partition, isDone } = started([first])
    change(2, 'paused')
    write()
    time.advance(0)
    const before = { written: markersIn(partition(0)).length, done: isDone() }
    partition(0).changeIsr([1, 3])

    expect(before).toEqual({ written: 1, done: false })
    expect(isDone()).toBe(true)
  })

  it('are written once more by a leader that did not have them yet', () => {
    const { time, cluster, write, change, partition, isDone } = started([first])
    change(2, 'paused')
    write()
    time.advance(0)
    change(1, 'paused')
    change(2, 'up')
    const before = { written: markersIn(partition(0)).length, done: isDone() }
    cluster.elect(partition(0), 2)
    const after = { written: markersIn(partition(0)).length, done: isDone() }
    partition(0).changeIsr([2, 3])

    expect([before, after]).toEqual([
      { written: 1, done: false },
      { written: 1, done: false },
    ])
    expect(partition(0).log.batches.map(({ bytes }) => recordBatch.decode(bytes).partitionLeaderEpoch)).toEqual([partition(0).leaderEpoch])
    expect(isDone()).toBe(true)
  })

  it('need not be written to a topic that is gone', () => {
    const { time, cluster, write, partition, isDone } = started()
    cluster.elect(partition(1), NO_LEADER)
    write()
    time.advance(0)
    cluster.deleteTopic('orders')

    expect(isDone()).toBe(true)
  })

  it('end the offsets of a group when all partitions that keep them can be written to', () => {
    const { time, cluster, write, isDone } = started([offsets(0), offsets(1)])
    const ended: unknown[] = []
    cluster.offsets.end = (...what) => void ended.push(what)
    cluster.elect(found(cluster.partition('__consumer_offsets', 1)), NO_LEADER)
    write()
    time.advance(0)
    const before = [...ended]
    cluster.elect(found(cluster.partition('__consumer_offsets', 1)), 1)

    expect(before).toEqual([])
    expect(ended).toEqual([[7n, 'abort']])
    expect(isDone()).toBe(true)
  })

  it('do not end offsets where there are none', () => {
    const { time, cluster, write } = started()
    const ended: unknown[] = []
    cluster.offsets.end = (...what) => void ended.push(what)
    write()
    time.advance(0)

    expect(ended).toEqual([])
  })
})
