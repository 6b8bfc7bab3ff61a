import fc from 'fast-check'
import { Reader } from '../../lib/wire/reader'
import {
  MAX_VARLONG_BYTES,
  sizeOfUnsignedVarint,
  sizeOfVarint,
  sizeOfVarlong,
  writeUnsignedVarint,
  writeVarint,
  writeVarlong,
} from '../../lib/wire/varint'
import { fromHex, hex } from './support/hex'

const UNSIGNED: readonly (readonly [number, string])[] = [
  [0, '00'],
  [-1, 'ff ff ff ff 0f'],
  [1, '01'],
  [63, '3f'],
  [-64, 'c0 ff ff ff 0f'],
  [64, '40'],
  [8191, 'ff 3f'],
  [-8192, '80 c0 ff ff 0f'],
  [8192, '80 40'],
  [-8193, 'ff bf ff ff 0f'],
  [1048575, 'ff ff 3f'],
  [1048576, '80 80 40'],
  [2147483647, 'ff ff ff ff 07'],
  [-2147483648, '80 80 80 80 08'],
]

const SIGNED: readonly (readonly [number, string])[] = [
  [0, '00'],
  [-1, '01'],
  [1, '02'],
  [63, '7e'],
  [-64, '7f'],
  [64, '80 01'],
  [-65, '81 01'],
  [8191, 'fe 7f'],
  [-8192, 'ff 7f'],
  [8192, '80 80 01'],
  [-8193, '81 80 01'],
  [1048575, 'fe ff 7f'],
  [-1048576, 'ff ff 7f'],
  [134217727, 'fe ff ff 7f'],
  [134217728, '80 80 80 80 01'],
  [-134217729, '81 80 80 80 01'],
  [2147483647, 'fe ff ff ff 0f'],
  [-2147483648, 'ff ff ff ff 0f'],
]

const LONG: readonly (readonly [bigint, string])[] = [
  ...SIGNED.map(([value, bytes]) => [BigInt(value), bytes] as const),
  [17179869183n, 'fe ff ff ff 7f'],
  [17179869184n, '80 80 80 80 80 01'],
  [-17179869185n, '81 80 80 80 80 01'],
  [2199023255551n, 'fe ff ff ff ff 7f'],
  [281474976710655n, 'fe ff ff ff ff ff 7f'],
  [36028797018963967n, 'fe ff ff ff ff ff ff 7f'],
  [4611686018427387903n, 'fe ff ff ff ff ff ff ff 7f'],
  [4611686018427387904n, '80 80 80 80 80 80 80 80 80 01'],
  [9223372036854775807n, 'fe ff ff ff ff ff ff ff ff 01'],
  [-9223372036854775808n, 'ff ff ff ff ff ff ff ff ff 01'],
]

function written(write: (bytes: Uint8Array) => number): string {
  const bytes = new Uint8Array(MAX_VARLONG_BYTES)
  return hex(bytes.subarray(0, write(bytes)))
}

describe('varint', () => {
  it.each(UNSIGNED)('writes %p unsigned as Kafka does, knows its size and reads it back', (value, bytes) => {
    expect(written((to) => writeUnsignedVarint(to, 0, value))).toBe(bytes)
    expect(sizeOfUnsignedVarint(value)).toBe(fromHex(bytes).length)
    expect(new Reader(fromHex(bytes)).unsignedVarint()).toBe(value)
  })

  it.each(SIGNED)('writes %p zig-zag as Kafka does, knows its size and reads it back', (value, bytes) => {
    expect(written((to) => writeVarint(to, 0, value))).toBe(bytes)
    expect(sizeOfVarint(value)).toBe(fromHex(bytes).length)
    expect(new Reader(fromHex(bytes)).varint()).toBe(value)
  })

  it.each(LONG)('writes the long %p as Kafka does, knows its size and reads it back', (value, bytes) => {
    expect(written((to) => writeVarlong(to, 0, value))).toBe(bytes)
    expect(sizeOfVarlong(value)).toBe(fromHex(bytes).length)
    expect(new Reader(fromHex(bytes)).varlong()).toBe(value)
  })

  it('writes a long that is given as a number like the same bigint', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(written((to) => writeVarlong(to, 0, value))).toBe(written((to) => writeVarlong(to, 0, BigInt(value))))
        expect(sizeOfVarlong(value)).toBe(sizeOfVarlong(BigInt(value)))
      }),
    )
  })

  it('reads back any int and any long', () => {
    fc.assert(
      fc.property(fc.integer(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (int, long) => {
        const bytes = new Uint8Array(20)
        const middle = writeVarint(bytes, 0, int)
        const end = writeVarlong(bytes, middle, long)
        const reader = new Reader(bytes.subarray(0, end))
        expect([reader.varint(), reader.varlong(), reader.remaining]).toEqual([int, long, 0])
      }),
    )
  })

  it('refuses a varint of six bytes, one beyond 32 bits, and a varlong of eleven', () => {
    expect(() => new Reader(fromHex('ff ff ff ff ff 01')).unsignedVarint()).toThrow('longer than 32 bits (at byte 0)')
    expect(() => new Reader(fromHex('ff ff ff ff 1f')).varint()).toThrow('longer than 32 bits')
    expect(() => new Reader(fromHex('ff ff ff ff ff ff ff ff ff ff 01')).varlong()).toThrow('longer than 64 bits (at byte 0)')
  })
})
