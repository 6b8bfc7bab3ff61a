import type { MessageModel, Struct } from '../schema/model'
import { SchemaError } from '../schema/node'
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
  ...['reader', 'writer', 'value', 'version', 'flexible', 'tag', 'count', 'end', 'mark', 'element', 'i', 'unknownTaggedFields'],
  ...['catch', 'continue', 'debugger', 'finally', 'instanceof'],
  ...['break', 'case', 'class', 'const', 'default', 'delete', 'do', 'else', 'enum', 'export', 'extends', 'false', 'for', 'function', 'if'],
  ...[
    'implements',
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
  ...['undefined', ...RUNTIME_NAMES],
])

/** The functions of a generated file, which a variable of that name would hide. */
const FUNCTION_NAME = /^(create|isDefault|read|write)[A-Z]/

/** Struct names are unique inside one message only, and so are their interfaces; one that means something else takes the message's name in front. */
export function structNames(message: MessageModel): ReadonlyMap<string, string> {
  const used = new Set([message.name, inputName(message.name)])
  const isTaken = (name: string): boolean => TAKEN.has(name) || RUNTIME_NAMES.has(name) || used.has(name) || used.has(inputName(name))
  const free = (name: string): string => (isTaken(name) ? free(message.name + name) : name)
  const names = new Map<string, string>()
  for (const struct of message.structs) {
    const name = free(struct.name)
    names.set(struct.name, name)
    used.add(name).add(inputName(name))
  }
  return names
}

/** The interface of what may be written. */
export function inputName(name: string): string {
  return `${name}Input`
}

/** The variable that holds a field's value. No field has a name with an underscore, so that one with it is free. */
export function localName(property: string): string {
  return TAKEN_LOCALS.has(property) || FUNCTION_NAME.test(property) ? `${property}_` : property
}

/** A variable beside the one that holds the field's value, as for its length. */
export function helperName({ fields }: Struct, property: string, suffix: string): string {
  const name = localName(property) + suffix
  return fields.some((field) => field.property === name) ? `${name}_` : name
}

/** A message is exported under its own name, and so cannot have one that its file needs for something else. */
export function checkMessageName({ name, file }: MessageModel): void {
  if (name === 'Uint8Array' || RUNTIME_NAMES.has(name))
    throw new SchemaError(file, '', `${name} is a name that generated code needs itself`)
}
