import { apisFile } from './emit/apis-file'
import { messageFile } from './emit/message-file'
import { errorCodesFile, messagesFile } from './emit/tables'
import { readErrorCodes } from './schema/error-codes'
import type { MessageModel, ReservedMessage } from './schema/model'
import { readSchema } from './schema/read'

/** File names, relative to a folder, and their texts. */
export type Files = ReadonlyMap<string, string>

export const ERROR_CODES = 'tables/error-codes.json'
export const SOURCE = 'SOURCE.json'

/** From the texts of the schemas to the texts of the generated files; nothing else goes in, so that the same schemas give the same files. */
export function generate(schemas: Files): Files {
  const kafka = kafkaVersion(schemas.get(SOURCE))
  const header = (source: string): readonly string[] => fileHeader(`schemas/${source}`, kafka)
  const { messages, reserved } = readAll(schemas)
  const files = new Map(messages.map((message) => [`messages/${message.name}.ts`, messageFile(message, header(`${message.name}.json`))]))
  files.set('apis.ts', apisFile(messages, reserved, header('*.json')))
  files.set('messages.ts', messagesFile(messages, header('*.json')))
  const errorCodes = schemas.get(ERROR_CODES)
  if (errorCodes !== undefined) files.set('error-codes.ts', errorCodesFile(readErrorCodes(errorCodes, ERROR_CODES), header(ERROR_CODES)))
  return files
}

function readAll(schemas: Files): { readonly messages: readonly MessageModel[]; readonly reserved: readonly ReservedMessage[] } {
  const read = [...schemas].filter(([file]) => file !== SOURCE && file !== ERROR_CODES).map(([file, text]) => readSchema(text, file))
  return {
    messages: read.flatMap((schema) => (schema.kind === 'message' ? [schema.model] : [])),
    reserved: read.flatMap((schema) => (schema.kind === 'reserved' ? [schema.message] : [])),
  }
}

function kafkaVersion(source: string | undefined): string {
  if (source === undefined) return ''
  return ` of Apache Kafka ${(JSON.parse(source) as { readonly version: string }).version}`
}

function fileHeader(source: string, kafka: string): readonly string[] {
  return [`// Generated from ${source}${kafka}. Do not edit: npm run codegen`, '/* eslint-disable */']
}
