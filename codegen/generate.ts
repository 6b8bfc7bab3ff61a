import { apisFile } from './emit/apis-file'
import { messageFile } from './emit/message-file'
import { checkMessageName } from './emit/names'
import type { Setting } from './emit/source-file'
import { errorCodesFile, messagesFile } from './emit/tables'
import type { Runtime } from './emit/runtime'
import { ERROR_CODES, readFolder, type Files } from './schema/folder'

/** For whom the files are. */
export interface Target {
  readonly runtime: Runtime
  /** How the generated files name each other: `.js` is what a compiled ES module must say. */
  readonly importExtension: '' | '.js' | '.ts'
  /** The folder of the schemas, as the head of a file names it: '' or with a slash at its end. */
  readonly schemas: string
  /** What to run instead of editing a file. */
  readonly command: string
}

const MARK = '// Generated from '

/** The first line of every generated file: what begins so may be written over and deleted. Other generators begin much alike. */
export const GENERATED = /^\/\/ Generated from .*\. Do not edit: (?:npx kafkarx|npm run) codegen\n/

/** From the texts of the schemas to the texts of the generated files; nothing else goes in, so that the same schemas give the same files. */
export function generate(schemas: Files, target: Target): Files {
  const { messages, apis, errorCodes, kafkaVersion } = readFolder(schemas)
  messages.forEach(checkMessageName)
  const kafka = kafkaVersion === null ? '' : ` of Apache Kafka ${kafkaVersion}`
  const setting = (source: string, depth = 0): Setting => ({
    header: [`${MARK}${target.schemas}${source}${kafka}. Do not edit: ${target.command}`, '/* eslint-disable */'],
    runtime: target.runtime(depth),
  })
  const files = new Map(messages.map((message) => [`messages/${message.name}.ts`, messageFile(message, setting(message.file, 1))]))
  if (apis.length > 0) files.set('apis.ts', apisFile(apis, setting('*.json')))
  files.set('messages.ts', messagesFile(messages, target.importExtension, setting('*.json')))
  if (errorCodes !== null) files.set('error-codes.ts', errorCodesFile(errorCodes, setting(ERROR_CODES)))
  return files
}
