import { addCounts, gapsIn, REQUIRED } from './coverage'
import type { Counts } from './seen'

const all = (count: number): Counts => new Map(REQUIRED.map((name) => [name, count]))

describe('gapsIn', () => {
  it('names what came up less than a hundred times in a thousand runs', () => {
    const counts = all(100)
    counts.set('fault kill', 99)
    counts.delete('row CORRUPT_MESSAGE')
    expect(gapsIn(counts, 1000)).toEqual([
      'fault kill: 99 times in 1000 runs, at least 100 are wanted',
      'row CORRUPT_MESSAGE: 0 times in 1000 runs, at least 100 are wanted',
    ])
  })

  it('wants more of more runs, and nothing of few', () => {
    expect(gapsIn(all(100), 1001)).toHaveLength(REQUIRED.length)
    expect(gapsIn(new Map(), 999)).toEqual([])
  })
})

describe('addCounts', () => {
  it('adds to what there is', () => {
    const counts: Counts = new Map([['records', 1]])
    addCounts(counts, [
      ['records', 2],
      ['delivered', 3],
    ])
    expect([...counts]).toEqual([
      ['records', 3],
      ['delivered', 3],
    ])
  })
})
