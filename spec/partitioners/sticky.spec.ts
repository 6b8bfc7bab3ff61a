import { StickyPartitions } from '../../lib/partitioners/sticky'
import type { StickyOptions } from '../../lib/partitioners/sticky'
import { seeded } from '../../lib/testing/seeded'

const led = (...partitions: number[]) => ({
  leaderOf: (_topic: string, partition: number) => (partitions.includes(partition) ? partition : undefined),
})
const sticky = (options: Partial<StickyOptions> = {}) =>
  new StickyPartitions({ batchSize: 1000, random: seeded(1), leaderOf: (_topic, partition) => partition, ...options })
/** These numbers, one after the other. */
const chance = (...numbers: number[]) => jest.fn(() => numbers.shift() ?? 0)
const now = () => 0

/** Where records of `bytes` go, one after the other. */
function choices(partitions: StickyPartitions, count: number, { bytes = 1000, topic = 'orders', of = 6, at = now } = {}): number[] {
  return Array.from({ length: count }, () => {
    const partition = partitions.partitionOf(topic, of, at)
    partitions.appended(topic, bytes)
    return partition
  })
}

describe('records without a key', () => {
  it('stay with a partition for a batch’s worth of bytes, and then leave it', () => {
    const random = jest.fn(seeded(1))
    const chosen = choices(sticky({ random }), 20, { bytes: 250 })
    expect(random).toHaveBeenCalledTimes(5)
    for (let i = 0; i < 20; i += 4) expect(new Set(chosen.slice(i, i + 4)).size).toBe(1)
    expect(new Set(chosen).size).toBeGreaterThan(1)
  })

  it('do not leave a partition before the last record was counted, and ask for no time meanwhile', () => {
    const [random, time] = [jest.fn(() => 0.5), jest.fn(() => 0)]
    const partitions = sticky({ random, batchSize: 0 })
    for (let i = 0; i < 10; i++) partitions.partitionOf('orders', 6, time)
    expect([random, time].map(({ mock }) => mock.calls.length)).toEqual([1, 1])
  })

  it('stay while they leave a batch that is not full, but for no more than two batches’ worth of bytes', () => {
    const isFilled = jest.fn(() => false)
    expect(choices(sticky({ isFilled, random: chance(0, 0.5) }), 9, { bytes: 250 })).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 3])
    expect(isFilled).toHaveBeenCalledWith('orders', 0)
  })

  it('leave as soon as the batch that they would have left is full or gone', () => {
    let filled = false
    const partitions = sticky({ isFilled: () => filled, random: chance(0, 0.5) })
    expect(choices(partitions, 5, { bytes: 250 })).toEqual([0, 0, 0, 0, 0])
    filled = true
    expect(partitions.partitionOf('orders', 6, now)).toBe(3)
  })

  it('leave a full batch though another record has opened the next one there', () => {
    let filled = true
    const partitions = sticky({ isFilled: () => filled, random: chance(0, 0.5) })
    choices(partitions, 1)
    filled = false
    expect(partitions.partitionOf('orders', 6, now)).toBe(3)
  })

  it('spread evenly over all partitions', () => {
    const counts = new Array<number>(6).fill(0)
    for (const partition of choices(sticky(), 60_000)) counts[partition]++
    // Five standard deviations of a binomial of 60,000 with a sixth: 5 × √(60,000 × 1/6 × 5/6) = 456.
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(456)
  })

  it('go to the partition that chance says', () => {
    expect(choices(sticky({ random: chance(0, 0.17, 0.5, 0.999) }), 4)).toEqual([0, 1, 3, 5])
  })

  it('go only to partitions that have a leader, evenly', () => {
    const counts = new Array<number>(6).fill(0)
    for (const partition of choices(sticky(led(1, 4)), 10_000)) counts[partition]++
    expect([0, 2, 3, 5].map((partition) => counts[partition])).toEqual([0, 0, 0, 0])
    // Five standard deviations: 5 × √(10,000 / 4) = 250.
    for (const partition of [1, 4]) expect(Math.abs(counts[partition] - 5000)).toBeLessThan(250)
  })

  it('go to any partition while none has a leader', () => {
    expect(new Set(choices(sticky(led()), 1000)).size).toBe(6)
  })

  it('stick per topic', () => {
    const partitions = sticky({ random: chance(0, 0.9, 0.5) })
    expect(partitions.partitionOf('a', 6, now)).toBe(0)
    expect(partitions.partitionOf('b', 6, now)).toBe(5)
    partitions.appended('a', 5000)
    expect(partitions.partitionOf('b', 6, now)).toBe(5)
    expect(partitions.partitionOf('a', 6, now)).toBe(3)
  })

  it('leave a partition that the topic no longer has', () => {
    const partitions = sticky({ random: chance(0.99, 0.1) })
    expect(partitions.partitionOf('orders', 6, now)).toBe(5)
    expect(partitions.partitionOf('orders', 3, now)).toBe(0)
  })
})

describe('with a rack', () => {
  /** Four partitions, led in the racks r0, r1, r0, r1; ours is r0. The numbers are Java's, as shares of what there is to choose from. */
  const isNear = (node: number) => node % 2 === 0

  it.each([
    ['go to leaders within it', [0, 1, 2, 3], [0, 0.5, 0], [0, 2, 0]],
    ['go to the one that is left within it', [0, 1, 3], [0, 0.5], [0, 0]],
    ['go to the others when there is none within it', [1, 3], [0, 0.5, 0], [1, 3, 1]],
  ])('%s', (_where, leaders, numbers, expected) => {
    expect(choices(sticky({ ...led(...leaders), isNear, random: chance(...numbers) }), expected.length, { of: 4 })).toEqual(expected)
  })
})

describe('by queues', () => {
  it('each partition gets the more batches the shorter its queue', () => {
    const lengths = [0, 3, 1]
    const counts = [0, 0, 0]
    const partitions = sticky({ queueLength: (_topic, partition) => lengths[partition] })
    for (const partition of choices(partitions, 8000, { of: 3 })) counts[partition]++
    // Five standard deviations of a binomial of 8,000 are at most 5 × √(8,000 / 4) = 224.
    counts.forEach((count, partition) => expect(Math.abs(count - [4, 1, 3][partition] * 1000)).toBeLessThan(224))
  })
})

describe('a topic of very many partitions', () => {
  const of = 10_000

  it('is looked at only every so many choices', () => {
    const leaderOf = jest.fn((_topic: string, partition: number) => partition)
    choices(sticky({ leaderOf }), 1570, { of })
    // Ten looks at all, and one at each that was chosen in between.
    expect(leaderOf).toHaveBeenCalledTimes(10 * of + 1560)
  })

  it('is looked at again after a while', () => {
    let time = 0
    const queueLength = jest.fn(() => 0)
    const partitions = sticky({ queueLength })
    choices(partitions, 2, { of, at: () => time })
    time = 99
    choices(partitions, 1, { of, at: () => time })
    expect(queueLength).toHaveBeenCalledTimes(of)
    time = 100
    choices(partitions, 1, { of, at: () => time })
    expect(queueLength).toHaveBeenCalledTimes(2 * of)
  })

  it('is looked at again when it has more', () => {
    const partitions = sticky({ random: () => 0.99999 })
    choices(partitions, 1, { of })
    expect(choices(partitions, 1, { of: of + 1000 })).toEqual([10_999])
  })

  it('gets nothing where a leader was lost since', () => {
    let lost = -1
    const random = chance(0, 0.5, 0.5)
    const partitions = sticky({ random, leaderOf: (_topic, partition) => (partition === lost ? undefined : partition) })
    choices(partitions, 1, { of })
    lost = 5000
    expect(choices(partitions, 1, { of })).toEqual([4999])
    expect(random).toHaveBeenCalledTimes(3)
  })
})
