import { backoffAfter } from '../../lib/network/backoff'

const limits = { initial: 100, max: 1000 }

describe('backoff', () => {
  it('doubles with every failure, up to its limit', () => {
    expect([1, 2, 3, 4, 5, 6].map((failures) => backoffAfter(failures, limits, 0.5))).toEqual([100, 200, 400, 800, 1000, 1000])
  })

  it('lies within 20 % of that', () => {
    expect(backoffAfter(1, limits, 0)).toBeCloseTo(80)
    expect(backoffAfter(1, limits, 0.999999)).toBeCloseTo(120)
  })

  it('is spread below the limit and never lies above it', () => {
    expect(backoffAfter(5, limits, 0)).toBe(1000)
    expect(backoffAfter(4, limits, 0.999999)).toBeLessThanOrEqual(1000)
    expect(backoffAfter(4, limits, 0)).toBeCloseTo(640)
  })

  it('is no wait after any number of failures when it begins with none', () => {
    expect([1, 2, 10_000].map((failures) => backoffAfter(failures, { initial: 0, max: 1000 }, 0.5))).toEqual([0, 0, 0])
  })

  it('stays at its limit after any number of failures', () => {
    expect(backoffAfter(10_000, limits, 0.5)).toBe(1000)
  })
})
