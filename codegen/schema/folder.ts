import { readErrorCodes, type ErrorCode } from './error-codes'
import { parseJson } from './json'
import type { MessageModel, ReservedMessage } from './model'
import { SchemaError, SchemaNode } from './node'
import { readSchema } from './read'

/** File names, relative to a folder, and their texts. */
export type Files = ReadonlyMap<string, string>

export const ERROR_CODES = 'tables/error-codes.json'
export const SOURCE = 'SOURCE.json'

/** What a folder of schemas says as a whole. */
export interface Protocol {
  readonly messages: readonly MessageModel[]
  readonly apis: readonly ApiModel[]
  /** Null: the folder has no table of them. */
  readonly errorCodes: readonly ErrorCode[] | null
  /** The release of Kafka that the schemas are from; null when nobody wrote it down. */
  readonly kafkaVersion: string | null
}

/** What is sent and answered under one key. */
export interface ApiModel {
  readonly apiKey: number
  readonly name: string
  /** Null: there is no schema of it. */
  readonly request: string | null
  readonly response: string | null
  /** The message that says which versions there are; null when the API was given up. */
  readonly message: MessageModel | null
}

export function readFolder(files: Files): Protocol {
  const all = readAll(files)
  const errorCodes = files.get(ERROR_CODES)
  return {
    messages: all.filter(isModel),
    apis: apisOf(all),
    errorCodes: errorCodes === undefined ? null : readErrorCodes(errorCodes, ERROR_CODES),
    kafkaVersion: readKafkaVersion(files.get(SOURCE)),
  }
}

type Message = MessageModel | ReservedMessage

function readAll(files: Files): readonly Message[] {
  const byName = new Map<string, Message>()
  for (const [file, text] of files) {
    if (file === SOURCE || file === ERROR_CODES) continue
    const schema = readSchema(text, file)
    const message = schema.kind === 'message' ? schema.model : schema.message
    const other = byName.get(message.name)
    if (other !== undefined) throw new SchemaError(file, '', `${message.name} is also in ${other.file}`)
    byName.set(message.name, message)
  }
  return [...byName.values()]
}

function apisOf(messages: readonly Message[]): readonly ApiModel[] {
  const requests = byKey(messages, 'request')
  const responses = byKey(messages, 'response')
  const keys = [...new Set([...requests.keys(), ...responses.keys()])].sort((a, b) => a - b)
  const named = new Map<string, number>()
  return keys.map((apiKey) => {
    const [request, response] = [requests.get(apiKey), responses.get(apiKey)]
    const message = request ?? response
    if (message === undefined) throw new Error(`API key ${String(apiKey)} comes from a message`)
    const name = message.name.replace(message.type === 'request' ? /Request$/ : /Response$/, '')
    checkName(message, name, named)
    return { apiKey, name, request: request?.name ?? null, response: response?.name ?? null, message: isModel(message) ? message : null }
  })
}

function byKey(messages: readonly Message[], type: 'request' | 'response'): ReadonlyMap<number, Message> {
  const found = new Map<number, Message>()
  for (const message of messages) {
    if (message.type !== type || message.apiKey === null) continue
    const other = found.get(message.apiKey)
    if (other !== undefined)
      throw new SchemaError(message.file, '', `API key ${String(message.apiKey)} already has the ${type} of ${other.file}`)
    found.set(message.apiKey, message)
  }
  return found
}

/** The table goes by names: a request without its response beside it has most likely another key than the response. */
function checkName({ file, apiKey }: Message, name: string, named: Map<string, number>): void {
  const other = named.get(name)
  if (other !== undefined) throw new SchemaError(file, '', `API ${name} has two keys: ${String(other)} and ${String(apiKey)}`)
  named.set(name, apiKey ?? 0)
}

function readKafkaVersion(source: string | undefined): string | null {
  if (source === undefined) return null
  const node = SchemaNode.root(parseJson(source, SOURCE), SOURCE)
  const version = node.string('version')
  return /^[\w.+-]+$/.test(version) ? version : node.refuse(`'${version}' is no version`)
}

function isModel(message: Message): message is MessageModel {
  return 'root' in message
}
