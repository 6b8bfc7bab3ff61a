import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { apisFile } from '../../codegen/emit/apis-file'
import { messageFile } from '../../codegen/emit/message-file'
import { SourceFile } from '../../codegen/emit/source-file'
import { generate } from '../../codegen/generate'
import type { MessageModel } from '../../codegen/schema/model'
import { fixture } from './support/compile'

const fixtureText = (file: string): string => readFileSync(join(__dirname, 'fixtures', file), 'utf8')

describe('a generated file', () => {
  it('reads as expected, line by line', () => {
    expect(messageFile(fixture('SmallRequest'), ['// header']).split('\n')).toEqual(fixtureText('SmallRequest.expected.txt').split('\n'))
  })

  it('imports what its lines use and nothing else, types as types', () => {
    const file = new SourceFile(['// header'])
    file.print(`${file.use('b', './x')}(${file.useType('T', './y')})`, file.useType('A', './x'), file.useType('b', './x'))
    expect(file.toString().split('\n')).toEqual([
      '// header',
      '',
      "import { type A, b } from './x'",
      "import type { T } from './y'",
      '',
      'b(T)',
      'A',
      'b',
      '',
    ])
  })

  it('has the same text whenever it is made', () => {
    const schemas = new Map([['EverythingRequest.json', fixtureText('EverythingRequest.json')], ...response('EverythingResponse', 990)])
    expect([...generate(schemas)]).toEqual([...generate(schemas)])
  })

  it('takes the version of Kafka from SOURCE.json', () => {
    const schemas = new Map([
      ['SmallRequest.json', fixtureText('SmallRequest.json')],
      ...response('SmallResponse', 991),
      ['SOURCE.json', '{"version":"9.9.9"}'],
    ])
    const header = '// Generated from schemas/SmallRequest.json of Apache Kafka 9.9.9. Do not edit: npm run codegen'
    expect(generate(schemas).get('messages/SmallRequest.ts')?.split('\n')[0]).toBe(header)
  })
})

describe('the table of APIs', () => {
  it('keeps the key of an API that was given up', () => {
    const reserved = [
      { name: 'OldRequest', type: 'request', apiKey: 4 },
      { name: 'OldResponse', type: 'response', apiKey: 4 },
    ] as const
    const facts = "apiKey: 4, name: 'Old', request: 'OldRequest', response: 'OldResponse', validVersions: null, flexibleVersions: null"
    expect(apisFile([], reserved, [])).toContain(`Old: { ${facts}, latestVersionUnstable: false, listeners: [] },`)
  })

  it('refuses a request without a response, and a key twice', () => {
    const request = fixture('SmallRequest')
    const pair: readonly MessageModel[] = [request, { ...request, name: 'SmallResponse', type: 'response' }]
    expect(() => apisFile([request], [], [])).toThrow('SmallRequest has no SmallResponse')
    expect(() => apisFile([...pair, request], [], [])).toThrow('API key 991 is there twice')
  })
})

function response(name: string, apiKey: number): readonly (readonly [string, string])[] {
  return [[`${name}.json`, JSON.stringify({ name, type: 'response', apiKey, validVersions: '0', flexibleVersions: '0+', fields: [] })]]
}
