import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { messageFile } from '../../codegen/emit/message-file'
import { publishedRuntime, runtimeSources } from '../../codegen/emit/runtime'
import { writeFiles } from '../../codegen/files'
import { generate, type Target } from '../../codegen/generate'
import { fixture, setting } from './support/compile'
import { asModules, typeErrors } from './support/type-check'

const fixtureText = (file: string): string => readFileSync(join(__dirname, 'fixtures', file), 'utf8')
const published: Target = {
  runtime: publishedRuntime('kafkarx/protocol'),
  importExtension: '.js',
  schemas: '',
  command: 'npx kafkarx codegen',
}
const inLibrary: Target = { runtime: runtimeSources('../wire'), importExtension: '', schemas: 'schemas/', command: 'npm run codegen' }

describe('a generated file', () => {
  it.each(['SmallRequest', 'EverythingRequest'])('reads as expected, line by line: %s', (name) => {
    expect(messageFile(fixture(name), setting).split('\n')).toEqual(fixtureText(`${name}.expected.txt`).split('\n'))
  })

  it("reads as expected for users of the package, with the words of a schema of Kafka's own form", () => {
    const text = messageFile(fixture('PlacementValue'), { header: ['// header'], runtime: published.runtime(1) })
    expect(text.split('\n')).toEqual(fixtureText('PlacementValue.expected.txt').split('\n'))
  })

  it('is never wider than 140 columns where it can be broken', () => {
    const widths = ['SmallRequest', 'EverythingRequest', 'AwkwardRequest', 'PlacementValue']
      .flatMap((name) => messageFile(fixture(name), setting).split('\n'))
      .map((line) => line.length)
    expect(Math.max(...widths)).toBeLessThanOrEqual(140)
  })
})

describe('what is generated from a folder', () => {
  const names = ['SmallRequest', 'EverythingRequest', 'AwkwardRequest', 'PlacementValue']
  const schemas = new Map(names.map((name) => [`${name}.json`, fixtureText(`${name}.json`)]))

  it('has the same text whenever it is made, in whatever order the schemas come', () => {
    expect(generate(new Map([...schemas].reverse()), published)).toEqual(generate(schemas, published))
  })

  it('compiles under every strict option, as an ES module and as CommonJS', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kafkarx-generated-'))
    try {
      const files = generate(schemas, published)
      writeFiles(folder, files)
      const paths = [...files.keys()].map((file) => join(folder, file))
      expect(typeErrors(paths)).toEqual([])
      expect(typeErrors(paths, { verbatimModuleSyntax: true, ...asModules })).toEqual([])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('imports the published package alone, or the sources of the library', () => {
    const importsOf = (target: Target, file: string): readonly string[] =>
      [...(generate(schemas, target).get(file) ?? '').matchAll(/from '(.*)'/g)].map(([, from = '']) => from)
    expect(importsOf(published, 'messages/SmallRequest.ts')).toEqual(['kafkarx/protocol'])
    expect(importsOf(published, 'apis.ts')).toEqual(['kafkarx/protocol'])
    expect(importsOf(published, 'messages.ts')).toEqual([...names].sort().map((name) => `./messages/${name}.js`))
    expect(importsOf(inLibrary, 'messages/SmallRequest.ts')).toEqual(['../../wire/message', '../../wire/reader', '../../wire/writer'])
    expect(importsOf(inLibrary, 'apis.ts')).toEqual(['../wire/message'])
    expect(importsOf(inLibrary, 'messages.ts')).toContain('./messages/SmallRequest')
    expect(importsOf({ ...inLibrary, runtime: runtimeSources('lib/wire') }, 'apis.ts')).toEqual(['./lib/wire/message'])
  })

  it('says where it is from and what to run', () => {
    const firstLine = (target: Target, source: readonly (readonly [string, string])[]): string | undefined =>
      generate(new Map([...schemas, ...source]), target)
        .get('messages/SmallRequest.ts')
        ?.split('\n')[0]
    expect(firstLine(inLibrary, [['SOURCE.json', '{"version":"9.9.9"}']])).toBe(
      '// Generated from schemas/SmallRequest.json of Apache Kafka 9.9.9. Do not edit: npm run codegen',
    )
    expect(firstLine(published, [])).toBe('// Generated from SmallRequest.json. Do not edit: npx kafkarx codegen')
  })

  it('has a table of the APIs only if there are any', () => {
    const record = new Map([['PlacementValue.json', fixtureText('PlacementValue.json')]])
    expect([...generate(record, published).keys()]).toEqual(['messages/PlacementValue.ts', 'messages.ts'])
  })

  it('refuses a message whose name its own file needs', () => {
    const text = fixtureText('PlacementValue.json').replace('"PlacementValue"', '"Writer"')
    expect(() => generate(new Map([['Odd.json', text]]), published)).toThrow('Odd.json: Writer is a name that generated code needs itself')
  })

  it('has a table of the error codes where the folder has one', () => {
    const codes = '[{ "errorCode": -1, "name": "UNKNOWN", "retriable": true, "invalidMetadata": false }]'
    const text = generate(new Map([['tables/error-codes.json', codes]]), published).get('error-codes.ts')
    expect(text).toContain("{ errorCode: -1, name: 'UNKNOWN', retriable: true, invalidMetadata: false },")
    const wrong = new Map([['tables/error-codes.json', codes.replace('UNKNOWN', "it's")]])
    expect(() => generate(wrong, published)).toThrow("tables/error-codes.json: errorCodes.it's: 'it's' is no name of an error code")
  })
})

describe('the table of APIs', () => {
  const api = (name: string, type: string, apiKey: number, validVersions = '0'): readonly [string, string] => [
    `${name}.json`,
    JSON.stringify({ name, type, apiKey, validVersions, flexibleVersions: '0+' }),
  ]
  const table = (...schemas: readonly (readonly [string, string])[]): string => generate(new Map(schemas), published).get('apis.ts') ?? ''

  it('pairs by key and is sorted by it, and keeps the key of an API that was given up', () => {
    const text = table(
      api('NewRequest', 'request', 5),
      api('OldRequest', 'request', 4, 'none'),
      api('NewResponse', 'response', 5),
      api('OldResponse', 'response', 4, 'none'),
    )
    const lines = text.split('\n').map((line) => line.trim())
    const facts = (name: string): readonly string[] => lines.slice(lines.indexOf(`${name}: {`) + 1).slice(0, 8)
    expect(lines.indexOf('Old: {')).toBeLessThan(lines.indexOf('New: {'))
    expect(facts('Old')).toEqual([
      'apiKey: 4,',
      "name: 'Old',",
      "request: 'OldRequest',",
      "response: 'OldResponse',",
      'validVersions: null,',
      'flexibleVersions: null,',
      'latestVersionUnstable: false,',
      'listeners: [],',
    ])
    expect(facts('New')).toContain('validVersions: { min: 0, max: 0 },')
    expect(text).toContain('readonly response: string\n')
  })

  it('says null where a folder has only one half', () => {
    const text = table(api('FooRequest', 'request', 1), api('BarResponse', 'response', 2))
    expect(text).toContain("request: 'FooRequest',\n    response: null,")
    expect(text).toContain("name: 'Bar',\n    request: null,\n    response: 'BarResponse',")
    expect(text).toContain('readonly response: string | null\n')
  })

  it.each<readonly [string, readonly (readonly [string, string])[], string]>([
    [
      'a key twice',
      [api('ARequest', 'request', 1), api('BRequest', 'request', 1)],
      'BRequest.json: API key 1 already has the request of ARequest.json',
    ],
    [
      'halves of other keys',
      [api('ARequest', 'request', 1), api('AResponse', 'response', 2)],
      'AResponse.json: API A has two keys: 1 and 2',
    ],
    [
      'a message twice',
      [['a/A.json', api('ARequest', 'request', 1)[1]], api('ARequest', 'request', 1)],
      'ARequest.json: ARequest is also in a/A.json',
    ],
    ['a release that is none', [['SOURCE.json', '{ "version": "4\\n4" }']], 'SOURCE.json: '],
  ])('refuses %s and names the file', (_, schemas, message) => {
    expect(() => table(...schemas)).toThrow(message)
  })
})
