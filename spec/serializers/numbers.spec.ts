import fc from 'fast-check'
import { float32, float64, int16, int32, int64 } from '../../lib/serializers/numbers'
import type { Serializer } from '../../lib/serializers/serializer'

/** What a serializer writes for a value, as hex. */
function written<T>(serializer: Serializer<T>, value: T): string {
  const bytes = serializer(value, [])
  if (!(bytes instanceof Uint8Array)) throw new Error('bytes expected')
  return Buffer.from(bytes).toString('hex')
}

describe('int16', () => {
  it.each([
    [0, '0000'],
    [1, '0001'],
    [-1, 'ffff'],
    [32_767, '7fff'],
    [-32_768, '8000'],
  ])('writes %i as Kafka’s ShortSerializer: %s', (value, bytes) => expect(written(int16(), value)).toBe(bytes))

  it.each([32_768, -32_769, 1.5, NaN, Infinity])('refuses %d', (value) => expect(() => int16()(value, [])).toThrow())
})

describe('int32', () => {
  it.each([
    [0, '00000000'],
    [423412424, '193cc2c8'],
    [-41232, 'ffff5ef0'],
    [2_147_483_647, '7fffffff'],
    [-2_147_483_648, '80000000'],
  ])('writes %i as Kafka’s IntegerSerializer: %s', (value, bytes) => expect(written(int32(), value)).toBe(bytes))

  it.each([2_147_483_648, -2_147_483_649, 0.1, NaN, -Infinity])('refuses %d', (value) => expect(() => int32()(value, [])).toThrow())
})

describe('int64', () => {
  it.each<[bigint | number, string]>([
    [0n, '0000000000000000'],
    [922_337_203_685_477_580n, '0ccccccccccccccc'],
    [-1n, 'ffffffffffffffff'],
    [2n ** 63n - 1n, '7fffffffffffffff'],
    [-(2n ** 63n), '8000000000000000'],
    [1_700_000_000_000, '0000018bcfe56800'],
    [-5, 'fffffffffffffffb'],
    [Number.MAX_SAFE_INTEGER, '001fffffffffffff'],
  ])('writes %p as Kafka’s LongSerializer: %s', (value, bytes) => expect(written(int64(), value)).toBe(bytes))

  it.each<bigint | number>([2n ** 63n, -(2n ** 63n) - 1n, 2 ** 53, 1.5, NaN])('refuses %p', (value) =>
    expect(() => int64()(value, [])).toThrow(),
  )
})

describe('float32 and float64', () => {
  it.each([
    [5678.5678, '45b1748b'],
    [-0, '80000000'],
    [Infinity, '7f800000'],
    [NaN, '7fc00000'],
  ])('float32 writes %d as Kafka’s FloatSerializer: %s', (value, bytes) => expect(written(float32(), value)).toBe(bytes))

  it.each([
    [1, '3ff0000000000000'],
    [123e45, '49b58b82c0e0bb00'],
    [-0, '8000000000000000'],
    [NaN, '7ff8000000000000'],
  ])('float64 writes %d as Kafka’s DoubleSerializer: %s', (value, bytes) => expect(written(float64(), value)).toBe(bytes))
})

describe('numbers that are none', () => {
  it.each([
    ['int16', int16()],
    ['int32', int32()],
    ['int64', int64()],
    ['float32', float32()],
    ['float64', float64()],
  ])('are refused by %s', (_name, serializer) => {
    const anything = serializer as Serializer<unknown>
    for (const value of ['1', {}, true]) expect(() => anything(value, [])).toThrow(TypeError)
  })
})

describe('every number', () => {
  it('is read back from the bytes of int64', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        expect(Buffer.from(written(int64(), value), 'hex').readBigInt64BE()).toBe(value)
      }),
    )
  })

  it('is read back from the bytes of float64', () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        expect(Buffer.from(written(float64(), value), 'hex').readDoubleBE()).toBe(value)
      }),
    )
  })

  it('gets bytes of its own', () => {
    const serializer = int32()
    const [first] = [serializer(1, []), serializer(2, [])]
    expect(Buffer.from(first as Uint8Array).toString('hex')).toBe('00000001')
  })
})
