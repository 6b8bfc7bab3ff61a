import { closable } from '../../lib/testing/closable-clock'
import { virtualTime } from '../../lib/testing/virtual-time'
import { clockOf } from '../../lib/time'

describe('closable', () => {
  const ticking = () => {
    const time = virtualTime()
    const clock = closable(clockOf(time.scheduler))
    const log: string[] = []
    return { time, clock, log, note: (what: string) => () => void log.push(`${what} at ${String(clock.now())}`) }
  }

  it('is the clock that it was made of', () => {
    const { time, clock, log, note } = ticking()
    clock.schedule(5, note('scheduled'))
    clock.yield(note('yielded'))
    clock.schedule(5, note('cancelled'))()
    time.advance(7)
    expect([log, clock.now(), clock.timestamp(), time.pending]).toEqual([['yielded at 0', 'scheduled at 5'], 7, 7, 0])
    expect(clock.random()).toBe(virtualTime().scheduler.random())
  })

  it('takes everything back when it is closed, and takes nothing more', () => {
    const { time, clock, log, note } = ticking()
    clock.schedule(5, note('scheduled'))
    clock.yield(note('yielded'))
    clock.close()
    clock.schedule(1, note('later'))()
    clock.yield(note('later'))
    time.advance(10)
    expect([log, time.pending]).toEqual([[], 0])
  })
})
