import * as fc from 'fast-check'
import { Deque } from '../../../../lib/testing/state/log/deque'

/** What is done to both. */
const steps = fc.array(fc.constantFrom('push', 'push', 'push', 'shift', 'pop'), { maxLength: 200 })

describe('Deque', () => {
  it('is an array, whatever is done to it', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const deque = new Deque<number>()
        const array: number[] = []
        all.forEach((step, i) => {
          if (step !== 'push') return expect(deque[step]()).toBe(array[step]())
          deque.push(i)
          array.push(i)
        })
        expect(deque.toArray()).toEqual(array)
        expect(deque.length).toBe(array.length)
        expect(deque.at(0)).toBe(array[0])
        expect(deque.at(-1)).toBeUndefined()
        for (const value of array) expect(deque.findFirst((each) => each >= value)).toBe(array.indexOf(value))
      }),
    )
  })

  it('moves what is left only now and then, a million times over', () => {
    const deque = new Deque<number>()
    for (let i = 0; i < 1000; i++) deque.push(i)
    for (let i = 0; i < 1_000_000; i++) {
      deque.push(i)
      deque.shift()
    }
    expect(deque.length).toBe(1000)
    expect(deque.at(0)).toBe(999_000)
    expect(deque.at(999)).toBe(999_999)
  })

  it('says its length when nothing is found', () => {
    const deque = new Deque<number>()
    deque.push(1)
    expect(deque.findFirst(() => false)).toBe(1)
    deque.clear()
    expect(deque.findFirst(() => true)).toBe(0)
    expect(deque.shift()).toBeUndefined()
    expect(deque.pop()).toBeUndefined()
  })
})
