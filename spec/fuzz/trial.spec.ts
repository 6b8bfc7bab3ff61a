import { chanceOf } from '../../scripts/fuzz/random'
import { MOST_BYTES, mutated, randomBytes } from '../../scripts/fuzz/mutations'
import { tried } from '../../scripts/fuzz/trial'
import type { Target } from '../../scripts/fuzz/targets'
import { ProtocolError, UnsupportedVersionError } from '../../lib/errors'

const target = (decode: Target['decode']): Target => ({
  name: 'Made:0',
  decode,
  sample: ({ bytes }) => bytes(8),
  mended: (bytes) => bytes,
})

const bytes = new Uint8Array(10)

describe('a trial', () => {
  it('takes what can be read, and what is refused as it should be', () => {
    expect(
      tried(
        target(() => 1),
        bytes,
      ).result,
    ).toBe('read')
    for (const error of [new ProtocolError('no', 3), new UnsupportedVersionError('no')]) {
      expect(
        tried(
          target(() => {
            throw error
          }),
          bytes,
        ).result,
      ).toBe('refused')
    }
  })

  it('lets every other error through', () => {
    const crash = target(() => {
      throw new RangeError('out of bounds')
    })
    expect(() => tried(crash, bytes)).toThrow(RangeError)
  })

  it('finds a decoder that takes too long', () => {
    const never = new Int32Array(new SharedArrayBuffer(4))
    const slow = target(() => Atomics.wait(never, 0, 0, 110))
    expect(() => tried(slow, bytes)).toThrow(/took \d+ ms/)
  })

  it('finds a decoder that allocates what a length claims', () => {
    let kept: unknown
    const greedy = target(() => (kept = new Uint8Array(8 * 1024 * 1024).fill(1)))
    expect(() => tried(greedy, bytes)).toThrow(/allocated \d+ bytes for 10/)
    expect(kept).toHaveLength(8 * 1024 * 1024)
  })
})

describe('cases', () => {
  it('are the same for the same seed, and others for another', () => {
    const made = (seed: number) =>
      Array.from({ length: 50 }, (_, i) => {
        const chance = chanceOf(seed, i)
        return [randomBytes(chance), mutated(chance.bytes(100), chance)]
      })
    expect(made(7)).toEqual(made(7))
    expect(made(7)).not.toEqual(made(8))
  })

  it('are never longer than they may be', () => {
    const lengths = Array.from({ length: 300 }, (_, i) => mutated(new Uint8Array(MOST_BYTES), chanceOf(1, i)).length)
    expect(Math.max(...lengths)).toBe(MOST_BYTES)
  })
})
