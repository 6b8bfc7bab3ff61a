import { VirtualTimeScheduler } from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import { clockOf } from '../lib/time'

describe('a clock', () => {
  it('says whether a scheduler decides when time passes', () => {
    const inVirtualTime = new TestScheduler(() => undefined).run(() => clockOf().isScheduled)
    expect([clockOf().isScheduled, clockOf(new VirtualTimeScheduler()).isScheduled, inVirtualTime]).toEqual([false, true, true])
  })
})

describe('a clock over a virtual scheduler', () => {
  it('has its time, and runs what is due in order', () => {
    const scheduler = new VirtualTimeScheduler()
    const clock = clockOf(scheduler)
    const log: string[] = []
    const note = (what: string) => () => log.push(`${what} at ${clock.now()}`)
    clock.schedule(20, note('later'))
    clock.schedule(5, note('sooner'))
    clock.yield(note('yielded'))
    scheduler.flush()
    expect(log).toEqual(['yielded at 0', 'sooner at 5', 'later at 20'])
  })

  it('does not run what was cancelled, and cancelling twice or too late is harmless', () => {
    const scheduler = new VirtualTimeScheduler()
    const clock = clockOf(scheduler)
    const work = jest.fn()
    const cancel = clock.schedule(5, work)
    cancel()
    cancel()
    clock.yield(work)()
    const late = clock.schedule(1, work)
    scheduler.flush()
    late()
    expect(work).toHaveBeenCalledTimes(1)
  })

  it('never yields within the same turn', () => {
    const scheduler = new VirtualTimeScheduler()
    const log: string[] = []
    clockOf(scheduler).yield(() => log.push('yielded'))
    log.push('after')
    scheduler.flush()
    expect(log).toEqual(['after', 'yielded'])
  })

  it('takes its chance from where it is told', () => {
    expect(clockOf(new VirtualTimeScheduler(), () => 0.25).random()).toBe(0.25)
  })

  it('stamps whole milliseconds, though a timer with jitter ends between two', () => {
    const scheduler = new VirtualTimeScheduler()
    const clock = clockOf(scheduler)
    const timestamps: number[] = []
    clock.schedule(48.3, () => timestamps.push(clock.timestamp()))
    scheduler.flush()
    expect(timestamps.map((timestamp) => Number.isInteger(timestamp))).toEqual([true])
  })
})

describe('a clock over nothing in particular', () => {
  it('is virtual within TestScheduler.run', () => {
    const log: string[] = []
    new TestScheduler(() => undefined).run(({ flush }) => {
      const clock = clockOf()
      clock.schedule(3_600_000, () => log.push(`an hour later it is ${clock.now()}, by the records ${clock.timestamp()}`))
      clock.yield(() => log.push('yielded'))
      flush()
    })
    expect(log).toEqual(['yielded', 'an hour later it is 3600000, by the records 3600000'])
  })

  it('is real outside: it stamps with the wall clock, and its own time only grows', () => {
    const clock = clockOf()
    expect(Math.abs(clock.timestamp() - Date.now())).toBeLessThan(1000)
    const times = Array.from({ length: 100 }, () => clock.now())
    expect(times).toEqual([...times].sort((a, b) => a - b))
  })

  describe('looks at the wall clock', () => {
    afterEach(() => jest.restoreAllMocks())

    const looking = (step: () => number) => {
      let wall = 1_000_000
      const look = jest.spyOn(Date, 'now').mockImplementation(() => (wall += step()))
      const clock = clockOf()
      return { clock, looks: () => look.mock.calls.length }
    }

    it('once for sixteen records of a run that was seen to be fast, and anew in the next', async () => {
      const { clock, looks } = looking(() => 0)
      // Whether the clock is virtual is asked of the wall clock too.
      const before = looks()
      for (let i = 0; i < 7 + 33; i++) clock.timestamp()
      expect(looks() - before).toBe(7 + 3)
      await Promise.resolve()
      clock.timestamp()
      expect(looks() - before).toBe(7 + 4)
    })

    it('for each record of a run that takes its time', () => {
      const { clock } = looking(() => 20)
      const stamps = Array.from({ length: 10 }, () => clock.timestamp())
      expect(stamps.map((stamp) => stamp - stamps[0])).toEqual(stamps.map((_, i) => i * 20))
    })
  })

  describe('with Node’s timers replaced', () => {
    beforeEach(() => jest.useFakeTimers())
    afterEach(() => jest.useRealTimers())

    it('moves no deadline when the wall clock steps', () => {
      const clock = clockOf()
      const before = clock.now()
      jest.setSystemTime(Date.now() + 86_400_000)
      expect(clock.now() - before).toBeLessThan(1000)
    })

    it('runs work once its time has come, unless it was cancelled', () => {
      const clock = clockOf()
      const [work, cancelled] = [jest.fn(), jest.fn()]
      clock.schedule(50, work)
      clock.schedule(50, cancelled)()
      clock.yield(cancelled)()
      jest.advanceTimersByTime(49)
      expect(work).not.toHaveBeenCalled()
      jest.advanceTimersByTime(1)
      expect(work).toHaveBeenCalledTimes(1)
      expect(cancelled).not.toHaveBeenCalled()
    })

    it('yields as setImmediate does', () => {
      const work = jest.fn()
      clockOf().yield(work)
      expect(work).not.toHaveBeenCalled()
      jest.advanceTimersByTime(0)
      expect(work).toHaveBeenCalledTimes(1)
    })

    it.each([
      ['thirty days', 30 * 86_400_000],
      ['for ever', Infinity],
    ])('asked to wait %s, asks no timer of Node for more than it holds: that would end after 1 ms', (_what, delay) => {
      const timers = jest.spyOn(globalThis, 'setTimeout')
      clockOf().schedule(delay, () => undefined)
      expect(timers).toHaveBeenCalledTimes(1)
      expect(timers.mock.calls[0][1]).toBe(2 ** 31 - 1)
    })

    describe('an alarm', () => {
      const alarmed = () => {
        const clock = clockOf()
        const rings: number[] = []
        const begun = clock.now()
        const alarm = clock.alarm(() => rings.push(clock.now() - begun))
        return { rings, in: (ms: number) => alarm.at(begun + ms), stop: () => alarm.stop(), end: () => alarm.end() }
      }

      it('rings once, at the earliest time that was asked for', () => {
        const alarm = alarmed()
        for (const ms of [50, 20, 80]) alarm.in(ms)
        jest.advanceTimersByTime(1000)
        expect(alarm.rings).toEqual([20])
      })

      it('does not ring once it was stopped, and rings at the time for which it is set again', () => {
        const alarm = alarmed()
        alarm.in(50)
        alarm.stop()
        jest.advanceTimersByTime(60)
        expect(alarm.rings).toEqual([])
        alarm.in(100)
        jest.advanceTimersByTime(1000)
        expect(alarm.rings).toEqual([100])
      })

      it('keeps its timer when it is set and stopped over and over, and rings when it is left', () => {
        const timers = jest.spyOn(globalThis, 'setTimeout')
        const alarm = alarmed()
        for (let ms = 50; ms < 1050; ms++) {
          alarm.in(ms)
          alarm.stop()
        }
        alarm.in(2000)
        expect(timers).toHaveBeenCalledTimes(1)
        jest.advanceTimersByTime(1999)
        expect(alarm.rings).toEqual([])
        jest.advanceTimersByTime(1)
        expect(alarm.rings).toEqual([2000])
      })

      it('rings earlier than its timer stands, when that is asked for', () => {
        const alarm = alarmed()
        alarm.in(500)
        alarm.stop()
        alarm.in(100)
        jest.advanceTimersByTime(1000)
        expect(alarm.rings).toEqual([100])
      })

      it('holds up the end of the process only while it is set', () => {
        const hold = jest.spyOn(globalThis, 'setTimeout')
        const alarm = alarmed()
        alarm.in(50)
        const timer = hold.mock.results[0].value as NodeJS.Timeout
        const held = [timer.hasRef()]
        alarm.stop()
        held.push(timer.hasRef())
        alarm.in(70)
        held.push(timer.hasRef())
        expect(held).toEqual([true, false, true])
      })

      it('has no timer any more once it has ended', () => {
        const alarm = alarmed()
        alarm.in(50)
        alarm.end()
        expect(jest.getTimerCount()).toBe(0)
        jest.advanceTimersByTime(100)
        expect(alarm.rings).toEqual([])
      })
    })
  })
})
