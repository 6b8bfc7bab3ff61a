import { MetadataResponse } from '../../lib/generated/messages/MetadataResponse'
import type { MetadataResponseInput } from '../../lib/generated/messages/MetadataResponse'
import { emptyCluster, hasAllLeaders, leaderOf, leadersDiffer, merge } from '../../lib/cluster/cluster'
import type { Cluster } from '../../lib/cluster/cluster'

const ID = 'AAAAAAAAAAAAAAAAAAAAAQ'
const OTHER_ID = 'AAAAAAAAAAAAAAAAAAAAAg'

interface Leader {
  readonly leader: number
  readonly epoch?: number
}

const topic = (name: string, leaders: readonly Leader[], id = ID) => ({
  errorCode: 0,
  name,
  topicId: id,
  partitions: leaders.map(({ leader, epoch = 0 }, partitionIndex) => ({
    errorCode: 0,
    partitionIndex,
    leaderId: leader,
    leaderEpoch: epoch,
    replicaNodes: [1, 2],
    isrNodes: [1],
    offlineReplicas: [],
  })),
})

const answer = (topics: MetadataResponseInput['topics'], nodes: readonly number[] = [1, 2]): MetadataResponse =>
  MetadataResponse.decode(
    MetadataResponse.encode(
      { brokers: nodes.map((nodeId) => ({ nodeId, host: `b${String(nodeId)}`, port: 9092 })), clusterId: 'c', topics },
      12,
    ),
    12,
  )

const after = (cluster: Cluster, topics: MetadataResponseInput['topics'], version = 12): Cluster => merge(cluster, answer(topics), version)
const leaders = (cluster: Cluster, name: string) => cluster.topics.get(name)?.partitions.map(({ leader }) => leader)

describe('the view of the cluster', () => {
  const first = after(emptyCluster, [
    topic('orders', [
      { leader: 1, epoch: 5 },
      { leader: 2, epoch: 5 },
    ]),
  ])

  it('has nodes, topics and leaders', () => {
    expect(first.clusterId).toBe('c')
    expect(first.controllerId).toBeNull()
    expect(first.nodes.get(1)).toEqual({ id: 1, host: 'b1', port: 9092, rack: null })
    expect(first.topics.get('orders')?.partitions[1]).toEqual({
      topic: 'orders',
      partition: 1,
      leader: 2,
      leaderEpoch: 5,
      replicas: [1, 2],
      isr: [1],
    })
    expect([leaderOf(first, 'orders', 0), leaderOf(first, 'orders', 2), leaderOf(first, 'other', 0)]).toEqual([1, undefined, undefined])
  })

  it('is a new one after each answer, and the old one stays', () => {
    const second = after(first, [
      topic('orders', [
        { leader: 2, epoch: 6 },
        { leader: 2, epoch: 5 },
      ]),
    ])
    expect(leaders(first, 'orders')).toEqual([1, 2])
    expect(leaders(second, 'orders')).toEqual([2, 2])
  })

  it('orders partitions that come in any order', () => {
    const mixed = topic('orders', [{ leader: 1 }, { leader: 2 }, { leader: 1 }])
    const cluster = after(emptyCluster, [{ ...mixed, partitions: [...mixed.partitions].reverse() }])
    expect(cluster.topics.get('orders')?.partitions.map(({ partition }) => partition)).toEqual([0, 1, 2])
  })

  it('ignores a partition with an older leader epoch, and takes the others', () => {
    const second = after(first, [
      topic('orders', [
        { leader: 2, epoch: 4 },
        { leader: 1, epoch: 6 },
      ]),
    ])
    expect(leaders(second, 'orders')).toEqual([1, 1])
  })

  it('takes any epoch when the topic was made anew', () => {
    const second = after(first, [topic('orders', [{ leader: 2, epoch: 0 }], OTHER_ID)])
    expect(second.topics.get('orders')).toMatchObject({ id: OTHER_ID, partitions: [{ leader: 2, leaderEpoch: 0 }] })
  })

  it('does not trust epochs before version 9', () => {
    expect(
      leaders(
        after(
          first,
          [
            topic('orders', [
              { leader: 2, epoch: 1 },
              { leader: 2, epoch: 1 },
            ]),
          ],
          8,
        ),
        'orders',
      ),
    ).toEqual([2, 2])
  })

  it('keeps topics that the answer does not have, or has an error for', () => {
    const second = after(first, [{ errorCode: 3, name: 'orders', partitions: [] }, topic('other', [{ leader: 1 }])])
    expect([...second.topics.keys()]).toEqual(['orders', 'other'])
  })

  it('knows no leader while there is none, or while its node is gone', () => {
    const none = after(emptyCluster, [topic('orders', [{ leader: -1 }, { leader: 2 }])])
    expect(leaders(none, 'orders')).toEqual([null, 2])
    expect(leaderOf(none, 'orders', 0)).toBeUndefined()
    expect(hasAllLeaders(none, 'orders')).toBe(false)

    const gone = merge(first, answer([], [1]), 12)
    expect(leaderOf(gone, 'orders', 1)).toBeUndefined()
    expect(hasAllLeaders(gone, 'orders')).toBe(false)
    expect(hasAllLeaders(first, 'orders')).toBe(true)
  })

  it('tells whether an answer was news for a topic', () => {
    const same = after(first, [
      topic('orders', [
        { leader: 1, epoch: 5 },
        { leader: 2, epoch: 5 },
      ]),
    ])
    const elected = after(first, [
      topic('orders', [
        { leader: 1, epoch: 6 },
        { leader: 2, epoch: 5 },
      ]),
    ])
    const grown = after(first, [topic('orders', [{ leader: 1, epoch: 5 }, { leader: 2, epoch: 5 }, { leader: 1 }])])
    expect([same, elected, grown].map((now) => leadersDiffer(first, now, 'orders'))).toEqual([false, true, true])
    expect(leadersDiffer(first, same, 'unknown')).toBe(false)
  })
})
