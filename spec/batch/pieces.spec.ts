import fc from 'fast-check'
import { HEADER_SIZE } from '../../lib/batch/batch-header'
import { fillPieces, lengthOf } from '../../lib/batch/pieces'

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)
const piece = (room: number): Uint8Array => new Uint8Array(room).fill(255)
const first = (room: number): Uint8Array => piece(HEADER_SIZE + room)
/** What lies in the pieces behind the place of the header, as far as they are filled. */
const filled = (pieces: readonly Uint8Array[], lengths: readonly number[]): number[] =>
  lengths.flatMap((length, at) => [...pieces[at].subarray(at === 0 ? HEADER_SIZE : 0, length)])

describe('pieces that are filled', () => {
  it.each<[string, Uint8Array[], Uint8Array[], number[]]>([
    ['end with the part that fills the last exactly', [first(2), piece(3), piece(9)], [bytes(1, 2, 3, 4, 5)], [HEADER_SIZE + 2, 3]],
    ['hold a part that reaches over three', [first(1), piece(2), piece(4)], [bytes(1, 2, 3, 4, 5)], [HEADER_SIZE + 1, 2, 2]],
    ['take parts that are empty for nothing', [first(4)], [bytes(), bytes(1, 2), bytes(), bytes(3)], [HEADER_SIZE + 3]],
    ['begin with the second where the first has only the header', [first(0), piece(4)], [bytes(1, 2)], [HEADER_SIZE, 2]],
    ['have the header alone when there is nothing', [first(4), piece(4)], [], [HEADER_SIZE]],
  ])('%s', (_what, pieces, parts, lengths) => {
    expect(fillPieces(pieces, parts)).toEqual(lengths)
    expect(filled(pieces, lengths)).toEqual(parts.flatMap((part) => [...part]))
  })

  it('hold the parts one behind the other, whatever the cuts, and leave the place of the header', () => {
    const sizes = fc.array(fc.nat(20), { maxLength: 12 })
    fc.assert(
      fc.property(fc.nat(9), sizes, sizes, (start, rooms, lengthsOfParts) => {
        const pieces = [first(start), ...rooms.map((room) => piece(room + 1))]
        let value = 0
        const parts = lengthsOfParts.map((length) => Uint8Array.from({ length }, () => value++ % 250))
        fc.pre(lengthOf(parts) <= lengthOf(pieces) - HEADER_SIZE)
        expect(filled(pieces, fillPieces(pieces, parts))).toEqual(parts.flatMap((part) => [...part]))
        expect([...pieces[0].subarray(0, HEADER_SIZE)].every((byte) => byte === 255)).toBe(true)
      }),
    )
  })
})
