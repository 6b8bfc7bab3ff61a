import type { ApiModel } from '../schema/folder'
import { NONE } from '../schema/versions'
import { rangeCode } from './message-file'
import { useRuntimeType } from './runtime'
import { SourceFile, type Setting } from './source-file'

/** The table of all APIs, data only: whoever looks up a key does not load two hundred codecs. */
export function apisFile(apis: readonly ApiModel[], setting: Setting): string {
  const file = new SourceFile(setting)
  emitTypes(file, apis)
  file.print('export const apis = {')
  file.indent(() => {
    for (const api of apis) file.list(`${api.name}: {`, apiFacts(api), '},')
  })
  file.print('} as const satisfies Readonly<Record<string, Api>>', '', 'export type ApiName = keyof typeof apis', '')
  file.print('const apisByKey: ReadonlyMap<number, Api> = new Map(Object.values(apis).map((api) => [api.apiKey, api]))', '')
  file.doc('Undefined when the key is not known: a newer broker has APIs of its own.')
  file.block('export function apiOfKey(apiKey: number): Api | undefined', () => file.print('return apisByKey.get(apiKey)'))
  return file.toString()
}

function emitTypes(file: SourceFile, apis: readonly ApiModel[]): void {
  const range = useRuntimeType(file, 'VersionRange')
  const isWhole = apis.every(({ request, response }) => request !== null && response !== null)
  file.doc('An API: a request and its response, which have the same versions.')
  file.block('export interface Api', () => {
    file.print('readonly apiKey: number', 'readonly name: string')
    file.doc(isWhole ? 'The names of its messages.' : 'The names of its messages; null where there is no schema.')
    const name = isWhole ? 'string' : 'string | null'
    file.print(`readonly request: ${name}`, `readonly response: ${name}`)
    file.doc('Null: the API was given up and its key stays reserved.')
    file.print(`readonly validVersions: ${range} | null`)
    file.doc('Null: no version is flexible.')
    file.print(`readonly flexibleVersions: ${range} | null`)
    file.doc('The highest version may still change and is never advertised.')
    file.print('readonly latestVersionUnstable: boolean', 'readonly listeners: readonly string[]')
  })
  file.print('')
}

function apiFacts({ apiKey, name, request, response, message }: ApiModel): readonly string[] {
  return [
    `apiKey: ${String(apiKey)}`,
    `name: '${name}'`,
    `request: ${nameCode(request)}`,
    `response: ${nameCode(response)}`,
    `validVersions: ${rangeCode(message?.validVersions ?? NONE)}`,
    `flexibleVersions: ${rangeCode(message?.flexibleVersions ?? NONE)}`,
    `latestVersionUnstable: ${String(message?.latestVersionUnstable ?? false)}`,
    `listeners: [${(message?.listeners ?? []).map((listener) => `'${listener}'`).join(', ')}]`,
  ]
}

function nameCode(name: string | null): string {
  return name === null ? 'null' : `'${name}'`
}
