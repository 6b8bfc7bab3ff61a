import { CASES } from '../../../bench/cases'
import { PARTS } from '../../../bench/lanes/parts'

describe('the parts of the bench of lanes', () => {
  it.each(PARTS)('$name has cases that there are, and ways to compare, each once', ({ cases, ways }) => {
    expect(CASES.filter(({ name }) => cases.includes(name))).toHaveLength(cases.length)
    expect(ways.length).toBeGreaterThan(1)
    expect(new Set(ways.map(({ name }) => name)).size).toBe(ways.length)
  })

  it('deal the six partitions out evenly', () => {
    const lanes = PARTS.flatMap(({ ways }) => ways.map((way) => 6 % (way.lanes ?? 1)))
    expect(new Set(lanes)).toEqual(new Set([0]))
  })
})
