import { emptyCluster } from '../../lib/cluster/cluster'
import { after, ID, leaders, NO_ID, OTHER_ID, topic } from '../support/metadata-answers'

describe('the view after an answer', () => {
  const first = after(emptyCluster, [
    topic('orders', [
      { leader: 1, epoch: 5 },
      { leader: 2, epoch: 5 },
    ]),
  ])

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
          { version: 8 },
        ),
        'orders',
      ),
    ).toEqual([2, 2])
  })

  it('keeps topics that the answer does not have, or has an error for', () => {
    const second = after(first, [{ errorCode: 3, name: 'orders', partitions: [] }, topic('other', [{ leader: 1 }])])
    expect([...second.topics.keys()]).toEqual(['orders', 'other'])
  })

  it('leaves it to whoever is asked whether an older epoch is believed', () => {
    const older = [
      topic('orders', [
        { leader: 2, epoch: 4 },
        { leader: 2, epoch: 5 },
      ]),
    ]
    expect(leaders(after(first, older, { accepts: () => true }), 'orders')).toEqual([2, 2])
    expect(leaders(after(first, older, { accepts: () => false }), 'orders')).toEqual([1, 2])
  })

  it('keeps the id of a topic while a broker that knows no ids answers', () => {
    const second = after(first, [
      topic(
        'orders',
        [
          { leader: 2, epoch: 6 },
          { leader: 2, epoch: 5 },
        ],
        NO_ID,
      ),
    ])
    expect(second.topics.get('orders')).toMatchObject({ id: ID, partitions: [{ leader: 2 }, { leader: 2 }] })
    const third = after(second, [topic('orders', [{ leader: 1, epoch: 0 }], OTHER_ID)])
    expect(third.topics.get('orders')).toMatchObject({ id: OTHER_ID, partitions: [{ leader: 1 }] })
  })

  it('compares epochs with a topic that had no id so far', () => {
    const nameless = after(emptyCluster, [topic('orders', [{ leader: 1, epoch: 5 }], NO_ID)])
    const named = after(nameless, [topic('orders', [{ leader: 2, epoch: 4 }])])
    expect(named.topics.get('orders')).toMatchObject({ id: ID, partitions: [{ leader: 1, leaderEpoch: 5 }] })
  })

  it('has the partitions that were added', () => {
    const grown = after(first, [topic('orders', [{ leader: 1, epoch: 5 }, { leader: 2, epoch: 5 }, { leader: 1 }])])
    expect(leaders(grown, 'orders')).toEqual([1, 2, 1])
  })

  it('has what was wrong with partitions, for as long as it is', () => {
    const second = after(first, [
      topic('orders', [
        { leader: -1, epoch: 5, errorCode: 72 },
        { leader: 2, epoch: 5 },
      ]),
    ])
    expect([...(second.topics.get('orders')?.errors ?? [])]).toEqual([[0, 72]])
    expect(first.topics.get('orders')?.errors.size).toBe(0)
  })
})
