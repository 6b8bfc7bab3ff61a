import { Timers } from '../../../../lib/testing/state/groups/timers'
import { virtualTime } from '../../../../lib/testing/virtual-time'
import { clockOf } from '../../../../lib/time'

function started() {
  const time = virtualTime()
  const timers = new Timers(clockOf(time.scheduler))
  const fired: (readonly [string, number])[] = []
  const set = (name: string, delay: number): void => timers.set(name, delay, () => fired.push([name, time.now]))
  return { time, timers, fired, set }
}

describe('timers', () => {
  it('fire once, when they are due', () => {
    const { time, fired, set } = started()
    set('a', 5)
    set('b', 3)
    time.advance(10)

    expect(fired).toEqual([
      ['b', 3],
      ['a', 5],
    ])
  })

  it('are replaced by one of the same name', () => {
    const { time, fired, set } = started()
    set('a', 5)
    time.advance(4)
    set('a', 5)
    time.advance(10)

    expect(fired).toEqual([['a', 9]])
  })

  it('do not fire once they are cancelled', () => {
    const { time, timers, fired, set } = started()
    set('a', 5)
    set('b', 5)
    set('c', 5)
    timers.cancel('a')
    timers.cancel('nobody')
    time.advance(1)
    timers.cancelAll()
    time.advance(10)

    expect(fired).toEqual([])
  })

  it('stand still while they are suspended, and then take their whole delay', () => {
    const { time, timers, fired, set } = started()
    set('a', 5)
    time.advance(3)
    timers.suspend()
    set('b', 2)
    time.advance(100)
    const meanwhile = [...fired]
    timers.resume()
    time.advance(10)

    expect(meanwhile).toEqual([])
    expect(fired).toEqual([
      ['b', 105],
      ['a', 108],
    ])
  })

  it('can be cancelled while they are suspended', () => {
    const { time, timers, fired, set } = started()
    set('a', 5)
    timers.suspend()
    timers.suspend()
    timers.cancel('a')
    timers.resume()
    time.advance(10)

    expect(fired).toEqual([])
  })

  it('are not postponed by being resumed again', () => {
    const { time, timers, fired, set } = started()
    set('a', 5)
    time.advance(3)
    timers.resume()
    time.advance(3)

    expect(fired).toEqual([['a', 5]])
  })
})
