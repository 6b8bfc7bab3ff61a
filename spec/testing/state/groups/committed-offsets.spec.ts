import { CommittedOffsets } from '../../../../lib/testing/state/groups/committed-offsets'
import type { CommittedOffset } from '../../../../lib/testing/state/groups/committed-offsets'

const at = (offset: bigint, partition = 0, topic = 'orders'): CommittedOffset => ({
  topic,
  partition,
  offset,
  leaderEpoch: 3,
  metadata: 'm',
})

function started() {
  const topics = new Map([
    ['orders', 'id-1'],
    ['bills', 'id-2'],
  ])
  const offsets = new CommittedOffsets((topic) => topics.get(topic))
  const committed = (partition = 0): bigint | undefined => offsets.fetch('g', 'orders', partition)?.offset
  return { topics, offsets, committed }
}

describe('committed offsets', () => {
  it('are those that were committed last, for each group and partition', () => {
    const { offsets } = started()
    offsets.commit('g', [at(1n), at(2n, 1), at(7n, 0, 'bills')])
    offsets.commit('g', [at(5n)])
    offsets.commit('h', [at(9n)])

    expect(offsets.fetchAll('g')).toMatchObject([at(5n), at(2n, 1), at(7n, 0, 'bills')])
    expect(offsets.fetch('h', 'orders', 0)).toMatchObject(at(9n))
    expect(offsets.fetch('h', 'orders', 1)).toBeUndefined()
    expect(offsets.fetchAll('nobody')).toEqual([])
  })

  it('of a transaction are seen when it commits, and not before', () => {
    const { offsets, committed } = started()
    offsets.commit('g', [at(1n)])
    offsets.stage('g', 7n, [at(5n), at(6n, 1)])
    const before = { offset: committed(), staged: [0, 1, 2].map((partition) => offsets.hasStaged('g', 'orders', partition)) }
    offsets.end(7n, 'commit')

    expect(before).toEqual({ offset: 1n, staged: [true, true, false] })
    expect([committed(0), committed(1)]).toEqual([5n, 6n])
    expect(offsets.hasStaged('g', 'orders', 0)).toBe(false)
  })

  it('of a transaction that aborts are never seen', () => {
    const { offsets, committed } = started()
    offsets.stage('g', 7n, [at(5n)])
    offsets.end(7n, 'abort')
    offsets.end(7n, 'commit')

    expect(committed()).toBeUndefined()
    expect(offsets.hasStaged('g', 'orders', 0)).toBe(false)
  })

  it('belong to the producer that staged them', () => {
    const { offsets, committed } = started()
    offsets.stage('g', 7n, [at(5n)])
    offsets.stage('g', 8n, [at(6n, 1)])
    offsets.end(8n, 'commit')

    expect([committed(0), committed(1)]).toEqual([undefined, 6n])
    expect(offsets.hasStaged('g', 'orders', 0)).toBe(true)
  })

  it('that came later stay when a transaction ends that staged before them', () => {
    const { offsets, committed } = started()
    offsets.stage('g', 7n, [at(5n)])
    offsets.commit('g', [at(9n)])
    offsets.end(7n, 'commit')

    expect(committed()).toBe(9n)
  })

  it('go with their topic, also when there is a new one of that name', () => {
    const { topics, offsets, committed } = started()
    offsets.commit('g', [at(1n), at(2n, 0, 'bills')])
    offsets.stage('g', 7n, [at(3n, 1)])
    topics.set('orders', 'id-3')

    expect(committed()).toBeUndefined()
    expect(offsets.hasStaged('g', 'orders', 1)).toBe(false)
    expect(offsets.fetchAll('g')).toMatchObject([at(2n, 0, 'bills')])
  })

  it('can be deleted, one or all, with what is staged', () => {
    const { offsets, committed } = started()
    offsets.commit('g', [at(1n), at(2n, 1)])
    offsets.stage('g', 7n, [at(3n), at(4n, 2)])
    offsets.delete('g', 'orders', 0)
    const afterOne = [committed(0), committed(1), offsets.hasStaged('g', 'orders', 0), offsets.hasStaged('g', 'orders', 2)]
    offsets.deleteAll('g')
    offsets.end(7n, 'commit')

    expect(afterOne).toEqual([undefined, 2n, false, true])
    expect(offsets.fetchAll('g')).toEqual([])
  })
})
