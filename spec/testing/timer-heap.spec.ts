import fc from 'fast-check'
import { TimerHeap } from '../../lib/testing/timer-heap'
import type { Timed } from '../../lib/testing/timer-heap'

const drained = (heap: TimerHeap<Timed>): Timed[] => {
  const items: Timed[] = []
  for (let first = heap.first; first !== undefined; first = heap.first) {
    heap.remove(first)
    items.push(first)
  }
  return items
}

describe('TimerHeap', () => {
  it('gives the earliest first, and of the same time what was scheduled first, whatever was taken out meanwhile', () => {
    const times = fc.array(fc.record({ at: fc.integer({ min: 0, max: 20 }), removed: fc.boolean() }), { maxLength: 200 })
    fc.assert(
      fc.property(times, (specs) => {
        const heap = new TimerHeap<Timed>()
        const items = specs.map(({ at, removed }, order) => ({ at, order, place: -1, removed }))
        for (const item of items) heap.add(item)
        for (const item of items) if (item.removed) heap.remove(item)
        const left = items.filter(({ removed }) => !removed)
        expect(heap.size).toBe(left.length)
        expect(drained(heap)).toEqual(left.sort((a, b) => a.at - b.at || a.order - b.order))
      }),
    )
  })

  it('takes out only what is in it', () => {
    const heap = new TimerHeap<Timed>()
    const [here, gone] = [
      { at: 1, order: 0, place: -1 },
      { at: 2, order: 1, place: -1 },
    ]
    heap.add(here)
    heap.remove(gone)
    expect(drained(heap)).toEqual([here])
    heap.remove(here)
    expect(heap.size).toBe(0)
  })
})
