import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSchemas, writeFiles } from '../../codegen/files'

describe('the folders', () => {
  let folder: string
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kafkarx-codegen-'))))
  afterEach(() => rmSync(folder, { recursive: true }))
  const path = (file: string): string => join(folder, file)
  const put = (file: string, text: string): void => {
    mkdirSync(join(path(file), '..'), { recursive: true })
    writeFileSync(path(file), text)
  }
  const present = (): readonly string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => statSync(path(file)).isFile())
      .sort()

  it('hold what was generated, without what is stale, and what has not changed is not touched', () => {
    expect(writeFiles(folder, new Map([...texts('a.ts'), ...texts('messages/b.ts'), ...texts('messages/old.ts')]))).toBe(3)
    utimesSync(path('a.ts'), 1000, 1000)
    expect(writeFiles(folder, new Map([...texts('a.ts'), ...texts('messages/b.ts', 'new'), ...texts('messages/c.ts')]))).toBe(3)
    expect(present()).toEqual(['a.ts', 'messages/b.ts', 'messages/c.ts'])
    expect(readFileSync(path('messages/b.ts'), 'utf8')).toMatch(/^\/\/ Generated from new/)
    expect(statSync(path('a.ts')).mtimeMs).toBe(1_000_000)
  })

  it('lose nothing that somebody wrote', () => {
    const own = ['own.ts', 'messages/own.ts', 'messages/deeper/generated.ts', 'other/generated.ts', 'messages/generated.js']
    for (const file of own) put(file, file.includes('generated') ? '// Generated from Calculator.g4 by ANTLR 4.13.1' : 'export {}')
    expect(writeFiles(folder, new Map(texts('messages/b.ts')))).toBe(1)
    expect(present()).toEqual([...own, 'messages/b.ts'].sort())
  })

  it('are left alone when a file of somebody would be written over', () => {
    put('messages/b.ts', 'export {}')
    expect(() => writeFiles(folder, new Map([...texts('a.ts'), ...texts('messages/b.ts')]))).toThrow(
      `${path('messages/b.ts')}: was not generated and is not written over`,
    )
    expect(existsSync(path('a.ts'))).toBe(false)
  })

  it('give their schemas in the order of their names, with those of the folders below', () => {
    for (const file of ['b.json', 'a.json', 'tables/c.json', 'README.md']) put(file, file)
    expect([...readSchemas(folder)]).toEqual(['a.json', 'b.json', 'tables/c.json'].map((file) => [file, file]))
  })

  it('must be there and hold schemas', () => {
    expect(() => readSchemas(path('nowhere'))).toThrow(`${path('nowhere')}: is no folder`)
    expect(() => readSchemas(folder)).toThrow(`${folder}: holds no schemas (*.json)`)
  })
})

function texts(file: string, text = `text of ${file}`): readonly (readonly [string, string])[] {
  return [[file, `// Generated from ${text}. Do not edit: npm run codegen\n`]]
}
