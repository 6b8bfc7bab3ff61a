import { ProducerIds } from '../../../../lib/testing/state/transactions/producer-ids'

const take = (ids: ProducerIds, broker: number, count: number): bigint[] => Array.from({ length: count }, () => ids.next(broker))

describe('producer ids', () => {
  it('count up', () => {
    expect(take(new ProducerIds(), 1, 3)).toEqual([0n, 1n, 2n])
  })

  it('come from a block of a thousand for each broker', () => {
    const ids = new ProducerIds()

    expect([ids.next(1), ids.next(2), ids.next(1), ids.next(3)]).toEqual([0n, 1000n, 1n, 2000n])
  })

  it('go on in the next free block when one is used up', () => {
    const ids = new ProducerIds()
    const ofFirst = take(ids, 1, 1000)
    const ofSecond = ids.next(2)

    expect([ofFirst.at(-1), ofSecond]).toEqual([999n, 1000n])
    expect(ids.next(1)).toBe(2000n)
    expect(ids.next(2)).toBe(1001n)
  })
})
