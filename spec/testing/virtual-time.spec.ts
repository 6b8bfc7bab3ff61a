import { interval, Observable, take } from 'rxjs'
import { clockOf } from '../../lib/time'
import { virtualTime } from '../../lib/testing/virtual-time'

const DAY = 86_400_000

describe('virtualTime', () => {
  it('runs what is due, in the order of its time and then of its scheduling, and stands at the end', () => {
    const time = virtualTime()
    const log: string[] = []
    const at = (delay: number, name: string) => time.scheduler.schedule(() => log.push(`${name} at ${String(time.now)}`), delay)
    at(20, 'third')
    at(10, 'first')
    at(10, 'second')
    at(31, 'later')
    time.advance(30)
    expect(log).toEqual(['first at 10', 'second at 10', 'third at 20'])
    expect([time.now, time.pending]).toEqual([30, 1])
    time.advance(1)
    expect(log.at(-1)).toBe('later at 31')
  })

  it('runs what is scheduled meanwhile, also for the same moment', () => {
    const time = virtualTime()
    const log: number[] = []
    time.scheduler.schedule(() => {
      time.scheduler.schedule(() => log.push(time.now), 0)
      time.scheduler.schedule(() => log.push(time.now), 5)
    }, 10)
    time.advance(15)
    expect(log).toEqual([10, 15])
  })

  it('serves the operators of RxJS that schedule themselves again', () => {
    const time = virtualTime()
    const seen: number[] = []
    interval(100, time.scheduler)
      .pipe(take(3))
      .subscribe(() => seen.push(time.now))
    time.advance(1000)
    expect(seen).toEqual([100, 200, 300])
    expect(time.pending).toBe(0)
  })

  it('keeps nothing of what was unsubscribed, nor of what is never due', () => {
    const time = virtualTime()
    const actions = Array.from({ length: 1000 }, (_, i) => time.scheduler.schedule(() => undefined, i % 10))
    time.scheduler.schedule(() => undefined, Infinity)
    expect(time.pending).toBe(1000)
    actions.forEach((action, i) => i % 2 === 0 || action.unsubscribe())
    expect(time.pending).toBe(500)
    time.advance(10)
    expect(time.pending).toBe(0)
  })

  it('keeps the rest when something throws', () => {
    const time = virtualTime()
    const log: string[] = []
    time.scheduler.schedule(() => {
      throw new Error('a defect')
    }, 1)
    time.scheduler.schedule(() => log.push('the rest'), 2)
    expect(() => time.advance(5)).toThrow('a defect')
    time.advance(5)
    expect(log).toEqual(['the rest'])
  })

  it('cannot be moved by what runs in it', () => {
    const time = virtualTime()
    time.scheduler.schedule(() => time.advance(1), 1)
    expect(() => time.advance(2)).toThrow('moved by what runs in it')
  })

  it.each([Infinity, NaN])('cannot be moved by %f', async (ms) => {
    const time = virtualTime()
    expect(() => time.advance(ms)).toThrow('settle()')
    await expect(time.pass(ms)).rejects.toThrow('settle()')
    expect(time.now).toBe(0)
  })

  it('settles when nothing is scheduled any more, however far that is', async () => {
    const time = virtualTime()
    let left = 3
    const again = (): void => void (--left > 0 && time.scheduler.schedule(again, 6 * 3_600_000))
    time.scheduler.schedule(again, 1)
    await time.settle()
    expect([left, time.now, time.pending]).toEqual([0, 12 * 3_600_000 + 1, 0])
  })

  it('does not settle while something arms itself again for ever', async () => {
    const time = virtualTime()
    const again = (): void => void time.scheduler.schedule(again, DAY / 4)
    again()
    await expect(time.settle()).rejects.toThrow('still scheduled')
  })

  it('lets Promises run before time goes on', async () => {
    const time = virtualTime()
    const log: string[] = []
    const later = async (): Promise<void> => {
      for (let step = 0; step < 50; step++) await Promise.resolve()
      log.push(`a Promise at ${String(time.now)}`)
      time.scheduler.schedule(() => log.push(`what it scheduled at ${String(time.now)}`), 10)
    }
    time.scheduler.schedule(() => void later(), 5)
    time.scheduler.schedule(() => log.push(`a timeout at ${String(time.now)}`), 60_000)
    await time.settle()
    expect(log).toEqual(['a Promise at 5', 'what it scheduled at 15', 'a timeout at 60000'])
  })

  it('passes for so long and no longer, Promises included', async () => {
    const time = virtualTime()
    const log: number[] = []
    const tick = async (): Promise<void> => {
      await Promise.resolve()
      log.push(time.now)
      time.scheduler.schedule(() => void tick(), 10)
    }
    void tick()
    await time.pass(25)
    expect([log, time.now]).toEqual([[0, 10, 20], 25])
  })

  it('draws the same chance from the same seed', () => {
    const drawn = (seed?: number) => {
      const clock = clockOf(virtualTime(seed).scheduler)
      return Array.from({ length: 5 }, () => clock.random())
    }
    expect(drawn(7)).toEqual(drawn(7))
    expect(drawn(7)).not.toEqual(drawn(8))
    expect(drawn()).toEqual(drawn(1))
  })

  it('is not slowed down by how much is pending', () => {
    const time = virtualTime()
    for (let i = 0; i < 5000; i++) time.scheduler.schedule(() => undefined, DAY)
    let left = 50_000
    const ticks$ = new Observable<number>((subscriber) => {
      const tick = (): void => {
        // A timeout that never comes about, for each: as requests have them.
        time.scheduler.schedule(() => subscriber.error(new Error('timeout')), 30_000).unsubscribe()
        if (--left > 0) time.scheduler.schedule(tick, 1)
        else subscriber.complete()
      }
      tick()
    })
    const ended: string[] = []
    ticks$.subscribe({ complete: () => ended.push('complete') })
    const start = performance.now()
    time.advance(50_000)
    expect([ended, left, time.pending]).toEqual([['complete'], 0, 5000])
    // A sorted list takes more than a minute for it; this takes a twentieth of a second.
    expect(performance.now() - start).toBeLessThan(5000)
  })
})
