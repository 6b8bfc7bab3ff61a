import { mkdtempSync, rmSync, statSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readFiles, writeFiles } from '../../codegen/files'

describe('the output folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kafkarx-codegen-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  it('holds what was generated, without what is stale, and what has not changed is not touched', () => {
    expect(writeFiles(folder, new Map([...texts('a.ts'), ...texts('messages/b.ts'), ...texts('messages/old.ts')]))).toBe(3)
    utimesSync(join(folder, 'a.ts'), 1000, 1000)
    expect(writeFiles(folder, new Map([...texts('a.ts'), ['messages/b.ts', 'new'], ...texts('messages/c.ts')]))).toBe(3)
    expect([...readFiles(folder, '.ts')]).toEqual([...texts('a.ts'), ['messages/b.ts', 'new'], ...texts('messages/c.ts')])
    expect(statSync(join(folder, 'a.ts')).mtimeMs).toBe(1_000_000)
  })

  it('is empty when there is none', () => {
    expect(readFiles(join(folder, 'nowhere'), '.ts').size).toBe(0)
  })
})

function texts(file: string): readonly (readonly [string, string])[] {
  return [[file, `text of ${file}`]]
}
