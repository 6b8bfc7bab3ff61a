import fc from 'fast-check'
import { int32At, putInt32 } from '../../lib/wire/int32'

describe('an int32 in bytes', () => {
  it('is written and read as a DataView does it', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(3), (value, at) => {
        const [ours, theirs] = [new Uint8Array(8), new Uint8Array(8)]
        putInt32(ours, at, value)
        new DataView(theirs.buffer).setInt32(at, value)
        expect(ours).toEqual(theirs)
        expect(int32At(ours, at)).toBe(value)
      }),
    )
  })

  it('may be a number without a sign', () => {
    const bytes = new Uint8Array(4)
    putInt32(bytes, 0, 0xfedcba98)
    expect(bytes).toEqual(Uint8Array.of(0xfe, 0xdc, 0xba, 0x98))
  })
})
