import type { MessageModel } from '../schema/model'
import { RUNTIME_NAMES } from './runtime'

/** Names that generated code or its readers understand as something else. A fixed list: the output must not depend on the Node that runs this. */
const TAKEN = new Set([
  ...['Array', 'BigInt', 'Boolean', 'Date', 'Error', 'Event', 'Function', 'Iterator', 'Map', 'Number', 'Object', 'Omit', 'Partial', 'Pick'],
  ...[
    'Promise',
    'Proxy',
    'Readonly',
    'Record',
    'Required',
    'Response',
    'Request',
    'Set',
    'String',
    'Symbol',
    'Uint8Array',
    'WeakMap',
    'WeakSet',
  ],
])

/** Parameters and variables of generated functions, and words of the language. */
const TAKEN_LOCALS = new Set([
  ...['reader', 'writer', 'value', 'version', 'flexible', 'tag', 'end', 'mark', 'element', 'i', 'unknownTaggedFields'],
  ...['break', 'case', 'class', 'const', 'default', 'delete', 'do', 'else', 'enum', 'export', 'extends', 'false', 'for', 'function', 'if'],
  ...[
    'import',
    'in',
    'interface',
    'let',
    'new',
    'null',
    'package',
    'private',
    'protected',
    'public',
    'return',
    'static',
    'super',
    'switch',
  ],
  ...['this', 'throw', 'true', 'try', 'typeof', 'var', 'void', 'while', 'with', 'yield', 'await', 'arguments', 'eval'],
])

/** Struct names are unique inside one message only, and so are their interfaces; one that means something else takes the message's name in front. */
export function structNames(message: MessageModel): ReadonlyMap<string, string> {
  const all = new Set([message.name, ...message.structs.map(({ name }) => name)])
  const isTaken = (name: string): boolean =>
    TAKEN.has(name) ||
    RUNTIME_NAMES.has(name) ||
    name === message.name ||
    (name.endsWith('Input') && all.has(name.slice(0, -'Input'.length)))
  return new Map(message.structs.map(({ name }) => [name, isTaken(name) ? message.name + name : name]))
}

/** The variable that holds a field's value. */
export function localName(property: string): string {
  return TAKEN_LOCALS.has(property) ? `${property}Field` : property
}
