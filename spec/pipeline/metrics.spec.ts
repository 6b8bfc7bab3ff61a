import { every } from '../../lib/pipeline/metrics'
import { virtualTime } from '../support/virtual-time'

describe('a value at intervals', () => {
  it('comes after each, for as long as somebody listens', () => {
    const { clock, advance, settle } = virtualTime()
    let asked = 0
    const seen: number[] = []
    const subscription = every(10, clock, () => ++asked).subscribe((value) => seen.push(value))
    advance(9)
    expect(seen).toEqual([])
    advance(21)
    expect(seen).toEqual([1, 2, 3])
    subscription.unsubscribe()
    settle()
    expect(asked).toBe(3)
  })

  it('may be left from within', () => {
    const { clock, settle } = virtualTime()
    const seen: number[] = []
    const subscription = every(10, clock, () => 1).subscribe((value) => {
      seen.push(value)
      subscription.unsubscribe()
    })
    settle()
    expect(seen).toEqual([1])
  })
})
