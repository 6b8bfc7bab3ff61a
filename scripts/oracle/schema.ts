import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Field, MessageModel, Struct } from '../../codegen/schema/model'
import { readSchema } from '../../codegen/schema/read'
import type { Versions } from '../../codegen/schema/versions'
import { ZERO_UUID } from '../../lib/wire/uuid'
import type { Value } from './vector'

const SCHEMAS = join(__dirname, '..', '..', 'schemas')

/** A message as its schema says, for whoever makes values of it. */
export interface Schema {
  readonly model: MessageModel
  struct(name: string): Struct
  /** As Kafka creates it. */
  defaultOf(field: Field): unknown
  defaults(struct: Struct): Value
}

export const schemaOf = (name: string): Schema => {
  const file = `${name}.json`
  const read = readSchema(readFileSync(join(SCHEMAS, file), 'utf8'), file)
  if (read.kind !== 'message') throw new Error(`${name} has no versions`)
  const { model } = read
  const structs = new Map([model.root, ...model.structs].map((struct) => [struct.name, struct]))
  const struct = (wanted: string): Struct => {
    const found = structs.get(wanted)
    if (found === undefined) throw new Error(`${name} has no struct ${wanted}`)
    return found
  }
  const defaults = ({ fields }: Struct): Value => ({
    ...Object.fromEntries(fields.map((field) => [field.property, defaultOf(field)])),
    unknownTaggedFields: [],
  })
  const defaultOf = ({ type, default: value }: Field): unknown => {
    if (value.kind === 'null') return null
    if (value.kind === 'integer') return isLong(type) ? value.value : Number(value.value)
    if (value.kind !== 'zero') return value.value
    if (type.kind === 'array') return []
    return type.kind === 'struct' ? defaults(struct(type.name)) : zeroOf(type.name)
  }
  return { model, struct, defaultOf, defaults }
}

export const has = ({ lowest, highest }: Versions, version: number): boolean => version >= lowest && version <= highest

/** The struct that a field holds, one or many. */
export const structIn = (schema: Schema, { type }: Field): Struct | undefined => {
  const element = type.kind === 'array' ? type.element : type
  return element.kind === 'struct' ? schema.struct(element.name) : undefined
}

/** The root and all structs that can be met in it at the version. */
export const reachable = (schema: Schema, version: number): ReadonlySet<Struct> => {
  const found = new Set<Struct>()
  const visit = (struct: Struct): void => {
    if (found.has(struct)) return
    found.add(struct)
    for (const field of struct.fields) {
      const inner = has(field.versions, version) ? structIn(schema, field) : undefined
      if (inner !== undefined) visit(inner)
    }
  }
  visit(schema.model.root)
  return found
}

const isLong = (type: Field['type']): boolean => type.kind === 'primitive' && type.name === 'int64'

const zeroOf = (type: string): unknown => {
  if (type === 'bool') return false
  if (type === 'int64') return 0n
  if (type === 'uuid') return ZERO_UUID
  if (type === 'string') return ''
  if (type === 'records') return null
  return type === 'bytes' ? new Uint8Array(0) : 0
}
