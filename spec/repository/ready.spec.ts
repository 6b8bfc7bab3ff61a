import { spawnSync } from 'node:child_process'
import { appendFileSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { root } from './file-map'

/** Stands in for tsx: a run of the generator leaves a line and an output. */
const TSX = `
const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs')
appendFileSync('runs.txt', 'codegen\\n')
mkdirSync('lib/generated', { recursive: true })
writeFileSync('lib/generated/message.ts', 'export {}')`

/** Stands in for npm: leaves a line, and the record that npm leaves. */
const NPM = `
const { appendFileSync, copyFileSync, mkdirSync } = require('node:fs')
appendFileSync('runs.txt', process.argv[2] + '\\n')
copyFileSync('package-lock.json', 'node_modules/.package-lock.json')`

const lockFile = (version: string): string => JSON.stringify({ packages: { '': {}, 'node_modules/tsx': { version } } })

describe('scripts/ready.mjs', () => {
  let folder: string
  const path = (...names: string[]) => join(folder, ...names)
  const write = (file: string, text: string) => {
    mkdirSync(dirname(path(file)), { recursive: true })
    writeFileSync(path(file), text)
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kafkarx-ready-'))
    write('schemas/A.json', '{}')
    write('codegen/main.ts', '')
    write('package-lock.json', lockFile('1.0.0'))
    write(
      'node_modules/tsx/dist/cli.mjs',
      `import { createRequire } from 'node:module'\nconst require = createRequire(import.meta.url)\n${TSX}`,
    )
    write('npm/npm-cli.js', NPM)
    write('runs.txt', '')
    mkdirSync(path('scripts'))
    copyFileSync(join(root, 'scripts', 'ready.mjs'), path('scripts', 'ready.mjs'))
  })

  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  /** What one call did, and what it said. */
  const ready = () => {
    writeFileSync(path('runs.txt'), '')
    const env = { ...process.env, npm_execpath: path('npm', 'npm-cli.js') }
    const { status, stderr, stdout } = spawnSync(process.execPath, [path('scripts', 'ready.mjs')], { env, encoding: 'utf8' })
    return { status, said: (stdout + stderr).split('\n').length - 1, did: readFileSync(path('runs.txt'), 'utf8').split('\n').slice(0, -1) }
  }

  const NOTHING = { status: 0, said: 0, did: [] }

  it('installs and generates in a fresh clone, a line for each, and then has nothing to do or to say', () => {
    expect(ready()).toEqual({ status: 0, said: 2, did: ['ci', 'codegen'] })
    expect(ready()).toEqual(NOTHING)
  })

  it('installs again when the lock file changed, and generates nothing for that', () => {
    ready()
    write('package-lock.json', lockFile('2.0.0'))
    expect(ready().did).toEqual(['ci'])
    expect(ready()).toEqual(NOTHING)
  })

  it('generates again when a schema or the generator changed', () => {
    ready()
    write('schemas/B.json', '{}')
    expect(ready().did).toEqual(['codegen'])
    appendFileSync(path('codegen', 'main.ts'), '// changed')
    expect(ready().did).toEqual(['codegen'])
    expect(ready()).toEqual(NOTHING)
  })

  it('generates again when the output was edited or deleted', () => {
    ready()
    write('lib/generated/message.ts', 'edited')
    expect(ready().did).toEqual(['codegen'])
    rmSync(path('lib', 'generated'), { recursive: true })
    expect(ready().did).toEqual(['codegen'])
  })

  it('ends with an error, and installs again, after an install that failed', () => {
    write('npm/npm-cli.js', 'process.exit(3)')
    expect(ready()).toEqual({ status: 3, said: 2, did: [] })
    write('npm/npm-cli.js', NPM)
    expect(ready().did).toEqual(['ci', 'codegen'])
  })
})
