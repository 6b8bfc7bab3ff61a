import fc from 'fast-check'
import { RunList } from '../../lib/batch/run-list'

const listOf = (values: readonly number[]): RunList<number> => {
  const list = new RunList<number>()
  values.forEach((value) => list.push(value))
  return list
}

describe('a list of runs', () => {
  it('gives what was pushed, in order, and knows how much that is', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2)), (values) => {
        const list = listOf(values)
        expect([[...list], list.length]).toEqual([values, values.length])
      }),
    )
  })

  it('can be read in any order, and beyond its end', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2), { maxLength: 30 }), fc.array(fc.nat(35)), (values, indexes) => {
        const list = listOf(values)
        expect(indexes.map((index) => list.at(index))).toEqual(indexes.map((index) => values[index]))
      }),
    )
  })

  it('may grow while it is read', () => {
    const list = listOf([1])
    expect([list.at(0), list.at(1)]).toEqual([1, undefined])
    list.push(2)
    expect([list.at(1), list.at(0), list.length]).toEqual([2, 1, 2])
  })
})
