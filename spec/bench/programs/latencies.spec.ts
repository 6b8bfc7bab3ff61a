import { latencies } from '../../../bench/programs/latencies'

/** A clock that stands until it is set. */
const clockAt = () => {
  let now = 0
  jest.spyOn(performance, 'now').mockImplementation(() => now)
  return (at: number) => (now = at)
}

afterEach(() => jest.restoreAllMocks())

describe('the latencies of records', () => {
  it('run from when each was due to its delivery', () => {
    const set = clockAt()
    const times = latencies(2, 'all')
    times.due(0)
    set(4)
    times.done(0)
    times.dueAt(1, 1)
    set(10)
    times.done(1)
    expect(times.percentiles()).toEqual({ p50: 9, p99: 9, p999: 9 })
  })

  it('count a record that was handed over late from when it was due', () => {
    const set = clockAt()
    const times = latencies(1, 'all')
    set(500)
    times.dueAt(0, 100)
    set(501)
    times.done(0)
    expect(times.percentiles()).toEqual({ p50: 401, p99: 401, p999: 401 })
  })

  it('are those of each record where all are asked for', () => {
    const set = clockAt()
    const times = latencies(1_000, 'all')
    for (let i = 0; i < 1_000; i++) times.dueAt(i, 0)
    for (let i = 0; i < 1_000; i++) {
      set(i)
      times.done(i)
    }
    expect(times.percentiles()).toEqual({ p50: 500, p99: 990, p999: 999 })
  })

  it('are those of every 64th of very many', () => {
    const set = clockAt()
    const times = latencies(128, 'sampled')
    for (let i = 0; i < 128; i++) times.due(i)
    for (let i = 0; i < 128; i++) {
      set(i)
      times.done(i)
    }
    expect(times.percentiles()).toEqual({ p50: 64, p99: 64, p999: 64 })
  })

  it('are none where there are no records', () => {
    expect(latencies(0, 'all').percentiles()).toEqual({ p50: null, p99: null, p999: null })
  })
})
