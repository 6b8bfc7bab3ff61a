import { readVersions } from './field'
import { parseJson } from './json'
import type { MessageModel, MessageType, ReservedMessage } from './model'
import { SchemaNode } from './node'
import { StructReader } from './structs'
import { intersect, isEmpty, isOpenEnded, NONE, type Versions } from './versions'

const KEYS = [
  'name',
  'type',
  'apiKey',
  'listeners',
  'validVersions',
  'flexibleVersions',
  'deprecatedVersions',
  'latestVersionUnstable',
  'fields',
  'commonStructs',
]
/** The types of Kafka's schemas. Records of its own logs are data too; their API key says which record it is. */
const TYPES: Readonly<Record<string, { readonly type: MessageType; readonly hasKey: boolean }>> = {
  request: { type: 'request', hasKey: true },
  response: { type: 'response', hasKey: true },
  header: { type: 'header', hasKey: false },
  data: { type: 'data', hasKey: false },
  metadata: { type: 'data', hasKey: true },
  'coordinator-key': { type: 'data', hasKey: true },
  'coordinator-value': { type: 'data', hasKey: true },
}

const LISTENER = /^[A-Za-z][A-Za-z0-9]*$/
const MESSAGE_NAME = /^[A-Z][A-Za-z0-9]*$/

export type Schema =
  { readonly kind: 'message'; readonly model: MessageModel } | { readonly kind: 'reserved'; readonly message: ReservedMessage }

/** Reads one schema and refuses whatever it does not understand: what is skipped silently would be missing on the wire. */
export function readSchema(text: string, file: string): Schema {
  const node = SchemaNode.root(parseJson(text, file), file)
  node.allowOnly(KEYS)
  const validVersions = readVersions(node, 'validVersions') ?? node.refuse("'validVersions' is missing")
  if (isEmpty(validVersions)) return { kind: 'reserved', message: readReserved(node) }
  if (isOpenEnded(validVersions)) node.refuse('the highest valid version must be stated')
  const flexibleVersions =
    readVersions(node, 'flexibleVersions') ?? node.refuse("'flexibleVersions' is missing: none, or the first and '+'")
  if (!isEmpty(flexibleVersions) && !isOpenEnded(flexibleVersions)) node.refuse("'flexibleVersions' must be none or open-ended")
  return { kind: 'message', model: readMessage(node, validVersions, flexibleVersions) }
}

function readReserved(node: SchemaNode): ReservedMessage {
  if (node.nodes('fields').length > 0) node.refuse('has fields, but no valid versions')
  const apiKey = node.integer('apiKey') ?? node.refuse("'apiKey' is missing")
  return { file: node.file, name: readMessageName(node), type: readType(node).type, apiKey }
}

function readMessage(node: SchemaNode, validVersions: Versions, flexibleVersions: Versions): MessageModel {
  const { type } = readType(node)
  const structs = new StructReader(node, validVersions, flexibleVersions)
  return {
    file: node.file,
    name: readMessageName(node),
    type,
    apiKey: readApiKey(node),
    listeners: readListeners(node),
    validVersions,
    flexibleVersions: intersect(flexibleVersions, validVersions),
    deprecatedVersions: intersect(readVersions(node, 'deprecatedVersions') ?? NONE, validVersions),
    latestVersionUnstable: readLatestVersionUnstable(node),
    root: structs.readRoot(),
    structs: structs.all(),
  }
}

/** It becomes the name of a type and of a file. */
function readMessageName(node: SchemaNode): string {
  const name = node.string('name')
  return MESSAGE_NAME.test(name) ? name : node.refuse(`'${name}' is no name of a message: it begins with a capital`)
}

function readType(node: SchemaNode): { readonly type: MessageType; readonly hasKey: boolean } {
  const type = node.string('type')
  return TYPES[type] ?? node.refuse(`unknown message type '${type}'`)
}

function readApiKey(node: SchemaNode): number | null {
  const apiKey = node.integer('apiKey') ?? null
  if ((apiKey !== null) === readType(node).hasKey) return apiKey
  return node.refuse(`a message of type ${node.string('type')} ${apiKey === null ? 'must' : 'cannot'} have an 'apiKey'`)
}

function readListeners(node: SchemaNode): readonly string[] {
  const listeners = node.strings('listeners')
  if (listeners.length > 0 && readType(node).type !== 'request') node.refuse("'listeners' are for requests only")
  return listeners.every((listener) => LISTENER.test(listener)) ? listeners : node.refuse("'listeners' must be names")
}

function readLatestVersionUnstable(node: SchemaNode): boolean {
  const isUnstable = node.boolean('latestVersionUnstable')
  return isUnstable && readType(node).type !== 'request' ? node.refuse("'latestVersionUnstable' is for requests only") : isUnstable
}
