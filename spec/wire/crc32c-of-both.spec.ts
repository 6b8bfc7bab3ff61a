import fc from 'fast-check'
import { crc32c } from '../../lib/wire/crc32c'
import { crc32cOfBoth } from '../../lib/wire/crc32c-of-both'

describe('the checksum of two runs of bytes', () => {
  it('is that of the bytes joined', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (first, second) => {
        expect(crc32cOfBoth(crc32c(first), crc32c(second), second.length)).toBe(crc32c(Buffer.concat([first, second])))
      }),
    )
  })

  it.each([2 ** 16, 2 ** 20 + 1, 2 ** 24 - 1])('is so too where the second is %i bytes long', (length) => {
    const [first, second] = [Buffer.from('first'), Buffer.alloc(length, 'second')]
    expect(crc32cOfBoth(crc32c(first), crc32c(second), length)).toBe(crc32c(Buffer.concat([first, second])))
  })
})
