import { indexOf } from '../../../lib/testing/state/internal-topics'

describe('the partition of an internal topic', () => {
  // As Java prints Math.abs(key.hashCode()) and what is left of it after division.
  it.each([
    ['', 50, 0],
    ['a', 50, 47],
    ['hello', 50, 22],
    ['Gruppe Ä', 50, 41],
    ['😀', 50, 49],
    ['a group with a name so long that its hash overflows many times', 50, 13],
    ['hello', 7, 99162322 % 7],
  ])('of %p among %i is %i', (key, partitions, index) => {
    expect(indexOf(key, partitions)).toBe(index)
  })

  it('is the first one for the hash that has no positive counterpart', () => {
    expect(indexOf('polygenelubricants', 50)).toBe(0)
  })
})
