import { StickyPartitions } from '../../lib/partitioners/sticky'
import type { StickyOptions } from '../../lib/partitioners/sticky'

/** Pseudo-random numbers in [0, 1), the same in every run. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const sticky = (options: Partial<StickyOptions> = {}) =>
  new StickyPartitions({ batchSize: 1000, random: seeded(1), isAvailable: () => true, ...options })

/** Where records of `bytes` go, one after the other. */
function choices(partitions: StickyPartitions, count: number, { bytes = 1000, topic = 'orders', of = 6 } = {}): number[] {
  return Array.from({ length: count }, () => {
    const partition = partitions.partitionOf(topic, of)
    partitions.appended(topic, bytes)
    return partition
  })
}

describe('records without a key', () => {
  it('stay with a partition for a batch’s worth of bytes, and then leave it', () => {
    const random = jest.fn(seeded(1))
    const partitions = sticky({ random })
    const chosen = choices(partitions, 20, { bytes: 250 })
    expect(random).toHaveBeenCalledTimes(5)
    for (let i = 0; i < 20; i += 4) expect(new Set(chosen.slice(i, i + 4)).size).toBe(1)
    expect(new Set(chosen).size).toBeGreaterThan(1)
  })

  it('do not leave a partition before the last record was counted', () => {
    const random = jest.fn(() => 0.5)
    const partitions = sticky({ random })
    for (let i = 0; i < 10; i++) partitions.partitionOf('orders', 6)
    expect(random).toHaveBeenCalledTimes(1)
  })

  it('spread evenly over all partitions', () => {
    const counts = new Array<number>(6).fill(0)
    for (const partition of choices(sticky(), 60_000)) counts[partition]++
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500)
  })

  it('go to the partition that chance says', () => {
    const numbers = [0, 0.17, 0.5, 0.999]
    const partitions = sticky({ random: () => numbers.shift() ?? 0 })
    expect(choices(partitions, 4)).toEqual([0, 1, 3, 5])
  })

  it('go only to partitions that have a leader, evenly', () => {
    const counts = new Array<number>(6).fill(0)
    const isAvailable = (_topic: string, partition: number) => [1, 4].includes(partition)
    for (const partition of choices(sticky({ isAvailable }), 10_000)) counts[partition]++
    expect([0, 2, 3, 5].map((partition) => counts[partition])).toEqual([0, 0, 0, 0])
    for (const partition of [1, 4]) expect(Math.abs(counts[partition] - 5000)).toBeLessThan(500)
  })

  it('go to any partition while none has a leader', () => {
    expect(new Set(choices(sticky({ isAvailable: () => false }), 1000)).size).toBe(6)
  })

  it('stick per topic', () => {
    const numbers = [0, 0.9]
    const partitions = sticky({ random: () => numbers.shift() ?? 0.5 })
    expect(partitions.partitionOf('a', 6)).toBe(0)
    expect(partitions.partitionOf('b', 6)).toBe(5)
    partitions.appended('a', 5000)
    expect(partitions.partitionOf('b', 6)).toBe(5)
    expect(partitions.partitionOf('a', 6)).toBe(3)
  })

  it('leave a partition that the topic no longer has', () => {
    const numbers = [0.99, 0.1]
    const partitions = sticky({ random: () => numbers.shift() ?? 0 })
    expect(partitions.partitionOf('orders', 6)).toBe(5)
    expect(partitions.partitionOf('orders', 3)).toBe(0)
  })
})
