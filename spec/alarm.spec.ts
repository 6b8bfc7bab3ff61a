import { scheduledAlarm } from '../lib/alarm'
import { virtualTime } from './support/virtual-time'

function alarmInVirtualTime() {
  const time = virtualTime()
  const schedule = jest.spyOn(time.clock, 'schedule')
  const rings: number[] = []
  return { time, schedule, rings, ...scheduledAlarm(time.clock, () => rings.push(time.now)) }
}

describe('an alarm', () => {
  it('rings once, at the earliest time that was asked for', () => {
    const { at, time, rings } = alarmInVirtualTime()
    at(50)
    at(20)
    at(80)
    time.settle()
    expect(rings).toEqual([20])
  })

  it('arms no timer for a time that is not earlier', () => {
    const { at, schedule } = alarmInVirtualTime()
    at(20)
    for (let i = 20; i < 1000; i++) at(i)
    expect(schedule).toHaveBeenCalledTimes(1)
  })

  it('can be set again from within its ring', () => {
    const time = virtualTime()
    const rings: number[] = []
    const { at } = scheduledAlarm(time.clock, () => {
      rings.push(time.now)
      if (rings.length < 3) at(time.now + 10)
    })
    at(5)
    time.settle()
    expect(rings).toEqual([5, 15, 25])
  })

  it('rings at once for a time that has passed', () => {
    const { at, time, rings } = alarmInVirtualTime()
    time.advance(100)
    at(30)
    time.settle()
    expect(rings).toEqual([100])
  })

  it('never rings before its time, which need not be a whole millisecond', () => {
    const { at, time, rings } = alarmInVirtualTime()
    at(10.25)
    time.settle()
    expect(rings).toEqual([11])
  })

  it('does not ring after it was stopped, until it is asked again', () => {
    const { at, stop, time, rings } = alarmInVirtualTime()
    at(10)
    stop()
    time.settle()
    expect(rings).toEqual([])
    at(20)
    time.settle()
    expect(rings).toEqual([20])
  })

  it('is asked for nothing by Infinity, which takes back nothing either', () => {
    const { at, time, rings, schedule } = alarmInVirtualTime()
    at(Infinity)
    expect(schedule).not.toHaveBeenCalled()
    at(10)
    at(Infinity)
    time.settle()
    expect(rings).toEqual([10])
  })
})
