import { contains, intersect, isEmpty, subtract, type Versions } from '../schema/versions'
import type { SourceFile } from './source-file'

/** Whether a version is one of `versions`, knowing that it is one of `possible`: settled beforehand, or a test at run time. */
export type VersionTest = 'always' | 'never' | { readonly code: string }

export function versionTest(versions: Versions, possible: Versions): VersionTest {
  const member = intersect(versions, possible)
  if (isEmpty(member)) return 'never'
  if (contains(versions, possible)) return 'always'
  return { code: smallestTest(member, possible) }
}

/** The opposite of `versionTest`. */
export function versionTestNot(versions: Versions, possible: Versions): VersionTest {
  const rest = subtract(possible, versions)
  if (rest !== undefined) return versionTest(rest, possible)
  return { code: `(version < ${String(versions.lowest)} || version > ${String(versions.highest)})` }
}

function smallestTest({ lowest, highest }: Versions, possible: Versions): string {
  if (lowest === highest && highest < possible.highest) return `version === ${String(lowest)}`
  const least = lowest > possible.lowest ? [`version >= ${String(lowest)}`] : []
  const most = highest < possible.highest ? [`version <= ${String(highest)}`] : []
  return [...least, ...most].join(' && ')
}

/** `then` where the test holds, `otherwise` elsewhere, on one line. */
export function choose(test: VersionTest, then: string, otherwise: string): string {
  if (test === 'always') return then
  return test === 'never' ? otherwise : `${test.code} ? ${then} : ${otherwise}`
}

export interface Branches {
  readonly then: () => void
  readonly otherwise?: (() => void) | undefined
}

/** The smallest `if` around the branches: none where the test is settled. Asking for code that can never run is refused. */
export function emitVersionConditional(file: SourceFile, test: VersionTest, { then, otherwise }: Branches): void {
  if (test === 'always') return then()
  if (test === 'never') {
    if (otherwise === undefined) throw new Error('A branch is asked for that no version takes')
    return otherwise()
  }
  const [lines, others] = [file.capture(then), otherwise === undefined ? [] : file.capture(otherwise)]
  const [only = ''] = lines
  if (lines.length === 1 && others.length <= 1 && !only.startsWith('if')) return emitShort(file, `if (${test.code}) ${only}`, others)
  file.print(`if (${test.code}) {`)
  file.indent(() => file.print(...lines))
  emitElse(file, others)
}

function emitShort(file: SourceFile, line: string, others: readonly string[]): void {
  file.print(line, ...others.map((other) => `else ${other}`))
}

function emitElse(file: SourceFile, lines: readonly string[]): void {
  const [only = ''] = lines
  if (lines.length === 0) return file.print('}')
  if (lines.length === 1) return file.print(`} else ${only}`)
  file.print('} else {')
  file.indent(() => file.print(...lines))
  file.print('}')
}

/** `if (tests && condition) action`, as far as the tests are not settled. */
export function emitGuard(file: SourceFile, tests: readonly VersionTest[], [condition, action]: readonly [string, string]): void {
  if (tests.includes('never')) return
  const conditions = [...tests.flatMap((test) => (typeof test === 'object' ? [test.code] : [])), condition]
  file.print(`if (${conditions.join(' && ')}) ${action}`)
}
