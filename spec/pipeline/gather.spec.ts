import { gather } from '../../lib/pipeline/gather'
import { virtualTime } from '../support/virtual-time'

const MOST = 3

function gathering(work: () => void = () => undefined) {
  const time = virtualTime()
  const done = jest.fn(work)
  return { time, done, ...gather(time.clock, MOST, done) }
}

describe('wishes that are gathered', () => {
  it('are granted together, and not within the turn in which they were made', () => {
    const { time, done, wish } = gathering()
    wish()
    wish()
    expect(done).not.toHaveBeenCalled()
    time.settle()
    expect(done).toHaveBeenCalledTimes(1)
  })

  it('are granted at once when there are enough of them, and not again after the turn', () => {
    const { time, done, wish } = gathering()
    for (let i = 0; i < MOST; i++) wish()
    expect(done).toHaveBeenCalledTimes(1)
    time.settle()
    expect(done).toHaveBeenCalledTimes(1)
  })

  it('count anew in the next turn', () => {
    const { time, done, wish } = gathering()
    wish()
    wish()
    time.settle()
    wish()
    expect(done).toHaveBeenCalledTimes(1)
    time.settle()
    expect(done).toHaveBeenCalledTimes(2)
  })

  it('may be made from within their granting', () => {
    let again = true
    const { time, done, wish } = gathering(() => {
      if (again) wish()
      again = false
    })
    wish()
    time.settle()
    expect(done).toHaveBeenCalledTimes(2)
  })

  it('come to nothing once they are cancelled', () => {
    const { time, done, wish, cancel } = gathering()
    wish()
    cancel()
    time.settle()
    expect(done).not.toHaveBeenCalled()
  })
})
