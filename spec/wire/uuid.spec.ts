import { ProtocolError } from '../../lib/errors'
import { uuidFromText, uuidToText, ZERO_UUID } from '../../lib/wire/uuid'
import { fromHex, hex } from './support/hex'

describe('uuid', () => {
  it('is read anew when a single bit of the last one differs', () => {
    const bytes = Uint8Array.from({ length: 16 }, (_, i) => i)
    const texts = new Set([uuidToText(bytes)])
    for (let bit = 0; bit < 128; bit++) {
      const other = bytes.slice()
      other[bit >> 3] ^= 1 << (bit & 7)
      texts.add(uuidToText(other))
      expect(uuidToText(bytes)).toBe('AAECAwQFBgcICQoLDA0ODw')
    }
    expect(texts.size).toBe(129)
  })

  it("is Kafka's base64url text of 16 bytes", () => {
    const bytes = fromHex('1f 72 8a 3b 83 53 44 f6 82 5a d1 26 9b 7b d6 ec')
    expect(uuidToText(bytes)).toBe('H3KKO4NTRPaCWtEmm3vW7A')
    expect(hex(uuidFromText('H3KKO4NTRPaCWtEmm3vW7A'))).toBe(hex(bytes))
  })

  it('is 22 As when all bytes are zero', () => {
    expect(uuidToText(new Uint8Array(20), 4)).toBe(ZERO_UUID)
    expect(uuidFromText(ZERO_UUID)).toEqual(new Uint8Array(16))
  })

  it('reads a view at its own offset', () => {
    const around = Uint8Array.from({ length: 40 }, (_, i) => i)
    expect(hex(uuidFromText(uuidToText(around.subarray(10), 3)))).toBe(hex(around.subarray(13, 29)))
  })

  it.each(['', 'AAAA', `${ZERO_UUID}A`, 'AAAAAAAAAAAAAAAAAAAAAB', 'AAAAAAAAAAAAAAAAAAAA+A', '01234567-89ab-cdef-0123-456789abcdef'])(
    'refuses %p',
    (text) => {
      expect(() => uuidFromText(text)).toThrow(ProtocolError)
    },
  )
})
