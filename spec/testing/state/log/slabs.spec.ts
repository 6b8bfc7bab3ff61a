import { Slabs } from '../../../../lib/testing/state/log/slabs'

const filled = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte)

describe('Slabs', () => {
  it('keeps small copies in one piece of memory, each to itself', () => {
    const slabs = new Slabs()
    const copies = Array.from({ length: 200 }, (_, i) => slabs.copy(filled(300, i)))
    expect(copies.map((copy) => copy.every((byte) => byte === copy[0]))).not.toContain(false)
    expect(copies.map(([first]) => first)).toEqual(copies.map((_, i) => i))
    expect(new Set(copies.map(({ buffer }) => buffer)).size).toBeLessThan(10)
  })

  it('gives a large one its own', () => {
    const slabs = new Slabs()
    expect(slabs.copy(filled(40_000, 1)).buffer.byteLength).toBe(40_000)
  })

  it('copies: the original may be written to', () => {
    const original = filled(3, 1)
    const copy = new Slabs().copy(original)
    original.fill(2)
    expect([...copy]).toEqual([1, 1, 1])
  })
})
