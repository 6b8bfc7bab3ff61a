import { cumulativeWeights, partitionTable, pick } from '../../lib/partitioners/partition-table'
import type { PartitionView } from '../../lib/partitioners/partition-table'
import { seeded } from '../../lib/testing/seeded'

const NOW = 1000

/** Partition n is led by node n, and has a queue as long as said; null: no leader. */
function tableOf(lengths: readonly (number | undefined | null)[], view: Partial<PartitionView> = {}) {
  return partitionTable(
    'orders',
    lengths.length,
    {
      leaderOf: (_topic, partition) => (lengths[partition] === null ? undefined : partition),
      queueLength: (_topic, partition) => lengths[partition] ?? (lengths[partition] === null ? 0 : undefined),
      ...view,
    },
    NOW,
  )
}

const all = (count: number) => Array.from({ length: count }, (_, partition) => partition)
const late =
  (...partitions: number[]) =>
  (_topic: string, partition: number) =>
    partitions.includes(partition)
const near =
  (...nodes: number[]) =>
  (node: number) =>
    nodes.includes(node)

describe('the weights of partitions', () => {
  it.each([
    [
      [0, 3, 1],
      [4, 1, 3],
      [4, 5, 8],
    ],
    [
      [5, 0, 3, 0, 1],
      [1, 6, 3, 6, 5],
      [1, 7, 10, 16, 21],
    ],
    [
      [1, 7, 2],
      [7, 1, 6],
      [7, 8, 14],
    ],
  ])('of queues of %j are %j, as in Java', (lengths, weights, sums) => {
    const limits = cumulativeWeights(lengths)
    expect(limits).toEqual(sums)
    expect(limits.map((limit, i) => limit - (limits[i - 1] ?? 0))).toEqual(weights)
    expect(tableOf(lengths)).toEqual({ partitions: all(lengths.length), limits: sums, isLed: true })
  })

  it('give each partition as many of the numbers below their sum as it weighs', () => {
    const table = tableOf([0, 3, 1])
    expect(all(8).map((number) => pick(table, number / 8))).toEqual([0, 0, 0, 0, 1, 2, 2, 2])
    expect(pick(table, 1 - 2 ** -32)).toBe(2)
  })

  it('are those by which chance picks', () => {
    const [table, random, counts] = [tableOf([5, 0, 3, 0, 1]), seeded(7), [0, 0, 0, 0, 0]]
    for (let i = 0; i < 21_000; i++) counts[pick(table, random())]++
    // Five standard deviations of a binomial of 21,000 are at most 5 × √(21,000 × 2/7 × 5/7) = 327.
    counts.forEach((count, partition) => expect(Math.abs(count - [1, 6, 3, 6, 5][partition] * 1000)).toBeLessThan(327))
  })

  it.each([
    ['all queues are of one length', [2, 2, 2], {}],
    ['a partition never had a batch', [5, undefined, 1], {}],
    ['there is one partition', [3], {}],
    ['nobody asks for queues', [5, 0, 1], { queueLength: undefined }],
  ])('are all the same when %s', (_when, lengths, view: object) => {
    expect(tableOf(lengths, view)).toEqual({ partitions: all(lengths.length), limits: undefined, isLed: true })
  })
})

describe('the partitions to choose from', () => {
  it('are those that have a leader', () => {
    expect(tableOf([1, null, 3])).toEqual({ partitions: [0, 2], limits: [3, 4], isLed: true })
  })

  it('are all while none has one', () => {
    expect(tableOf([null, null])).toEqual({ partitions: [0, 1], limits: undefined, isLed: false })
  })

  it.each([
    ['those where nothing waits too long', [1, 1, 1], { isLate: late(1) }, [0, 2], undefined],
    ['one where nothing waits too long', [4, 0, 2], { isLate: late(0, 1) }, [2], undefined],
    ['all by their queues when everything waits too long', [1, 2], { isLate: late(0, 1) }, [0, 1], [2, 3]],
    ['those near', [0, 3, 0, 1], { isNear: near(1, 3) }, [1, 3], [1, 4]],
    ['all when none is near', [0, 3], { isNear: near() }, [0, 1], [4, 5]],
    ['one near that is in time', [0, 0, 5], { isNear: near(1, 2), isLate: late(1) }, [2], undefined],
    ['any in time when none near is', [0, 0, 5], { isNear: near(1), isLate: late(1) }, [0, 2], [6, 7]],
    ['those near when everything waits too long', [0, 0, 5], { isNear: near(1), isLate: () => true }, [1], undefined],
  ])('are %s', (_which, lengths, view, ...[partitions, limits]) => {
    expect(tableOf(lengths, view)).toEqual({ partitions, limits, isLed: true })
  })

  it('are judged at the time of the look, by the node that leads them', () => {
    const isLate = jest.fn(() => false)
    tableOf([0, null, 0], { isLate, leaderOf: (_topic, partition) => (partition === 1 ? undefined : partition + 10) })
    expect(isLate.mock.calls).toEqual([
      ['orders', 0, 10, NOW],
      ['orders', 2, 12, NOW],
    ])
  })
})
