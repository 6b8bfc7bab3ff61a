import type { ErrorCode } from '../../codegen/schema/error-codes'
import { readFolder, type Files, type Protocol } from '../../codegen/schema/folder'
import type { Field, MessageModel, Struct } from '../../codegen/schema/model'
import { isEmpty, printVersions } from '../../codegen/schema/versions'

/** What two releases of Kafka do not have in common. */
export interface Changes {
  readonly from: string
  readonly to: string
  readonly messages: readonly MessageChange[]
  readonly errorCodes: readonly string[]
}

export interface MessageChange {
  readonly name: string
  readonly what: 'added' | 'removed' | 'changed'
  /** The versions, or what became of them. */
  readonly versions: string
  /** A line a field: `+ path (versions)`, `- path (versions)`, `~ path: facts → facts`. */
  readonly fields: readonly string[]
}

export function changesBetween(before: Files, after: Files): Changes {
  const [old, young] = [readFolder(before), readFolder(after)]
  const names = [...new Set([...old.messages, ...young.messages].map(({ name }) => name))].sort()
  return {
    from: old.kafkaVersion ?? 'before',
    to: young.kafkaVersion ?? 'after',
    messages: names.flatMap((name) => messageChange(find(old, name), find(young, name))),
    errorCodes: errorCodeChanges(old.errorCodes ?? [], young.errorCodes ?? []),
  }
}

function find({ messages }: Protocol, name: string): MessageModel | undefined {
  return messages.find((message) => message.name === name)
}

function messageChange(old: MessageModel | undefined, young: MessageModel | undefined): readonly MessageChange[] {
  if (old === undefined && young === undefined) return []
  if (old === undefined) return whole('added', young)
  if (young === undefined) return whole('removed', old)
  const versions = changed(versionsOf(old), versionsOf(young))
  const fields = fieldChanges(old, young)
  return versions === '' && fields.length === 0
    ? []
    : [{ name: old.name, what: 'changed', versions: versions || versionsOf(old), fields }]
}

function whole(what: 'added' | 'removed', message: MessageModel | undefined): readonly MessageChange[] {
  return message === undefined ? [] : [{ name: message.name, what, versions: versionsOf(message), fields: [] }]
}

function versionsOf({ validVersions, latestVersionUnstable }: MessageModel): string {
  return printVersions(validVersions) + (latestVersionUnstable ? ' (latest unstable)' : '')
}

function changed(before: string, after: string): string {
  return before === after ? '' : `${before} → ${after}`
}

function fieldChanges(old: MessageModel, young: MessageModel): readonly string[] {
  const [before, after] = [factsByPath(old), factsByPath(young)]
  const paths = [...new Set([...before.keys(), ...after.keys()])]
  const isOneSided = (path: string): boolean => before.has(path) !== after.has(path)
  return paths.flatMap((path) => {
    // What a field that came or went holds came or went with it.
    if (isOneSided(path) && isOneSided(path.slice(0, Math.max(0, path.lastIndexOf('.'))))) return []
    const [was, is] = [before.get(path), after.get(path)]
    if (was === undefined) return is === undefined ? [] : [`+ ${path} (${is})`]
    if (is === undefined) return [`- ${path} (${was})`]
    return was === is ? [] : [`~ ${path}: ${was} → ${is}`]
  })
}

/** Every field that some version has, by the way to it. What its struct is called does not count: it is not on the wire. */
function factsByPath(message: MessageModel): ReadonlyMap<string, string> {
  const structs = new Map(message.structs.map((struct) => [struct.name, struct]))
  const facts = new Map<string, string>()
  const walk = ({ fields }: Struct, path: string): void => {
    for (const field of fields) {
      if (isEmpty(field.versions)) continue
      facts.set(path + field.property, factsOf(field))
      const struct = structs.get(structName(field))
      if (struct !== undefined) walk(struct, `${path}${field.property}.`)
    }
  }
  walk(message.root, '')
  return facts
}

function structName({ type }: Field): string {
  const element = type.kind === 'array' ? type.element : type
  return element.kind === 'struct' ? element.name : ''
}

/** As the schema says it, and not cut by the valid versions: that a version was dropped is said once, of the message. */
function factsOf(field: Field): string {
  const { versions, nullableVersions, taggedVersions } = field.declared
  const facts = [
    typeOf(field),
    printVersions(versions),
    ...(isEmpty(nullableVersions) ? [] : [`nullable ${printVersions(nullableVersions)}`]),
    ...(field.tag === null ? [] : [`tag ${String(field.tag)} in ${printVersions(taggedVersions)}`]),
    ...(field.default.kind === 'zero' ? [] : [`default ${field.default.kind === 'null' ? 'null' : String(field.default.value)}`]),
    ...(field.ignorable ? ['ignorable'] : []),
  ]
  return facts.join(', ')
}

function typeOf({ type }: Field): string {
  const element = type.kind === 'array' ? type.element : type
  return (type.kind === 'array' ? '[]' : '') + (element.kind === 'struct' ? 'struct' : element.name)
}

function errorCodeChanges(before: readonly ErrorCode[], after: readonly ErrorCode[]): readonly string[] {
  const text = ({ errorCode, name, retriable, invalidMetadata }: ErrorCode): string =>
    [`${String(errorCode)} ${name}`, ...(retriable ? ['retriable'] : []), ...(invalidMetadata ? ['invalid metadata'] : [])].join(', ')
  const [old, young] = [before.map(text), after.map(text)]
  const gone = old.filter((line) => !young.includes(line)).map((line) => `- ${line}`)
  return [...gone, ...young.filter((line) => !old.includes(line)).map((line) => `+ ${line}`)]
}
