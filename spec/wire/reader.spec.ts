import { ProtocolError } from '../../lib/errors'
import { Reader } from '../../lib/wire/reader'
import { fromHex } from './support/hex'

const reading = (bytes: string): Reader => new Reader(fromHex(bytes))

describe('Reader', () => {
  it('reads every fixed type, big-endian', () => {
    const reader = reading('01 00 ff fffe fffe fffffffd fffffffd fffffffffffffffc 3ff0000000000000')
    expect([reader.boolean(), reader.boolean(), reader.int8(), reader.int16(), reader.uint16()]).toEqual([true, false, -1, -2, 65534])
    expect([reader.int32(), reader.uint32(), reader.int64(), reader.float64()]).toEqual([-3, 4294967293, -4n, 1])
    expect(reader.remaining).toBe(0)
  })

  it('takes any byte but zero for true, as Kafka does', () => {
    expect(reading('07').boolean()).toBe(true)
  })

  it.each([
    ['float64 -0', '8000000000000000', -0],
    ['float64 NaN', '7ff8000000000000', NaN],
    ['float64 123e45', '49b58b82c0e0bb00', 123e45],
  ])('reads %s', (_, bytes, value) => {
    expect(reading(bytes).float64()).toBe(value)
  })

  it('takes every negative length for null', () => {
    expect([reading('ffff').string(), reading('8000').string(), reading('00').compactString()]).toEqual([null, null, null])
    expect([reading('fffffffe').bytes(), reading('00').compactBytes(), reading('ff ff ff ff 0f').compactBytes()]).toEqual([
      null,
      null,
      null,
    ])
    expect([reading('80000000').arrayLength(), reading('00').compactArrayLength()]).toEqual([-1, -1])
    expect([reading('80').structIsNull(), reading('01').structIsNull()]).toEqual([true, false])
  })

  it('keeps a leading byte order mark and reads text beyond ASCII, short and long', () => {
    const text = '\ufeffgrüße 🙂'
    const long = text.repeat(20)
    for (const value of [text, long]) {
      const bytes = new TextEncoder().encode(value)
      const reader = new Reader(Uint8Array.from([bytes.length >> 8, bytes.length & 0xff, ...bytes]))
      expect(reader.string()).toBe(value)
    }
  })

  it('reads long and short ASCII at its own offset of a larger buffer', () => {
    const long = 'topic-'.repeat(30)
    const bytes = Buffer.concat([Buffer.from('xxx'), Buffer.from([0, long.length]), Buffer.from(long), Buffer.from([0, 1, 0x61])])
    const reader = new Reader(bytes.subarray(3))
    expect([reader.string(), reader.string()]).toEqual([long, 'a'])
  })

  it('gives bytes as views of the input, which end where they end', () => {
    const source = fromHex('00000002 0a0b 0c')
    const value = new Reader(source).bytes()
    expect(value).toEqual(Uint8Array.of(0x0a, 0x0b))
    expect(value?.buffer).toBe(source.buffer)
  })

  it.each([
    ['a string beyond the bytes left', '0004 616263', (r: Reader) => r.string(), '4 bytes wanted, 3 left (at byte 2)'],
    ['a string beyond 32767', '80 80 04', (r: Reader) => r.compactString(), 'A string claims 65535 bytes (at byte 3)'],
    ['bytes beyond the bytes left', '7fffffff 00', (r: Reader) => r.bytes(), '2147483647 bytes wanted, 1 left (at byte 4)'],
    ['an array beyond the bytes left', '00000003 0000', (r: Reader) => r.arrayLength(), 'An array claims 3 elements (at byte 4)'],
    ['a tag section beyond the bytes left', '03 00 00', (r: Reader) => r.unknownTaggedFields(), 'A tag section claims 3 elements'],
    ['a tag section of a negative count', 'ff ff ff ff 0f', (r: Reader) => r.tagCount(), 'A tag section claims 4294967295 fields'],
    ['a tag beyond the bytes left', '01 05 09 00', (r: Reader) => r.unknownTaggedFields(), 'A tagged field claims 9 bytes (at byte 2)'],
    ['a negative tag', '01 ff ff ff ff 0f 00', (r: Reader) => r.unknownTaggedFields(), 'Tag 4294967295 does not ascend (at byte 1)'],
    ['a tag that comes twice', '02 03 00 03 00', (r: Reader) => r.unknownTaggedFields(), 'Tag 3 does not ascend (at byte 3)'],
    ['text that is not UTF-8', '0002 c328', (r: Reader) => r.string(), 'not valid UTF-8 (at byte 2)'],
    ['a surrogate in UTF-8', '0003 eda080', (r: Reader) => r.string(), 'not valid UTF-8'],
  ])('refuses %s and says where', (_, bytes, read, message) => {
    expect(() => read(reading(bytes))).toThrow(message)
    expect(() => read(reading(bytes))).toThrow(ProtocolError)
  })

  it('refuses a million and one elements even when the bytes are there', () => {
    const reader = new Reader(new Uint8Array(2_000_000))
    reader.source.set(fromHex('000f4241'))
    expect(() => reader.arrayLength()).toThrow('An array claims 1000001 elements')
  })

  it('refuses ten thousand and one tags even when the bytes are there', () => {
    const reader = new Reader(new Uint8Array(50_000))
    reader.source.set(fromHex('91 4e'))
    expect(() => reader.tagCount()).toThrow('A tag section claims 10001 elements')
  })

  it('keeps unknown tags as they are', () => {
    expect(reading('02 03 01 02 03 05 02 04 05'.replace('02 03 01', '02 02 03 01')).unknownTaggedFields()).toEqual([
      { tag: 2, data: Uint8Array.of(1, 2, 3) },
      { tag: 5, data: Uint8Array.of(4, 5) },
    ])
  })

  it('refuses a known tag that ends elsewhere than it says', () => {
    const reader = reading('02 00 00')
    const end = reader.tagEnd()
    reader.int8()
    expect(() => reader.endTag(end)).toThrow('A tagged field says that it ends at byte 3 and does not (at byte 2)')
  })

  it('refuses what is left over', () => {
    expect(() => reading('00').finish('a test')).toThrow('1 bytes are left over after a test (at byte 0)')
  })
})
