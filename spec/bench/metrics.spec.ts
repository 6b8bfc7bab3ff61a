import { figure, ratio, said } from '../../bench/metrics'
import { outcome } from './outcomes'

describe('the figures of several runs', () => {
  const runs = [outcome(2), outcome(1), outcome(4)]

  it('are the best of them, and the worst: the most where more is better', () => {
    expect(figure(runs, 'recordsPerSecond')).toEqual({ best: 1_000_000, worst: 250_000 })
  })

  it('are the least where less is better', () => {
    expect(figure(runs, 'cpuPerMillion')).toEqual({ best: 1, worst: 4 })
  })

  it('are none where no run has any', () => {
    expect(figure(runs, 'held')).toBeNull()
    expect(figure([], 'recordsPerSecond')).toBeNull()
  })

  it('leave out the runs that have none', () => {
    expect(figure([outcome(1, { held: 7 }), outcome(1)], 'held')).toEqual({ best: 7, worst: 7 })
  })

  it('are printed with as many digits as mean something', () => {
    expect([said(1_234_567.8, 'recordsPerSecond'), said(0.4567, 'cpuPerMillion'), said(3, 'held')]).toEqual(['1,234,568', '0.46', '3.0'])
  })
})

describe('the ratio of two clients', () => {
  it('is that of their bests, between those of the runs that stood side by side', () => {
    const [ours, theirs] = [
      [outcome(1), outcome(2)],
      [outcome(4), outcome(2)],
    ]
    expect(ratio(ours, theirs, 'recordsPerSecond')).toEqual({ ofBests: 2, from: 1, to: 4 })
    expect(ratio(ours, theirs, 'cpuPerMillion')).toEqual({ ofBests: 0.5, from: 0.25, to: 1 })
  })

  it('compares only as many runs side by side as both have', () => {
    expect(ratio([outcome(1), outcome(1), outcome(9)], [outcome(2), outcome(2)], 'recordsPerSecond')).toEqual({
      ofBests: 2,
      from: 2,
      to: 2,
    })
  })

  it('is none when one of them was not measured', () => {
    expect(ratio([outcome(1)], [], 'recordsPerSecond')).toBeNull()
  })
})
