import { scheduleOn } from '../../lib/testing/schedule'
import { virtualTime } from '../../lib/testing/virtual-time'
import { clockOf } from '../../lib/time'

const schedule = () => {
  const time = virtualTime()
  time.advance(1000)
  const log: string[] = []
  const plan = scheduleOn(clockOf(time.scheduler))
  return { time, log, plan, note: (what: string) => () => void log.push(`${what} at ${String(plan.now)}`) }
}

describe('scheduleOn', () => {
  it('counts from the beginning, or from now', () => {
    const { time, log, plan, note } = schedule()
    time.advance(10)
    plan.at(50, note('at 50'))
    plan.after(50, note('after 50'))
    plan.at(5, note('what is past'))
    time.advance(100)
    expect(log).toEqual(['what is past at 10', 'at 50 at 50', 'after 50 at 60'])
  })

  it('takes back what is planned', () => {
    const { time, log, plan, note } = schedule()
    plan.after(10, note('kept'))
    plan.after(10, note('taken back'))()
    time.advance(10)
    expect([log, time.pending]).toEqual([['kept at 10'], 0])
  })
})
