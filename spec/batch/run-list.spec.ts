import fc from 'fast-check'
import { RunList } from '../../lib/batch/run-list'
import { listed } from '../support/run-lists'

const listOf = (values: readonly number[]): RunList<number> => {
  const list = new RunList<number>()
  values.forEach((value) => list.push(value))
  return list
}

describe('a list of runs', () => {
  it('gives what was pushed, in order', () => {
    fc.assert(fc.property(fc.array(fc.nat(2)), (values) => expect(listed(listOf(values), values.length)).toEqual(values)))
  })

  it('can be read in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2), { minLength: 1, maxLength: 30 }), fc.array(fc.nat(29)), (values, places) => {
        const list = listOf(values)
        const indexes = places.map((place) => place % values.length)
        expect(indexes.map((index) => list.at(index))).toEqual(indexes.map((index) => values[index]))
      }),
    )
  })

  it('may grow while it is read', () => {
    const list = listOf([1])
    expect(list.at(0)).toBe(1)
    list.push(1)
    list.push(2)
    expect([list.at(2), list.at(0), list.at(1)]).toEqual([2, 1, 1])
  })
})
