import * as fc from 'fast-check'
import { isNextSequence, NO_SEQUENCE, sequenceAfter, sequenceBefore } from '../../../../lib/testing/state/log/sequences'

const LARGEST = 2 ** 31 - 1
const sequence = fc.integer({ min: 0, max: LARGEST })

describe('sequences', () => {
  it.each([
    [0, 0, 0],
    [5, 3, 8],
    [LARGEST, 1, 0],
    [LARGEST - 1, 3, 1],
    [LARGEST, LARGEST, LARGEST - 1],
  ])('%d and %d more is %d, and back', (from, steps, to) => {
    expect(sequenceAfter(from, steps)).toBe(to)
    expect(sequenceBefore(to, steps)).toBe(from)
  })

  it('goes back wherever it went', () => {
    fc.assert(fc.property(sequence, sequence, (from, steps) => expect(sequenceBefore(sequenceAfter(from, steps), steps)).toBe(from)))
  })

  it('is followed by the next number, and the largest by 0', () => {
    expect(isNextSequence(4, 5)).toBe(true)
    expect(isNextSequence(4, 6)).toBe(false)
    expect(isNextSequence(4, 4)).toBe(false)
    expect(isNextSequence(LARGEST, 0)).toBe(true)
    expect(isNextSequence(LARGEST, LARGEST + 1)).toBe(false)
    expect(isNextSequence(NO_SEQUENCE, 0)).toBe(true)
    expect(isNextSequence(NO_SEQUENCE, 1)).toBe(false)
  })
})
