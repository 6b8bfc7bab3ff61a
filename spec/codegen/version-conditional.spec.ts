import fc from 'fast-check'
import { SourceFile } from '../../codegen/emit/source-file'
import { choose, emitGuard, emitVersionConditional, versionTest, versionTestNot } from '../../codegen/emit/version-conditional'
import type { Versions } from '../../codegen/schema/versions'

const range = (lowest: number, highest: number): Versions => ({ lowest, highest })
const anyRange = fc.tuple(fc.nat(9), fc.nat(9)).map(([a, b]) => range(Math.min(a, b), Math.max(a, b)))

function printed(print: (file: SourceFile) => void): readonly string[] {
  const file = new SourceFile({ header: ['// header'], runtime: (name) => name })
  print(file)
  return file.toString().split('\n').slice(2, -1)
}

function conditional(versions: Versions, possible: Versions, otherwise?: string): readonly string[] {
  return printed((file) =>
    emitVersionConditional(file, versionTest(versions, possible), {
      then: () => file.print('yes()'),
      otherwise: otherwise === undefined ? undefined : () => file.print(otherwise),
    }),
  )
}

describe('a version conditional', () => {
  it('is no test at all where the outcome is settled', () => {
    expect(conditional(range(0, 9), range(3, 5))).toEqual(['yes()'])
    expect(conditional(range(0, 2), range(3, 5), 'no()')).toEqual(['no()'])
  })

  it.each([
    [range(4, 9), 'version >= 4'],
    [range(0, 7), 'version <= 7'],
    [range(4, 7), 'version >= 4 && version <= 7'],
    [range(5, 5), 'version === 5'],
    [range(3, 3), 'version === 3'],
  ])('is the smallest test: %j of 3-9 is `%s`', (versions, test) => {
    expect(conditional(versions, range(3, 9))).toEqual([`if (${test}) yes()`])
  })

  it('prints the other branch behind else', () => {
    expect(conditional(range(4, 9), range(0, 9), 'no()')).toEqual(['if (version >= 4) yes()', 'else no()'])
  })

  it('refuses to print a branch that no version takes', () => {
    expect(() => conditional(range(0, 2), range(3, 5))).toThrow('no version takes')
  })

  it('chooses a value on one line', () => {
    expect(choose(versionTest(range(2, 9), range(0, 9)), 'a', 'b')).toBe('version >= 2 ? a : b')
    expect(choose('always', 'a', 'b')).toBe('a')
    expect(choose('never', 'a', 'b')).toBe('b')
  })

  it('joins the tests of a guard that are not settled', () => {
    const guard = (...tests: Parameters<typeof emitGuard>[1]): readonly string[] =>
      printed((file) => emitGuard(file, tests, ['bad', 'refuse()']))
    expect(guard('always')).toEqual(['if (bad) refuse()'])
    expect(guard('always', { code: 'version >= 2' })).toEqual(['if (version >= 2 && bad) refuse()'])
    expect(guard({ code: 'version >= 2' }, 'never')).toEqual([])
  })

  it('holds for exactly the versions asked for, and its opposite for the others', () => {
    const holds = (test: ReturnType<typeof versionTest>, version: number): boolean => {
      if (typeof test === 'string') return test === 'always'
      // eslint-disable-next-line @typescript-eslint/no-implied-eval -- to run what the generator prints is what this is for
      return Boolean(new Function('version', `return ${test.code}`)(version))
    }
    fc.assert(
      fc.property(anyRange, anyRange, (versions, possible) => {
        for (let version = possible.lowest; version <= possible.highest; version++) {
          const isMember = version >= versions.lowest && version <= versions.highest
          expect(holds(versionTest(versions, possible), version)).toBe(isMember)
          expect(holds(versionTestNot(versions, possible), version)).toBe(!isMember)
        }
      }),
    )
  })
})
