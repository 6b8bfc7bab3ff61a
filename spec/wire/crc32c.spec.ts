import fc from 'fast-check'
import { crc32c, crc32cFallback, crc32cNative } from '../../lib/wire/crc32c'

const text = (value: string): Uint8Array => new TextEncoder().encode(value)
const implementations = Object.entries({ crc32c, crc32cFallback, ...(crc32cNative === undefined ? {} : { crc32cNative }) })

describe.each(implementations)('%s', (_, crc) => {
  it('gives the check value of the polynomial and the one of Kafka', () => {
    expect(crc(text('123456789'))).toBe(0xe3069283)
    expect(crc(text('Some String'))).toBe(608512271)
    expect(crc(new Uint8Array(0))).toBe(0)
  })

  it('continues from a previous result', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), fc.nat(2000), (bytes, at) => {
        expect(crc(bytes.subarray(at), crc(bytes.subarray(0, at)))).toBe(crc(bytes))
      }),
    )
  })
})

describe('crc32c implementations', () => {
  it('agree on every length and alignment', () => {
    const bytes = Uint8Array.from({ length: 700 }, (_, i) => (i * 37) ^ (i >> 3))
    const bitwise = (data: Uint8Array): number => {
      let crc = -1
      for (const byte of data) {
        crc ^= byte
        for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
      }
      return ~crc >>> 0
    }
    for (let start = 0; start < 5; start++) {
      for (let length = 0; length < 600; length += 7) {
        const data = bytes.subarray(start, start + length)
        expect(crc32cFallback(data)).toBe(bitwise(data))
        expect(crc32c(data)).toBe(bitwise(data))
      }
    }
  })

  it('agree on a batch that is longer than a block', () => {
    const bytes = Uint8Array.from({ length: 100_003 }, (_, i) => i * 31)
    expect(crc32cFallback(bytes)).toBe((crc32cNative ?? crc32cFallback)(bytes))
    expect(crc32cFallback(bytes.subarray(50_000), crc32cFallback(bytes.subarray(0, 50_000)))).toBe(crc32cFallback(bytes))
  })

  it('has the native one here, which the optional dependency brings', () => {
    expect(crc32cNative).toBeDefined()
  })
})
