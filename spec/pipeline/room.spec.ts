import { BufferPool } from '../../lib/batch/buffer-pool'
import { ByteBudget } from '../../lib/pipeline/byte-budget'
import { demandOf } from '../../lib/pipeline/demand'
import { createRoom } from '../../lib/pipeline/room'
import { virtualTime } from '../support/virtual-time'

function rooming(total = 16_000) {
  const time = virtualTime()
  const memory = new BufferPool(total)
  const waiting = new ByteBudget(Infinity)
  const state = { isShort: false }
  const room = createRoom({ memory, waiting, clock: time.clock, largestRecord: 1000, isShort: () => state.isShort })
  return { time, memory, waiting, state, room }
}

describe('room', () => {
  it('is what batches do not hold; what waits has a claim on it', () => {
    const { memory, waiting, room, state } = rooming()
    memory.take(4000)
    waiting.take(3000)
    expect([room.total, room.free(), room.unclaimed()]).toEqual([16_000, 12_000, 9000])
    waiting.take(100_000)
    expect([room.free(), room.unclaimed()]).toEqual([12_000, 0])
    waiting.give(100_000)
    state.isShort = true
    expect(room.unclaimed()).toBe(0)
  })

  it('tells of changes once, and only after whoever made them has returned', () => {
    const { memory, waiting, room, time } = rooming()
    const seen: number[] = []
    room.changes$.subscribe(() => seen.push(room.free()))
    const piece = memory.take(4000)
    memory.take(4000)
    waiting.take(10)
    waiting.give(10)
    expect(seen).toEqual([])
    time.settle()
    expect(seen).toEqual([8000])
    memory.give(piece === undefined ? [] : [piece])
    time.settle()
    expect(seen).toEqual([8000, 12_000])
  })

  it('arms nothing while nobody listens', () => {
    const { memory, room, time } = rooming()
    const yields = jest.spyOn(time.clock, 'yield')
    memory.take(4000)
    room.poke()
    expect(yields).not.toHaveBeenCalled()
  })
})

describe('demand$', () => {
  it('is what is free now, and then one value per change of at least a sixteenth', () => {
    const { memory, room, time } = rooming(16_384)
    memory.take(1024)
    const seen: number[] = []
    const subscription = demandOf(room).subscribe((free) => seen.push(free))
    expect(seen).toEqual([15_360])
    for (let i = 0; i < 4; i++) {
      memory.take(512)
      time.settle()
    }
    expect(seen).toEqual([15_360, 14_336, 13_312])
    subscription.unsubscribe()
    memory.take(4096)
    time.settle()
    expect(seen).toHaveLength(3)
  })

  it('lets whoever hears of room take of it at once', () => {
    const { memory, room, time } = rooming(16_384)
    const seen: number[] = []
    demandOf(room).subscribe((free) => {
      seen.push(free)
      if (free > 4096) memory.take(4096)
    })
    time.settle()
    expect([seen, memory.held]).toEqual([[16_384, 12_288, 8192, 4096], 12_288])
  })
})
