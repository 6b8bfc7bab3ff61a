import type { Field, Struct } from '../schema/model'
import { contains, subtract } from '../schema/versions'
import { nameOf, structOf, type MessageContext, type StructContext } from './context'
import { localName } from './names'
import { useRuntime } from './runtime'
import { defaultCode } from './types'

/** `function create…`: every field at its default. */
export function emitCreate(context: StructContext): void {
  const { file, struct, typeName } = context
  file.func({ name: `create${typeName}`, parameters: {}, type: typeName }, () => {
    file.block('return', () => {
      for (const field of struct.fields) file.print(`${field.property}: ${defaultCode(context, field)},`)
      file.print(`unknownTaggedFields: ${useRuntime(file, 'NO_TAGGED_FIELDS')},`)
    })
  })
}

/** `function isDefault…`: whether a struct says nothing, so that it need not be written. */
export function emitIsDefault(context: StructContext): void {
  const { file, struct, typeName } = context
  file.func({ name: `isDefault${typeName}`, parameters: { value: `${typeName}Input` }, type: 'boolean' }, () => {
    emitFields(context)
    const tests = struct.fields.map((field) => defaultTest(context, field))
    file.print(`return ${[...tests, 'unknownTaggedFields.length === 0'].join(' && ')}`)
  })
}

/** The fields of `value` as variables; one that was left out gets its default. */
export function emitFields(context: StructContext): void {
  const { file, struct } = context
  const fields = struct.fields.map((field) => `${variable(field)} = ${defaultCode(context, field)}`)
  const all = [...fields, `unknownTaggedFields = ${useRuntime(file, 'NO_TAGGED_FIELDS')}`]
  file.list('const {', all, '} = value')
}

/** Code that is true when the field has its default. */
export function defaultTest(context: MessageContext, field: Field): string {
  const local = localName(field.property)
  if (field.default.kind !== 'zero' || isPlain(field)) return `${local} === ${defaultCode(context, field)}`
  const test = field.type.kind === 'struct' ? `isDefault${nameOf(context, field.type.name)}(${local})` : `${local}.length === 0`
  // Also where null is not allowed: it is no default either, and must reach the refusal.
  return `${local} !== null && ${test}`
}

/** The opposite of `defaultTest`. */
export function setTest(context: MessageContext, field: Field): string {
  const local = localName(field.property)
  if (field.default.kind !== 'zero' || isPlain(field)) return `${local} !== ${defaultCode(context, field)}`
  const test = field.type.kind === 'struct' ? `!isDefault${nameOf(context, field.type.name)}(${local})` : `${local}.length > 0`
  return `(${local} === null || ${test})`
}

/** The structs that some code creates or compares by default. */
export interface DefaultsNeeded {
  readonly create: ReadonlySet<Struct>
  readonly isDefault: ReadonlySet<Struct>
}

export function defaultsNeeded(context: MessageContext): DefaultsNeeded {
  const { message } = context
  const all = [message.root, ...message.structs]
  const create = new Set<Struct>([message.root])
  const isDefault = new Set<Struct>()
  for (const struct of all) {
    for (const field of struct.fields) {
      if (field.default.kind !== 'zero') continue
      addStruct(context, field, create)
      if (field.tag !== null || (!field.ignorable && isAbsentSomewhere(field, struct))) addStruct(context, field, isDefault)
    }
  }
  // A struct is compared field by field, down to the structs in it.
  for (const struct of isDefault) for (const field of struct.fields) if (field.default.kind === 'zero') addStruct(context, field, isDefault)
  return { create, isDefault }
}

/** The struct may be written in a version that lacks the field. */
export function isAbsentSomewhere(field: Field, struct: Struct): boolean {
  return !contains(field.versions, struct.versions) || subtract(struct.versions, field.versions) === undefined
}

function addStruct(context: MessageContext, { type }: Field, to: Set<Struct>): void {
  const struct = context.structs.get(structOf(type) ?? '')
  if (struct !== undefined) to.add(struct)
}

function isPlain({ type }: Field): boolean {
  return type.kind === 'primitive' && type.name !== 'bytes'
}

function variable({ property }: Field): string {
  const local = localName(property)
  return local === property ? property : `${property}: ${local}`
}
