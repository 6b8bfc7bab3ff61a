import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { faultsOfRun } from '../../scripts/parity/report'
import { specNamesIn } from '../../scripts/parity/spec-names'
import { rowsOf, STEP } from '../../scripts/parity/table'
import type { Here, NamedSpec } from '../../scripts/parity/table'
import cases from '../golden/java-test-cases.json'
import { root } from './file-map'

/** More cases than these that do not apply would make the list a list of excuses. */
const MOST_THAT_DO_NOT_APPLY = 0.15

/** Cases that no spec shows yet: may only become fewer. */
const OPEN = 0

describe('reading the table', () => {
  const page = (cell: string) => `## SenderTest\n| case | shows | here |\n|---|---|---|\n| \`testSimple\` | it \\| that | ${cell} |\n`

  it.each<[string, Here]>([
    [
      '`spec/a.spec.ts` a › b<br>`spec/b.spec.ts` c',
      {
        type: 'covered',
        specs: [
          { file: 'spec/a.spec.ts', path: ['a', 'b'] },
          { file: 'spec/b.spec.ts', path: ['c'] },
        ],
      },
    ],
    ['does not apply: no threads', { type: 'does not apply', why: 'no threads' }],
    ['transactions: commits', { type: 'transactions', why: 'commits' }],
    ['open: what is missing', { type: 'open', why: 'what is missing' }],
  ])('takes %s', (cell, here) => {
    expect(rowsOf(page(cell))).toEqual([{ javaClass: 'SenderTest', name: 'testSimple', shows: 'it | that', here }])
  })

  it.each(['', 'perhaps', 'does not apply', 'does not apply: ', 'a › b', '`spec/a.ts` a', '`spec/a.spec.ts` a | more'])(
    'refuses %j',
    (cell) => expect(() => rowsOf(page(cell))).toThrow('docs/parity.md'),
  )
})

describe('the names of specs', () => {
  it('are read from their source, with those of the blocks around them', () => {
    const source = `
      describe('a', () => {
        it('b', () => run(() => it.each([1])('c %i', check)))
        describe.each<[x]>([[1]])(\`d\`, () => it('e', check))
      })
      describeWithKafka('f', (kafka) => { it("g", check) })
      it(computed, check)`
    expect(specNamesIn(source).map((path) => path.join(STEP))).toEqual(['a › b', 'a › b › c %i', 'a › d › e', 'f › g'])
  })
})

describe('specs that ran', () => {
  const result = (title: string, status: string) => ({ ancestorTitles: ['a'], title, status })
  const report = {
    testResults: [
      {
        name: '/somewhere/spec/a.spec.ts',
        assertionResults: [result('b (1)', 'passed'), result('c', 'failed'), result('d 1 of 2', 'passed')],
      },
      { name: '/somewhere/spec/b.spec.ts', assertionResults: [result('d 2 of 2', 'pending')] },
    ],
  }
  const row = (...specs: NamedSpec[]) => ({ javaClass: 'SenderTest', name: 'x', shows: 'y', here: { type: 'covered', specs } as const })
  const spec = (title: string, file = 'spec/a.spec.ts') => ({ file, path: ['a', title] })

  it('and passed are no fault, whatever stands for the places in their names', () => {
    expect(faultsOfRun([row(spec('b (1)'), spec('d %i of $count'))], report)).toEqual([])
  })

  it('and did not pass, or did not run, are named once', () => {
    const missing = [spec('c'), spec('b'), spec('d %i of 2', 'spec/b.spec.ts'), spec('d %i of 2', 'spec/d.spec.ts')]
    expect(faultsOfRun([row(...missing), row(spec('c'))], report)).toEqual([
      'spec/a.spec.ts: a › c: failed',
      'spec/a.spec.ts: a › b: did not run',
      'spec/b.spec.ts: a › d %i of 2: pending',
      'spec/d.spec.ts: a › d %i of 2: did not run',
    ])
  })
})

describe('docs/parity.md', () => {
  const rows = rowsOf(readFileSync(join(root, 'docs', 'parity.md'), 'utf8'))
  const ofType = (type: Here['type']) => rows.filter(({ here }) => here.type === type)

  it('has every case of the suites of Java’s producer once, and no other', () => {
    const named = rows.map(({ javaClass, name }) => `${javaClass}.${name}`)
    const released = Object.entries(cases.classes).flatMap(([name, methods]) => methods.map((method) => `${simple(name)}.${method}`))
    expect(released.filter((name) => !named.includes(name))).toEqual([])
    expect(named.filter((name, i) => !released.includes(name) || named.indexOf(name) !== i)).toEqual([])
  })

  it('names only specs that there are', () => {
    const covered = rows.flatMap(({ here }) => (here.type === 'covered' ? here.specs : []))
    expect(covered.length).toBeGreaterThan(0)
    expect(covered.filter((spec) => !isThere(spec)).map(({ file, path }) => `${file} ${path.join(STEP)}`)).toEqual([])
  })

  it('says of at most 15 % that they do not apply', () => {
    expect(ofType('does not apply').length / rows.length).toBeLessThanOrEqual(MOST_THAT_DO_NOT_APPLY)
  })

  it('gives each case that does not apply a reason that says something', () => {
    expect(ofType('does not apply').filter(({ here }) => 'why' in here && here.why.split(' ').length < 4)).toEqual([])
  })

  it('leaves as few cases open as it says', () => {
    expect(ofType('open').length).toBe(OPEN)
  })
})

const simple = (className: string): string => className.slice(className.lastIndexOf('.') + 1)

const namesOf = new Map<string, ReadonlySet<string>>()

function isThere({ file, path }: NamedSpec): boolean {
  const known = namesOf.get(file) ?? namesIn(file)
  namesOf.set(file, known)
  return known.has(path.join(STEP))
}

const namesIn = (file: string): ReadonlySet<string> => {
  const path = join(root, file)
  return new Set(existsSync(path) ? specNamesIn(readFileSync(path, 'utf8')).map((each) => each.join(STEP)) : [])
}
