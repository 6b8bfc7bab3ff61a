import { roundRobin } from '../../lib/partitioners/round-robin'
import { serialized, utf8 } from '../support/records'

const everywhere = (_topic: string, _partition: number): boolean => true
const without =
  (...partitions: number[]) =>
  (_topic: string, partition: number) =>
    !partitions.includes(partition)

/** Where the next records of a topic go. */
function turns(count: number, { of = 4, topic = 'orders', isAvailable = everywhere, partitioner = roundRobin() }) {
  return Array.from({ length: count }, (_, i) => partitioner(serialized({ topic, key: utf8(`key ${i}`) }), of, isAvailable))
}

describe('round robin', () => {
  it('gives each partition a record in turn, whatever the keys', () => {
    expect(turns(9, {})).toEqual([0, 1, 2, 3, 0, 1, 2, 3, 0])
  })

  it('goes round in each topic for itself', () => {
    const partitioner = roundRobin()
    expect(turns(2, { partitioner })).toEqual([0, 1])
    expect(turns(3, { partitioner, topic: 'bills', of: 2 })).toEqual([0, 1, 0])
    expect(turns(2, { partitioner })).toEqual([2, 3])
  })

  it('passes over partitions without a leader, and gives the others the same', () => {
    expect(turns(6, { isAvailable: without(1, 2) })).toEqual([0, 3, 0, 3, 0, 3])
  })

  it('goes to all in turn while none has a leader', () => {
    expect(turns(6, { isAvailable: () => false })).toEqual([0, 1, 2, 3, 0, 1])
  })

  it('costs one look a record while none has a leader', () => {
    const isAvailable = jest.fn(() => false)
    turns(10_000, { of: 1000, isAvailable })
    expect(isAvailable).toHaveBeenCalledTimes(10_000)
  })

  it('finds leaders again after one round at most', () => {
    const partitioner = roundRobin()
    turns(1, { partitioner, isAvailable: () => false })
    expect(turns(6, { partitioner, isAvailable: without(1, 2, 3) })).toEqual([1, 2, 3, 0, 0, 0])
  })

  it('goes on when the topic has got more partitions, or fewer', () => {
    const partitioner = roundRobin()
    expect(turns(3, { partitioner, of: 3 })).toEqual([0, 1, 2])
    expect(turns(3, { partitioner, of: 5 })).toEqual([3, 4, 0])
    expect(turns(2, { partitioner, of: 1 })).toEqual([0, 0])
  })
})
