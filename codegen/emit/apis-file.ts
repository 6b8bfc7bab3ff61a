import type { MessageModel, ReservedMessage } from '../schema/model'
import { NONE } from '../schema/versions'
import { rangeCode } from './message-file'
import { SourceFile } from './source-file'

/** The table of all APIs, data only: whoever looks up a key does not load two hundred codecs. */
export function apisFile(messages: readonly MessageModel[], reserved: readonly ReservedMessage[], header: readonly string[]): string {
  const file = new SourceFile(header)
  emitTypes(file)
  file.print('export const apis = {')
  file.indent(() => {
    for (const api of apisOf(messages, reserved)) file.print(`${api.name}: ${apiCode(api)},`)
  })
  file.print('} as const satisfies Readonly<Record<string, Api>>', '', 'export type ApiName = keyof typeof apis', '')
  file.print('const apisByKey: ReadonlyMap<number, Api> = new Map(Object.values(apis).map((api) => [api.apiKey, api]))', '')
  file.doc('Undefined when the key is not known: a newer broker has APIs of its own.')
  file.block('export function apiOfKey(apiKey: number): Api | undefined', () => file.print('return apisByKey.get(apiKey)'))
  return file.toString()
}

function emitTypes(file: SourceFile): void {
  const range = file.useType('VersionRange', '../wire/message')
  file.doc('An API: a request and its response, which have the same versions.')
  file.block('export interface Api', () => {
    file.print('readonly apiKey: number', 'readonly name: string')
    file.doc('The names of its messages.')
    file.print('readonly request: string', 'readonly response: string')
    file.doc('Null: the API was given up and its key stays reserved.')
    file.print(`readonly validVersions: ${range} | null`)
    file.doc('Null: no version is flexible.')
    file.print(`readonly flexibleVersions: ${range} | null`)
    file.doc('The highest version may still change and is never advertised.')
    file.print('readonly latestVersionUnstable: boolean', 'readonly listeners: readonly string[]')
  })
  file.print('')
}

interface ApiRow {
  readonly apiKey: number
  readonly name: string
  readonly message: MessageModel | undefined
}

function apisOf(messages: readonly MessageModel[], reserved: readonly ReservedMessage[]): readonly ApiRow[] {
  const rows = [...messages, ...reserved].flatMap((message): readonly ApiRow[] => {
    if (message.type !== 'request' || message.apiKey === null) return []
    return [{ apiKey: message.apiKey, name: message.name.replace(/Request$/, ''), message: 'root' in message ? message : undefined }]
  })
  checkPairs(rows, new Set([...messages, ...reserved].map(({ name }) => name)))
  return rows.sort((a, b) => a.apiKey - b.apiKey)
}

function checkPairs(rows: readonly ApiRow[], names: ReadonlySet<string>): void {
  const keys = new Set<number>()
  for (const { apiKey, name } of rows) {
    if (keys.has(apiKey)) throw new Error(`API key ${String(apiKey)} is there twice`)
    if (!names.has(`${name}Response`)) throw new Error(`${name}Request has no ${name}Response`)
    keys.add(apiKey)
  }
}

function apiCode({ apiKey, name, message }: ApiRow): string {
  const facts = [
    `apiKey: ${String(apiKey)}, name: '${name}', request: '${name}Request', response: '${name}Response'`,
    `validVersions: ${rangeCode(message?.validVersions ?? NONE)}, flexibleVersions: ${rangeCode(message?.flexibleVersions ?? NONE)}`,
    `latestVersionUnstable: ${String(message?.latestVersionUnstable ?? false)}`,
    `listeners: [${(message?.listeners ?? []).map((listener) => `'${listener}'`).join(', ')}]`,
  ]
  return `{ ${facts.join(', ')} }`
}
