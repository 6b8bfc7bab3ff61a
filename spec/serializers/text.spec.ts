import { decode } from '@msgpack/msgpack'
import fc from 'fast-check'
import { msgpack } from '../../lib/serializers/msgpack'
import { bytes, json, plain, string } from '../../lib/serializers/text'

const textOf = (result: unknown): string => Buffer.from(result as Uint8Array).toString('utf8')

describe('string', () => {
  it.each(['', 'plain', 'żółw', '🐢'])('writes %j as UTF-8', (text) => {
    expect(textOf(string()(text, []))).toBe(text)
  })
})

describe('json', () => {
  it('writes a value as JSON in UTF-8', () => {
    expect(textOf(json()({ id: 1, name: 'żółw', tags: [null, true] }, []))).toBe('{"id":1,"name":"żółw","tags":[null,true]}')
  })

  it.each([
    ['undefined', undefined],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['a bigint', 1n],
  ])('refuses %s, which JSON cannot express', (_what, value) => {
    expect(() => json()(value, [])).toThrow(TypeError)
  })

  it('refuses a cycle', () => {
    const cycle: Record<string, unknown> = {}
    cycle['self'] = cycle
    expect(() => json()(cycle, [])).toThrow(TypeError)
  })
})

describe('bytes', () => {
  it('passes bytes through without a copy', () => {
    const given = Uint8Array.of(1, 2)
    expect(bytes()(given, [])).toBe(given)
  })
})

describe('msgpack', () => {
  it('writes what MessagePack reads', () => {
    fc.assert(
      // The decoder refuses the key __proto__, so that nobody's prototype is touched; the encoder writes it as any other.
      fc.property(
        fc.jsonValue().filter((value) => !JSON.stringify(value).includes('__proto__')),
        (value) => {
          const written = msgpack()(value, []) as Uint8Array
          const normal = JSON.parse(JSON.stringify(value)) as unknown
          expect(JSON.parse(JSON.stringify(decode(written)))).toEqual(normal)
        },
      ),
    )
  })

  it('is compact: a small map takes a byte a part', () => {
    expect(Buffer.from(msgpack()({ a: 1 }, []) as Uint8Array).toString('hex')).toBe('81a16101')
  })

  it('gives each value bytes of its own', () => {
    const serializer = msgpack()
    const first = serializer('first', []) as Uint8Array
    expect(serializer('other', [])).not.toBe(first)
    expect(decode(first)).toBe('first')
  })
})

describe('without a serializer', () => {
  it('text is written as UTF-8 and bytes stay as they are', () => {
    const given = Uint8Array.of(1)
    expect(textOf(plain('żółw'))).toBe('żółw')
    expect(plain(given)).toBe(given)
  })

  it.each([
    ['an object', {}, /Object/],
    ['a number', 5, /number/],
    ['a boolean', true, /boolean/],
  ])('%s is refused with a hint', (_what, value, named) => {
    expect(() => plain(value)).toThrow(named)
    expect(() => plain(value)).toThrow(/pass a serializer/)
  })
})
