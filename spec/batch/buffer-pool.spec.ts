import fc from 'fast-check'
import { BufferPool, LARGEST_PIECE, nextPieceSize } from '../../lib/batch/buffer-pool'
import type { PieceSource } from '../../lib/batch/buffer-pool'

const KIB = 1024

const take = (source: PieceSource, size: number): Uint8Array => {
  const piece = source.take(size)
  if (piece === undefined) throw new Error(`no room for ${size}`)
  return piece
}

describe('the size of the next piece', () => {
  it('doubles from 1 KiB to 32 KiB and stays there', () => {
    const sizes: number[] = []
    for (let size = 0, i = 0; i < 7; i++) sizes.push((size = nextPieceSize(size, 1)))
    expect(sizes).toEqual([1, 2, 4, 8, 16, 32, 32].map((kib) => kib * KIB))
  })

  it.each([
    [0, 1025, 2 * KIB],
    [KIB, 5000, 8 * KIB],
    [0, LARGEST_PIECE, LARGEST_PIECE],
    [0, LARGEST_PIECE + 1, LARGEST_PIECE + 1],
    [LARGEST_PIECE, 900_000, 900_000],
    [900_000, 10, LARGEST_PIECE],
  ])('after one of %i bytes, with %i needed, is %i', (previous, needed, size) => {
    expect(nextPieceSize(previous, needed)).toBe(size)
  })
})

describe('a buffer pool', () => {
  it('gives pieces of the size that was asked for, up to its total and not a byte more', () => {
    const pool = new BufferPool(3 * KIB)
    expect(pool.take(2 * KIB)).toHaveLength(2 * KIB)
    expect(pool.take(KIB + 1)).toBeUndefined()
    expect(pool.take(KIB)).toHaveLength(KIB)
    expect(pool.take(1)).toBeUndefined()
    expect([pool.held, pool.free]).toEqual([3 * KIB, 0])
  })

  it('is whole after everything was given back', () => {
    const pool = new BufferPool(64 * KIB)
    pool.give([take(pool, KIB), take(pool, 20_000), take(pool, 4 * KIB)])
    expect([pool.held, pool.free]).toEqual([0, 64 * KIB])
  })

  it('hands a piece that came back to the next who asks for its size', () => {
    const pool = new BufferPool(64 * KIB)
    const piece = take(pool, 4 * KIB)
    pool.give([piece])
    expect(pool.take(2 * KIB)).not.toBe(piece)
    expect(pool.take(4 * KIB)).toBe(piece)
  })

  it('never hands out the same piece twice', () => {
    const pool = new BufferPool(64 * KIB)
    const pieces = [take(pool, KIB), take(pool, KIB)]
    pool.give(pieces)
    const again = [take(pool, KIB), take(pool, KIB), take(pool, KIB)]
    expect(new Set(again).size).toBe(3)
  })

  it('keeps no piece larger than the largest that it pools', () => {
    const pool = new BufferPool(64 * KIB)
    const piece = take(pool, 20_000)
    pool.give([piece])
    expect(pool.take(20_000)).not.toBe(piece)
  })

  it('forgets idle pieces when they and what is held would pass the total', () => {
    const pool = new BufferPool(16 * KIB)
    const small = Array.from({ length: 16 }, () => take(pool, KIB))
    pool.give(small)
    const large = take(pool, 16 * KIB)
    expect(pool.take(KIB)).toBeUndefined()
    pool.give([large])
    expect(small).not.toContain(take(pool, KIB))
  })

  it('tells when pieces came back, after they are there', () => {
    const pool = new BufferPool(KIB)
    const free: number[] = []
    pool.onGiven = () => free.push(pool.free)
    pool.give([take(pool, KIB)])
    expect(free).toEqual([KIB])
  })

  it('exchanges pieces for others within its total, or leaves all as it is', () => {
    const pool = new BufferPool(2 * KIB)
    const whole = take(pool, 2 * KIB)
    expect(pool.exchange([whole], [KIB, KIB + 1])).toBeUndefined()
    expect([pool.held, pool.free]).toEqual([2 * KIB, 0])
    const parts = pool.exchange([whole], [900, 1100]) ?? []
    expect(parts.map(({ length }) => length)).toEqual([900, 1100])
    expect([pool.held, pool.free]).toEqual([2000, 48])
    pool.give(parts)
    expect([pool.held, pool.free]).toEqual([0, 2 * KIB])
  })

  it('keeps for later only pieces of the sizes that batches ask for', () => {
    const pool = new BufferPool(8 * KIB)
    const [odd, pooled] = [take(pool, 1500), take(pool, 2 * KIB)]
    pool.give([odd, pooled])
    expect([take(pool, 2 * KIB) === pooled, take(pool, 1500) === odd]).toEqual([true, false])
  })

  it('counts exactly beyond what 32 bits hold', () => {
    const pool = new BufferPool(20_000_000_000)
    const piece = take(pool, 16 * KIB)
    expect([pool.held, pool.free]).toEqual([16 * KIB, 20_000_000_000 - 16 * KIB])
    pool.give([piece])
    expect(pool.free).toBe(20_000_000_000)
  })

  it('holds nothing for a piece that the machine has no memory for', () => {
    const pool = new BufferPool(4 * KIB)
    const allocate = jest.spyOn(Buffer, 'allocUnsafeSlow').mockImplementationOnce(() => {
      throw new RangeError('Array buffer allocation failed')
    })
    expect(() => pool.take(4 * KIB)).toThrow(RangeError)
    allocate.mockRestore()
    expect([pool.held, pool.take(4 * KIB)?.length]).toEqual([0, 4 * KIB])
  })

  it('holds what was taken and not given back, never more than its total, whatever is taken and given', () => {
    const total = 64 * KIB
    const steps = fc.array(
      fc.oneof(
        fc.record({ type: fc.constant('take' as const), kib: fc.constantFrom(1, 2, 4, 8, 16, 20) }),
        fc.record({ type: fc.constant('give' as const), index: fc.nat(20) }),
      ),
      { maxLength: 100 },
    )
    fc.assert(
      fc.property(steps, (all) => {
        const pool = new BufferPool(total)
        const out: Uint8Array[] = []
        for (const step of all) {
          if (step.type === 'take') out.push(...[pool.take(step.kib * KIB) ?? []].flat())
          else pool.give(out.splice(step.index % (out.length || 1), 1))
          expect(pool.held).toBe(out.reduce((sum, { length }) => sum + length, 0))
          expect(pool.held).toBeLessThanOrEqual(total)
          expect(new Set(out.map(({ buffer }) => buffer)).size).toBe(out.length)
        }
        pool.give(out)
        expect(pool.free).toBe(total)
      }),
    )
  })

  it('forgets no more idle pieces for one of another size than that needs', () => {
    const pool = new BufferPool(4 * KIB)
    const pieces = [1, 2, 3, 4].map(() => pool.take(KIB))
    pool.give(pieces.filter((piece) => piece !== undefined))
    expect(pool.take(2 * KIB)).toHaveLength(2 * KIB)
    const again = [pool.take(KIB), pool.take(KIB)]
    expect(again.every((piece) => pieces.includes(piece))).toBe(true)
  })
})
