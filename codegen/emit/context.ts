import type { Field, FieldType, MessageModel, Struct } from '../schema/model'
import { isEmpty, subtract, NONE, type Versions } from '../schema/versions'
import { structNames } from './names'
import type { SourceFile } from './source-file'
import { versionTest, type VersionTest } from './version-conditional'

/** What every emitter of one message file shares. */
export interface MessageContext {
  readonly file: SourceFile
  readonly message: MessageModel
  readonly names: ReadonlyMap<string, string>
  readonly structs: ReadonlyMap<string, Struct>
}

/** The same, for one of its structs. */
export interface StructContext extends MessageContext {
  readonly struct: Struct
  /** The name of its interface, and of its functions after `read`, `write`, `create`. */
  readonly typeName: string
  /** Whether a version of this struct is flexible. */
  readonly flexible: VersionTest
}

export function messageContext(file: SourceFile, message: MessageModel): MessageContext {
  return { file, message, names: structNames(message), structs: new Map(message.structs.map((struct) => [struct.name, struct])) }
}

export function structContext(context: MessageContext, struct: Struct): StructContext {
  const typeName = struct === context.message.root ? struct.name : nameOf(context, struct.name)
  return { ...context, struct, typeName, flexible: versionTest(context.message.flexibleVersions, struct.versions) }
}

export function nameOf({ names }: MessageContext, struct: string): string {
  const name = names.get(struct)
  if (name === undefined) throw new Error(`Struct ${struct} was not resolved`)
  return name
}

/** How errors name a field: message, struct, field. */
export function label({ message, struct }: StructContext, property: string): string {
  return struct === message.root ? `'${message.name}.${property}'` : `'${message.name}.${struct.name}.${property}'`
}

/** The versions in which a field stands among the other fields, and not in the tag section. */
export function untaggedVersions(field: Field): Versions {
  return subtract(field.versions, field.taggedVersions) ?? NONE
}

/** Null is one of its values, in some version or as the default. */
export function holdsNull(field: Field): boolean {
  return !isEmpty(field.nullableVersions) || field.default.kind === 'null'
}

export function structOf(type: FieldType): string | undefined {
  return type.kind === 'struct' ? type.name : undefined
}
