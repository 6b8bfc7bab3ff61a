import type { MessageModel } from '../schema/model'
import type { ErrorCode } from '../schema/error-codes'
import { SourceFile, type Setting } from './source-file'

/** All codecs in one object. Importing it loads every message; the producer itself imports the few that it needs. */
export function messagesFile(messages: readonly MessageModel[], extension: string, setting: Setting): string {
  const file = new SourceFile(setting)
  const names = messages.map(({ name }) => file.use(name, `./messages/${name}${extension}`)).sort()
  file.doc('Every message of the protocol, by its name.')
  file.print('export const messages = {')
  file.indent(() => file.print(...names.map((name) => `${name},`)))
  file.print('} as const', '', 'export type MessageName = keyof typeof messages')
  return file.toString()
}

export function errorCodesFile(errorCodes: readonly ErrorCode[], setting: Setting): string {
  const file = new SourceFile(setting)
  file.doc("What Kafka's own classes say about an error code.")
  file.block('export interface ErrorCodeFacts', () => {
    file.print('readonly errorCode: number', 'readonly name: string')
    file.doc('The same request may succeed when it is sent again.')
    file.print('readonly retriable: boolean')
    file.doc('What the client knows about the cluster is stale.')
    file.print('readonly invalidMetadata: boolean')
  })
  file.print('', 'export const errorCodes: readonly ErrorCodeFacts[] = [')
  file.indent(() => {
    for (const { errorCode, name, retriable, invalidMetadata } of errorCodes) {
      const facts = `errorCode: ${String(errorCode)}, name: '${name}', retriable: ${String(retriable)}, invalidMetadata: ${String(invalidMetadata)}`
      file.print(`{ ${facts} },`)
    }
  })
  file.print(']', '')
  file.doc("The numbers by Kafka's names.")
  file.print('export const ErrorCode = {')
  file.indent(() => file.print(...errorCodes.map(({ errorCode, name }) => `${name}: ${String(errorCode)},`)))
  file.print(
    '} as const',
    '',
    'export type ErrorName = keyof typeof ErrorCode',
    '',
    'const factsByCode: ReadonlyMap<number, ErrorCodeFacts> = new Map(errorCodes.map((facts) => [facts.errorCode, facts]))',
    '',
  )
  file.doc('A number that is not known, from a newer broker, means what Kafka takes it for: an unknown server error.')
  file.block('export function errorCodeFacts(errorCode: number): ErrorCodeFacts', () => {
    const unknown = "{ errorCode, name: 'UNKNOWN_SERVER_ERROR', retriable: false, invalidMetadata: false }"
    file.print(`return factsByCode.get(errorCode) ?? ${unknown}`)
  })
  return file.toString()
}
