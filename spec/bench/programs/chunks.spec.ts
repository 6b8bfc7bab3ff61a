import { packed, roomFor, unpack } from '../../../bench/programs/chunks'

const values = [[1, 2, 3], [], [4]].map((bytes) => Uint8Array.from(bytes))

const unpacked = (buffer: ArrayBuffer, count: number): readonly number[][] => {
  const all: number[][] = []
  unpack(buffer, count, (value) => all.push([...value]))
  return all
}

describe('a chunk of values for another thread', () => {
  it('has exactly the room that it needs, and gives back what was put in', () => {
    const buffer = packed(values, roomFor(3, 4))
    expect(buffer.byteLength).toBe(16)
    expect(unpacked(buffer, 3)).toEqual([[1, 2, 3], [], [4]])
  })

  it('can be made in a buffer that held another, and be shorter than that', () => {
    const used = packed(values, roomFor(3, 4))
    const buffer = packed([Uint8Array.of(9, 8)], 0, used)
    expect(buffer).toBe(used)
    expect(unpacked(buffer, 1)).toEqual([[9, 8]])
  })

  it('is unpacked without a copy', () => {
    const buffer = packed(values, roomFor(3, 4))
    unpack(buffer, 3, (value) => expect(value.buffer).toBe(buffer))
  })
})
