import fc from 'fast-check'
import {
  contains,
  HIGHEST,
  intersect,
  isEmpty,
  NONE,
  parseVersions,
  printVersions,
  subtract,
  type Versions,
} from '../../codegen/schema/versions'

const range = (lowest: number, highest: number): Versions => ({ lowest, highest })
const anyRange = fc.tuple(fc.nat(12), fc.nat(12)).map(([a, b]) => (a <= b ? range(a, b) : NONE))
const members = (versions: Versions): readonly number[] =>
  Array.from({ length: 13 }, (_, i) => i).filter((i) => i >= versions.lowest && i <= versions.highest)

describe('versions', () => {
  it.each([
    ['4', range(4, 4)],
    ['2-5', range(2, 5)],
    ['3+', range(3, HIGHEST)],
    ['none', NONE],
  ])('parses and prints %p', (text, versions) => {
    expect(parseVersions(text)).toEqual(versions)
    expect(printVersions(versions)).toBe(text)
  })

  it.each(['', '-1', '5-2', '1-', '+', 'a', '0 - 3', '1+2', '99999', '1-2-3'])('takes %p for no range', (text) => {
    expect(parseVersions(text)).toBeUndefined()
  })

  it('intersects, contains and subtracts like sets of numbers', () => {
    fc.assert(
      fc.property(anyRange, anyRange, (a, b) => {
        const [left, right] = [members(a), members(b)]
        const rest = left.filter((version) => !right.includes(version))
        const difference = subtract(a, b)
        expect(members(intersect(a, b))).toEqual(left.filter((version) => right.includes(version)))
        expect(contains(a, b)).toBe(right.every((version) => left.includes(version)))
        if (difference !== undefined) expect(members(difference)).toEqual(rest)
        else expect(rest.at(-1)).toBeGreaterThan((rest[0] ?? 0) + rest.length - 1)
      }),
    )
  })

  it('knows one empty range only', () => {
    expect(intersect(range(0, 3), range(4, 9))).toBe(NONE)
    expect(subtract(range(2, 3), range(0, 9))).toBe(NONE)
    expect(isEmpty(NONE)).toBe(true)
  })
})
