import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { optionsPage } from '../../scripts/options/page'
import javaKeys from '../golden/java-producer-keys.json'
import { root } from './file-map'

describe('docs/options.md', () => {
  const page = readFileSync(join(root, 'docs', 'options.md'), 'utf8')

  it('says what the code does (npm run options)', () => {
    expect(page).toBe(optionsPage())
  })

  it('has a row for each key of Java’s producer, and none twice', () => {
    const rows = [...page.matchAll(/^\| `([a-z0-9.]+)`/gm)].map(([, key]) => key)
    expect(rows.sort()).toEqual(javaKeys.map(({ name }) => name))
  })

  it('says of each key what becomes of it, and why where it is not taken as it is', () => {
    const cells = page
      .split('\n')
      .flatMap((line) => (line.startsWith('| `') ? [line.split(' | ').map((cell) => cell.replace(/\|$/, '').trim())] : []))
    const silent = cells.filter(([, , here = '', remark = '']) => here === '' || (!here.startsWith('`') && remark === ''))
    expect(silent).toEqual([])
  })
})
