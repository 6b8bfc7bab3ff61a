import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(__dirname, '../..')
const architecture = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')

/** Places that the text names as `file:function`. */
const places = [...architecture.matchAll(/`([\w./-]+\.ts):(\w+)`/g)].map(([, file, name]) => ({ file, name }))

describe('the way of a record in ARCHITECTURE.md', () => {
  it('names places', () => {
    expect(places.length).toBeGreaterThan(20)
  })

  it.each(places)('leads to $name in $file', ({ file, name }) => {
    const path = join(root, file)
    const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
    expect(text.split('\n').some((line) => defines(line, name))).toBe(true)
  })
})

/** A function, class or constant of that name, or a member: indented, and not called on something. */
function defines(line: string, name: string): boolean {
  return new RegExp(`^(export )?(function|const|class) ${name}\\b|^\\s+(readonly |private |async )*${name}(<.*>)?( = |: )?\\(`).test(line)
}
