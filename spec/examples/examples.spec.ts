import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(__dirname, '..', '..')
const names = readdirSync(join(root, 'examples'))
const textOf = (...path: readonly string[]): string => readFileSync(join(root, ...path), 'utf8')

const PUBLIC = ['../lib/index', '../lib/entries/protocol', '../lib/entries/testing']
const importsOf = (text: string): readonly string[] => [...text.matchAll(/^import .* from '(.+?)'/gm)].map(([, from = '']) => from)

describe('examples', () => {
  it.each(names)('%s reads at one sight', (name) => {
    expect(textOf('examples', name).trimEnd().split('\n').length).toBeLessThanOrEqual(60)
  })

  it.each(names)('%s knows the public names only, and says how a program imports them', (name) => {
    const text = textOf('examples', name)
    expect(importsOf(text).filter((from) => from.startsWith('.') && !PUBLIC.includes(from))).toEqual([])
    const untold = text.split('\n').filter((line) => line.includes("from '../lib/") && !/ from 'kafkarx(\/\w+)?'$/.test(line))
    expect(untold).toEqual([])
  })

  it.each(names)('%s does not send again what it has sent', (name) => {
    expect(textOf('examples', name)).not.toMatch(/\b(retry|retryWhen|repeat)\(/)
  })

  it.each(names)('%s has a spec of its own, and its line in the README', (name) => {
    const base = name.replace(/\.ts$/, '')
    expect(readdirSync(__dirname)).toContain(`${base}.spec.ts`)
    expect(textOf('README.md')).toContain(`(examples/${name})`)
  })
})
