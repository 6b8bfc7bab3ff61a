import { emptyCluster } from '../../lib/cluster/cluster'
import { withLeaders } from '../../lib/cluster/leader-hint'
import type { LeaderHint } from '../../lib/cluster/leader-hint'
import { after, ID, leaders, NO_ID, OTHER_ID, topic } from '../support/metadata-answers'

const known = (id?: string) =>
  after(emptyCluster, [
    topic(
      'orders',
      [
        { leader: 1, epoch: 5 },
        { leader: 2, epoch: 5 },
      ],
      id,
    ),
  ])

const hint = (fields: Partial<LeaderHint> = {}): LeaderHint => ({
  ...{ topic: 'orders', topicId: ID, partition: 0, leader: 2, leaderEpoch: 6, node: undefined },
  ...fields,
})

describe('a hint who leads', () => {
  it('is taken when it is news, and the view is another one', () => {
    const before = known()
    const now = withLeaders(before, [hint()])
    expect([leaders(before, 'orders'), leaders(now, 'orders')]).toEqual([
      [1, 2],
      [2, 2],
    ])
  })

  it.each<[string, Partial<LeaderHint>]>([
    ['of the epoch that is known', { leaderEpoch: 5 }],
    ['of an older epoch', { leaderEpoch: 4 }],
    ['of a topic that is not known', { topic: 'other' }],
    ['of a partition that is not known', { partition: 2 }],
    ['that names a node nobody knows', { leader: 7 }],
    ['about the topic that was deleted and made anew since', { topicId: OTHER_ID, leaderEpoch: 600 }],
  ])('%s changes nothing', (_what, fields) => {
    const before = known()
    expect(withLeaders(before, [hint(fields)])).toBe(before)
  })

  it('is taken where ids are not known, on either side', () => {
    expect(leaders(withLeaders(known(NO_ID), [hint({ topicId: OTHER_ID })]), 'orders')).toEqual([2, 2])
    expect(leaders(withLeaders(known(), [hint({ topicId: NO_ID })]), 'orders')).toEqual([2, 2])
  })

  it('may bring the node along', () => {
    const node = { id: 7, host: 'b7', port: 9092, rack: null }
    const now = withLeaders(known(), [hint({ leader: 7, node })])
    expect([leaders(now, 'orders'), now.nodes.get(7)]).toEqual([[7, 2], node])
  })
})
