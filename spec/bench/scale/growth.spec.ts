import { exponents } from '../../../bench/scale/growth'

describe('how the cost of a record grows', () => {
  it('is 0 where nothing changes, 1 where ten times as much costs ten times as much, and below 0 where it costs less', () => {
    const steps = [
      { of: 1, cost: 2 },
      { of: 10, cost: 2 },
      { of: 100, cost: 20 },
      { of: 400, cost: 40 },
      { of: 4_000, cost: 4 },
    ]
    const [first, ...others] = exponents(steps)
    expect(first).toBeNull()
    expect(others.map((x) => Number(x?.toFixed(9)))).toEqual([0, 1, 0.5, -1])
  })

  it('is nothing where nothing grew', () => {
    const same = [1, 2].map((cost) => ({ of: 3, cost }))
    expect(exponents(same)).toEqual([null, null])
    expect(exponents([])).toEqual([])
  })
})
