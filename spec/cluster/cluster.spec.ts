import { emptyCluster, hasAllLeaders, leaderOf, leadersDiffer, without } from '../../lib/cluster/cluster'
import { merge } from '../../lib/cluster/merge'
import { after, answer, leaders, topic } from '../support/metadata-answers'

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

  it('knows no leader while there is none, or while its node is gone', () => {
    const none = after(emptyCluster, [topic('orders', [{ leader: -1 }, { leader: 2 }])])
    expect(leaders(none, 'orders')).toEqual([null, 2])
    expect(leaderOf(none, 'orders', 0)).toBeUndefined()
    expect(hasAllLeaders(none, 'orders')).toBe(false)

    const gone = merge(first, { response: answer([], [1]), version: 12 })
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

  it('may lose topics that nobody needs any more, and the old one stays', () => {
    const other = after(first, [topic('other', [{ leader: 1 }])])
    expect([...without(other, ['orders']).topics.keys()]).toEqual(['other'])
    expect([...other.topics.keys()]).toEqual(['orders', 'other'])
  })
})
