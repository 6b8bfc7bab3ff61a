import { grows, trendOf } from '../../../bench/soak/trend'
import { seeded } from '../../generated/support/values'

const MINUTES = 15
const EACH_MINUTE = 6

/** Fifteen minutes, a point each ten seconds. */
const points = (valueAt: (minute: number) => number) =>
  Array.from({ length: MINUTES * EACH_MINUTE }, (_, i) => ({ at: i / EACH_MINUTE, value: valueAt(i / EACH_MINUTE) }))

describe('the trend of what was looked at', () => {
  it('is the slope of a line, without an error where it is one', () => {
    const trend = trendOf(points((minute) => 100 + 2 * minute))
    expect(trend.slope).toBeCloseTo(2)
    expect(trend.error).toBeCloseTo(0)
    expect(trend.change).toBeCloseTo(2 * (MINUTES - 1 / EACH_MINUTE))
    expect(grows(trend)).toBe(true)
  })

  it('is no growth where it is noise, nor where a saw rises and falls, nor where it falls', () => {
    for (let seed = 0; seed < 50; seed++) {
      const random = seeded(seed)
      expect(grows(trendOf(points(() => 100 + 10 * random())))).toBe(false)
    }
    expect(grows(trendOf(points((minute) => 100 + 20 * ((minute * 1.7) % 1))))).toBe(false)
    expect(grows(trendOf(points((minute) => 100 - minute)))).toBe(false)
  })

  it('is found within noise of ten times what a minute adds', () => {
    const random = seeded(7)
    expect(grows(trendOf(points((minute) => 100 + minute + 10 * random())))).toBe(true)
  })

  it('is not worth a word where it is certain, but less than a fiftieth in all', () => {
    const trend = trendOf(points((minute) => 1000 + minute))
    expect(trend.slope).toBeGreaterThan(3 * trend.error)
    expect(grows(trend)).toBe(false)
  })
})
