import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { canonicalText } from '../../scripts/schemas/canonical'
import { typeErrors } from '../codegen/support/type-check'
import { outcomeOf } from './outcome'
import type { Outcome } from './outcome'

const root = join(__dirname, '..', '..')
const main = join(root, 'lib', 'cli', 'main.ts')
const tsx = pathToFileURL(join(root, 'node_modules', 'tsx', 'dist', 'loader.mjs')).href

const REQUEST = `// A user's own message, written as Kafka writes its messages.
{
  "apiKey": 1000, "type": "request", "name": "GreetRequest", "listeners": ["broker"],
  "validVersions": "0-1", "flexibleVersions": "1+",
  "fields": [
    { "name": "Name", "type": "string", "versions": "0+", "about": "Who is greeted." },
    { "name": "Times", "type": "int32", "versions": "1+", "default": 1, "ignorable": true } // as a number
  ]
}`
const RESPONSE = REQUEST.replace('"request"', '"response"').replace('GreetRequest', 'GreetResponse').replace('"listeners": ["broker"],', '')

/** What a user writes against the output. */
const PROGRAM = `
import { apis } from './generated/apis'
import { messages } from './generated/messages'
import { GreetRequest, type GreetRequestInput } from './generated/messages/GreetRequest'

const greeting: GreetRequestInput = { name: 'you', times: 2 }
const { name, times } = GreetRequest.decode(GreetRequest.encode(greeting, 1), apis.Greet.validVersions.max)
// @ts-expect-error -- the name has no default, so that it cannot be forgotten
GreetRequest.encode({ times: 2 }, 1)
console.log(JSON.stringify([name, times, messages.GreetResponse.create().times, GreetRequest.headerVersion(1), apis.Greet.response]))
`

describe('kafkarx codegen', () => {
  let folder: string
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kafkarx-cli-'))))
  afterEach(() => rmSync(folder, { recursive: true }))
  const path = (...names: readonly string[]): string => join(folder, ...names)
  const put = (file: string, text: string): void => {
    mkdirSync(dirname(path(file)), { recursive: true })
    writeFileSync(path(file), text)
  }
  const text = (file: string): string => readFileSync(path(file), 'utf8')

  const codegen = (...more: readonly string[]): Outcome =>
    outcomeOf(['codegen', '--schemas', path('schemas'), '--out', path('generated'), ...more])
  const run = (...args: readonly string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } =>
    spawnSync(process.execPath, ['--import', tsx, ...args], { cwd: folder, encoding: 'utf8' })

  it("makes code of Kafka's own form that compiles and runs in a program of its user", () => {
    put('schemas/GreetRequest.json', REQUEST)
    put('schemas/deeper/GreetResponse.json', RESPONSE)
    const asked = ['codegen', '--schemas', 'schemas', '--out', 'generated', '--import-extension', 'none']
    expect(run(main, ...asked)).toMatchObject({ status: 0, stdout: '4 files in generated, 4 changed\n', stderr: '' })
    put('program.ts', PROGRAM)
    expect(typeErrors([path('program.ts'), path('generated', 'messages', 'GreetRequest.ts')])).toEqual([])
    put(
      'tsconfig.json',
      JSON.stringify({ compilerOptions: { paths: { 'kafkarx/protocol': [join(root, 'lib', 'entries', 'protocol.ts')] } } }),
    )
    symlinkSync(join(root, 'node_modules'), path('node_modules'))
    expect(run('program.ts')).toMatchObject({ status: 0, stdout: '["you",2,1,2,"GreetResponse"]\n', stderr: '' })
  })

  it('makes the same of the canonical form, but for the prose, and touches nothing the second time', () => {
    put('schemas/GreetRequest.json', REQUEST)
    codegen()
    const own = text('generated/messages/GreetRequest.ts')
    put('schemas/GreetRequest.json', canonicalText(REQUEST, 'GreetRequest.json'))
    expect(codegen().text).toMatch(/3 files in .*generated, 1 changed$/)
    expect(own).toContain('/** Who is greeted. string, versions 0+. */')
    expect(text('generated/messages/GreetRequest.ts')).toBe(own.replaceAll('Who is greeted. ', ''))
    expect(codegen().text).toMatch(/3 files in .*generated, 0 changed$/)
    expect(text('generated/messages.ts')).toContain("from './messages/GreetRequest.js'")
  })

  it('deletes what is stale and nothing else', () => {
    put('schemas/GreetRequest.json', REQUEST)
    put('schemas/GreetResponse.json', RESPONSE)
    codegen()
    put('generated/own.ts', 'export {}')
    rmSync(path('schemas/GreetResponse.json'))
    codegen()
    expect(readdirSync(path('generated'), { recursive: true, encoding: 'utf8' }).sort()).toEqual(
      ['apis.ts', 'messages', 'messages.ts', 'messages/GreetRequest.ts', 'own.ts'].map((file) => join(file)),
    )
  })

  it.each<readonly [string, string, string]>([
    ['a comma too many', REQUEST.replace('true }', 'true },'), 'schemas.json: is not JSON'],
    ['an unknown key', REQUEST.replace('"about"', '"abuot"'), "schemas.json: fields.Name: unknown key 'abuot'"],
    ['an unknown type', REQUEST.replace('int32', 'int31'), "schemas.json: fields.Times: unknown type 'int31'"],
    [
      'a default out of range',
      REQUEST.replace('"default": 1', '"default": "0x80000000"'),
      'fields.Times: the default 0x80000000 is beyond int32',
    ],
    ['no schema at all', '{ "compilerOptions": {} }', "schemas.json: unknown key 'compilerOptions'"],
  ])('names file and path of %s, writes nothing and fails', (_, schema, message) => {
    put('schemas/schemas.json', schema)
    const { exitCode, text: said } = codegen()
    expect([exitCode, said.split('\n').length]).toEqual([1, 1])
    expect(said).toMatch(/^kafkarx: schemas\.json: /)
    expect(said).toContain(message)
    expect(existsSync(path('generated'))).toBe(false)
  })

  it('writes over nothing that it has not written', () => {
    put('schemas/GreetRequest.json', REQUEST)
    put('generated/messages.ts', 'export {}')
    const text = `kafkarx: ${path('generated', 'messages.ts')}: was not generated and is not written over`
    expect(codegen()).toEqual({ exitCode: 1, text })
    expect(existsSync(path('generated', 'messages'))).toBe(false)
  })

  it('says what is wrong with a folder', () => {
    expect(codegen()).toEqual({ exitCode: 1, text: `kafkarx: ${path('schemas')}: is no folder` })
    put('schemas/README.md', '')
    expect(codegen()).toEqual({ exitCode: 1, text: `kafkarx: ${path('schemas')}: holds no schemas (*.json)` })
  })

  it.each<readonly [readonly string[], string]>([
    [['codegen', '--out', 'x'], 'kafkarx: --schemas DIR is missing'],
    [['codegen', '--schemas', '.'], 'kafkarx: --out DIR is missing'],
    [
      ['codegen', '--schemas', '.', '--out', 'x', '--import-extension', 'mjs'],
      "kafkarx: --import-extension is js, ts or none, and not 'mjs'",
    ],
    [['codegen', '--colour'], "Unknown option '--colour'"],
    [['codegen', 'schemas'], "Unexpected argument 'schemas'"],
    [['bake'], "kafkarx: there is no command 'bake'"],
    [[], 'kafkarx: no command was given'],
  ])('refuses %j', (args, message) => {
    const { exitCode, text } = outcomeOf(args)
    expect(exitCode).toBe(1)
    expect(text).toContain(message)
  })

  it('fails as a process, on stderr', () => {
    expect(run(main, 'codegen')).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining('kafkarx: --schemas DIR is missing'),
    })
  })

  it('explains itself', () => {
    expect(outcomeOf(['--help'])).toMatchObject({ exitCode: 0, text: expect.stringContaining('codegen') })
    expect(outcomeOf(['codegen', '--help'])).toMatchObject({ exitCode: 0, text: expect.stringContaining('--schemas DIR') })
  })
})
