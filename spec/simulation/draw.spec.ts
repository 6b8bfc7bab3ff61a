import { resolveConfig } from '../../lib/config'
import { settingsOf } from '../../lib/testing/settings'
import { planOf } from './draw'

describe('planOf', () => {
  it('gives the same history for the same seed, and others for its neighbours', () => {
    expect(planOf(5)).toEqual(planOf(5))
    expect(new Set([4, 5, 6, 7].map((seed) => JSON.stringify({ ...planOf(seed), seed: 0 }))).size).toBe(4)
  })

  it('gives steps in the order of their times', () => {
    for (let seed = 0; seed < 100; seed++) {
      const times = planOf(seed).steps.map(({ at }) => at)
      expect(times).toEqual([...times].sort((a, b) => a - b))
    }
  })

  it('gives settings that the producer and the cluster take', () => {
    for (let seed = 0; seed < 300; seed++) {
      const { producer, cluster } = planOf(seed)
      expect(() => resolveConfig({ ...producer, brokers: ['a:1'] })).not.toThrow()
      expect(() => settingsOf(cluster)).not.toThrow()
    }
  })
})
