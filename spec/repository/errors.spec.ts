import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './file-map'

const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8')
const matches = (text: string, pattern: RegExp) => Array.from(text.matchAll(pattern), ([, first = '']) => first).sort()

const codes = [...new Set(matches(read('lib', 'errors.ts'), /\bcode: '([A-Z0-9_]+)'/g))]
const headings = matches(read('docs', 'errors.md'), /^#{2,6} `([A-Z0-9_]+)`$/gm)

describe('docs/errors.md', () => {
  it('has a heading for every code of lib/errors.ts', () => {
    expect(codes.length).toBeGreaterThan(0)
    expect(codes.filter((code) => !headings.includes(code))).toEqual([])
  })

  it('has no heading for a code that lib/errors.ts does not know, and none twice', () => {
    expect(headings.filter((heading, i) => !codes.includes(heading) || headings.indexOf(heading) !== i)).toEqual([])
  })
})
