import fc from 'fast-check'
import { isBefore, sequenceAfter } from '../../lib/identity/sequence'

const MAX = 2 ** 31 - 1

describe('sequence numbers', () => {
  it.each([
    [5, 5, 10],
    [MAX - 5, 10, 4],
    [MAX, 1, 0],
    [0, 1, 1],
  ])('after %i and %i records go on at %i, and begin anew after the highest', (first, records, next) => {
    expect(sequenceAfter(first, records)).toBe(next)
  })

  it('are in order across the wrap-around', () => {
    expect([isBefore(1, 2), isBefore(2, 1), isBefore(MAX, 0), isBefore(0, MAX), isBefore(7, 7)]).toEqual([true, false, true, false, false])
  })

  it('come before what follows them, wherever they stand', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: MAX }), fc.integer({ min: 1, max: 1_000_000 }), (first, records) => {
        const next = sequenceAfter(first, records)
        expect([isBefore(first, next), isBefore(next, first)]).toEqual([true, false])
      }),
    )
  })
})
