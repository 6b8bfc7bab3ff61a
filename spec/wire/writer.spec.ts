import fc from 'fast-check'
import { Reader } from '../../lib/wire/reader'
import { Writer } from '../../lib/wire/writer'
import { fromHex, hex } from './support/hex'

/** So much room to begin with. */
const room = (bytes: number): Uint8Array => new Uint8Array(bytes)

function written(write: (writer: Writer) => void, capacity?: number): string {
  const writer = new Writer(capacity === undefined ? undefined : room(capacity))
  write(writer)
  const bytes = writer.finish()
  expect(writer.size).toBe(bytes.length)
  return hex(bytes).replaceAll(' ', '')
}

describe('Writer', () => {
  it('writes every fixed type, big-endian', () => {
    const bytes = written((writer) => {
      writer.boolean(true)
      writer.int8(-1)
      writer.int16(-2)
      writer.uint16(65534)
      writer.int32(-3)
      writer.uint32(4294967293)
      writer.int64(-4n)
      writer.float64(-0)
      writer.uuid('H3KKO4NTRPaCWtEmm3vW7A')
    })
    expect(bytes).toBe('01fffffefffefffffffdfffffffdfffffffffffffffc80000000000000001f728a3b835344f6825ad1269b7bd6ec')
  })

  it('writes lengths of either kind, with null', () => {
    expect(written((writer) => writer.string('ab'))).toBe('00026162')
    expect(written((writer) => writer.compactString('ab'))).toBe('036162')
    expect(written((writer) => writer.string(null))).toBe('ffff')
    expect(written((writer) => writer.compactString(null))).toBe('00')
    expect(written((writer) => writer.bytes(Uint8Array.of(7)))).toBe('0000000107')
    expect(written((writer) => writer.compactBytes(Uint8Array.of(7)))).toBe('0207')
    expect(written((writer) => writer.records(null))).toBe('ffffffff')
    expect(written((writer) => writer.compactRecords(null))).toBe('00')
    expect(written((writer) => writer.arrayLength(-1))).toBe('ffffffff')
    expect(written((writer) => writer.compactArrayLength(-1))).toBe('00')
  })

  it('writes the tags that the specification shows', () => {
    const fields = [
      { tag: 2, data: Uint8Array.of(1, 2, 3) },
      { tag: 5, data: Uint8Array.of(4, 5) },
    ]
    expect(written((writer) => writer.unknownTaggedFields(fields, 0))).toBe('020301020305020405')
  })

  it('writes any text that the reader gives back, from any capacity, also at the borders of its length', () => {
    const borders = [126, 127, 128, 42, 43, 63, 64, 16382, 16383, 16384].flatMap((length) =>
      ['a', 'é', '€'].map((character) => character.repeat(length)),
    )
    const roundTrip = (text: string, capacity: number): void => {
      const writer = new Writer(room(capacity))
      writer.compactString(text)
      if (Buffer.byteLength(text) <= 32767) writer.string(text)
      const reader = new Reader(writer.finish())
      expect(reader.compactString()).toBe(text)
      expect(reader.string()).toBe(text)
      expect(reader.remaining).toBe(0)
    }
    for (const text of borders) if (Buffer.byteLength(text) <= 32767) roundTrip(text, 1)
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.integer({ min: 1, max: 600 }), roundTrip))
  })

  it('keeps by reference what finds no place any more, and writes on behind it', () => {
    const [first, second] = [Uint8Array.of(1, 2, 3, 4, 5), Uint8Array.of(6, 7, 8, 9)]
    const writer = new Writer(room(8))
    writer.raw(first)
    writer.raw(second)
    writer.int8(10)
    const chunks = writer.chunks()
    expect(chunks.map((chunk) => [...chunk])).toEqual([[1, 2, 3, 4, 5], [6, 7, 8, 9], [10]])
    expect(chunks[1]).toBe(second)
  })

  it('takes another buffer, and no more references, for many small byte values in a row', () => {
    const writer = new Writer(room(8))
    for (let i = 0; i < 1000; i++) writer.raw(Uint8Array.of(i, i >> 8, 0, 0, 0))
    const chunks = writer.chunks()
    expect(chunks.length).toBeLessThan(20)
    expect(Buffer.concat(chunks).length).toBe(5000)
  })

  it('copies what is small and comes first, though it is larger than the buffer', () => {
    const [writer, bytes] = [new Writer(room(8)), new Uint8Array(600).fill(1)]
    writer.raw(bytes)
    bytes.fill(2)
    expect(writer.finish()).toEqual(new Uint8Array(600).fill(1))
  })

  it('keeps big byte values by reference and joins what is small', () => {
    const big = [new Uint8Array(5000).fill(1), new Uint8Array(1024).fill(2)] as const
    const writer = new Writer()
    writer.int8(1)
    writer.compactRecords([big[0], Uint8Array.of(9), big[1]])
    writer.records(big[0])
    writer.int8(2)
    const chunks = writer.chunks()
    expect(chunks.map(({ length }) => length)).toEqual([3, 5000, 1, 1024, 4, 5000, 1])
    expect([chunks[1], chunks[3], chunks[5]].map((chunk) => chunk === big[0] || chunk === big[1])).toEqual([true, true, true])
    expect(writer.finish()).toEqual(new Uint8Array(Buffer.concat(chunks)))
    expect(writer.size).toBe(3 + 5000 + 1 + 1024 + 4 + 5000 + 1)
  })

  it('grows in the middle of anything', () => {
    const write = (writer: Writer): void => {
      writer.boolean(true)
      writer.int64(1n)
      writer.int16(2)
      writer.uuid('H3KKO4NTRPaCWtEmm3vW7A')
      const mark = writer.beginTag(0)
      writer.string('a'.repeat(130))
      writer.endTag(mark)
      writer.varlong(-(2n ** 62n))
      writer.float64(1)
      writer.uint32(3)
      writer.uint16(4)
      writer.varint(-5)
      writer.raw(Uint8Array.of(1, 2, 3))
      writer.int8(6)
    }
    const roomy = written(write, 10_000)
    for (let capacity = 0; capacity < 220; capacity++) expect(written(write, capacity)).toBe(roomy)
  })

  it('leaves a part that was handed out as it is while it goes on', () => {
    const writer = new Writer(room(4))
    writer.int32(1)
    const [first] = writer.chunks()
    writer.int32(2)
    writer.int32(3)
    expect(first).toEqual(fromHex('00000001'))
    expect(hex(writer.finish())).toBe('00 00 00 01 00 00 00 02 00 00 00 03')
  })

  it.each([0, 1, 127, 128, 129, 16383, 16384, 40000])('puts the size of %p bytes before a tagged field', (size) => {
    const payload = new Uint8Array(size).fill(7)
    const writer = new Writer(room(8))
    writer.int8(1)
    const outer = writer.beginTag(3)
    const inner = writer.beginTag(0)
    writer.raw(payload)
    writer.endTag(inner)
    writer.endTag(outer)
    writer.int8(2)
    const reader = new Reader(writer.finish())
    expect([reader.int8(), reader.unsignedVarint()]).toEqual([1, 3])
    const outerEnd = reader.tagEnd()
    expect(reader.unsignedVarint()).toBe(0)
    expect(reader.unknownTaggedField(0, reader.tagEnd()).data).toEqual(payload)
    expect(reader.position).toBe(outerEnd)
    expect([reader.int8(), reader.remaining]).toEqual([2, 0])
  })

  it.each([
    ['int8', (w: Writer) => w.int8(128)],
    ['int8 of a fraction', (w: Writer) => w.int8(1.5)],
    ['int16', (w: Writer) => w.int16(-32769)],
    ['uint16', (w: Writer) => w.uint16(65536)],
    ['int32', (w: Writer) => w.int32(2 ** 31)],
    ['int32 of NaN', (w: Writer) => w.int32(NaN)],
    ['uint32', (w: Writer) => w.uint32(-1)],
    ['int64', (w: Writer) => w.int64(2n ** 63n)],
    ['int64 of a number', (w: Writer) => w.int64(1 as unknown as bigint)],
    ['bool of null', (w: Writer) => w.boolean(null as unknown as boolean)],
    ['string of a number', (w: Writer) => w.string(1 as unknown as string)],
    ['bytes of text', (w: Writer) => w.bytes('abc' as unknown as Uint8Array)],
    ['uuid', (w: Writer) => w.uuid('abc')],
  ])('refuses a value that is no %s', (_, write) => {
    expect(() => write(new Writer())).toThrow(expect.objectContaining({ code: 'PROTOCOL_ERROR' }))
  })

  it('counts the bytes of a string and not its characters, in either encoding', () => {
    const longest = 'é'.repeat(16383)
    expect(written((writer) => writer.string(longest))).toHaveLength(2 * (2 + 32766))
    expect(() => new Writer().string(`${longest}é`)).toThrow('A string of 32768 bytes cannot be written')
    expect(() => new Writer().compactString(`${longest}é`)).toThrow('A string of 32768 bytes cannot be written')
    expect(() => new Writer().compactString('a'.repeat(40_000))).toThrow('A string of 40000 bytes cannot be written')
  })

  it('refuses unknown tags that do not ascend, come twice, or are known', () => {
    const tags = (...numbers: readonly number[]): readonly { tag: number; data: Uint8Array }[] =>
      numbers.map((tag) => ({ tag, data: new Uint8Array(0) }))
    for (const wrong of [tags(3, 3), tags(4, 3), tags(1), tags(-1), tags(2.5), tags(0x7fffffff)]) {
      expect(() => new Writer().unknownTaggedFields(wrong, 2)).toThrow('unknown tags ascend, from 2')
    }
    expect(written((writer) => writer.unknownTaggedFields(tags(2, 0x7ffffffe), 2))).toBe('0200feffffff0700')
  })
})
