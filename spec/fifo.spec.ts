import fc from 'fast-check'
import { Fifo } from '../lib/fifo'
import { collectGarbage } from './support/collect-garbage'

describe('a queue', () => {
  it('gives what came first, first', () => {
    const queue = new Fifo<string>()
    for (const item of ['a', 'b', 'c']) queue.push(item)
    expect([queue.length, queue.head, queue.shift(), queue.shift(), queue.head, queue.length]).toEqual([3, 'a', 'a', 'b', 'c', 1])
  })

  it('is empty again after the last has left', () => {
    const queue = new Fifo<string>()
    queue.push('a')
    queue.shift()
    expect([queue.length, queue.head, queue.shift(), queue.length]).toEqual([0, undefined, undefined, 0])
  })

  it('does what an array does, whatever comes and goes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1500, max: 1500 }), { maxLength: 20 }), (steps) => {
        const queue = new Fifo<number>()
        const array: number[] = []
        let count = 0
        for (const step of steps) {
          for (let i = 0; i < step; i++) {
            queue.push(count)
            array.push(count++)
          }
          const shifted = Array.from({ length: Math.max(0, -step) }, () => queue.shift())
          expect(shifted.filter((item) => item !== undefined)).toEqual(array.splice(0, Math.max(0, -step)))
          expect([queue.length, queue.head]).toEqual([array.length, array[0]])
        }
      }),
    )
  })

  it('does not hold what has left, though others still wait', async () => {
    const queue = new Fifo<object>()
    const references = Array.from({ length: 100 }, () => {
      const item = {}
      queue.push(item)
      return new WeakRef(item)
    })
    for (let i = 0; i < 99; i++) queue.shift()
    await collectGarbage()
    expect(references.filter((reference) => reference.deref() !== undefined)).toHaveLength(1)
    expect(queue.length).toBe(1)
  })

  it('takes a burst of 200,000 and gives it back, in order', () => {
    const queue = new Fifo<number>()
    for (let i = 0; i < 200_000; i++) queue.push(i)
    let inOrder = 0
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) if (item === inOrder) inOrder++
    expect([inOrder, queue.length]).toEqual([200_000, 0])
  })

  it('gives up those that are meant, and keeps the others in order', () => {
    const fifo = new Fifo<number>()
    for (let i = 0; i < 6; i++) fifo.push(i)
    fifo.shift()
    expect(fifo.extract((item) => item % 2 === 0)).toEqual([2, 4])
    expect([fifo.length, fifo.shift(), fifo.shift(), fifo.shift(), fifo.shift()]).toEqual([3, 1, 3, 5, undefined])
  })
})
