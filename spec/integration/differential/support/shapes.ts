/** Which fields a message has in which version, read from the schemas: so that no field is counted that was not on the wire. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Field, FieldType, MessageModel } from '../../../../codegen/schema/model'
import { readSchema } from '../../../../codegen/schema/read'

const SCHEMAS = join(__dirname, '../../../../schemas')

export interface Shape {
  readonly fields: readonly ShapedField[]
}

export interface ShapedField {
  readonly property: string
  readonly kind: 'value' | 'records' | 'struct' | 'structs' | 'values'
  /** Of a struct, or of the elements of an array of them. */
  readonly shape: Shape | undefined
  isIn(version: number): boolean
}

const known = new Map<string, Shape>()

/** Of a message by its name, such as `ProduceResponse`. */
export function shapeOf(name: string): Shape {
  const found = known.get(name) ?? readShape(name)
  known.set(name, found)
  return found
}

function readShape(name: string): Shape {
  const schema = readSchema(readFileSync(join(SCHEMAS, `${name}.json`), 'utf8'), name)
  if (schema.kind !== 'message') throw new Error(`${name} is no message`)
  return { fields: schema.model.root.fields.map((field) => shapedField(field, schema.model)) }
}

function shapedField(field: Field, model: MessageModel): ShapedField {
  const { lowest, highest } = field.versions
  const struct = structOf(field.type)
  const found = model.structs.find(({ name }) => name === struct)
  return {
    property: field.property,
    kind: kindOf(field.type),
    shape: found && { fields: found.fields.map((each) => shapedField(each, model)) },
    isIn: (version) => version >= lowest && version <= highest,
  }
}

const structOf = (type: FieldType): string | undefined => {
  const element = type.kind === 'array' ? type.element : type
  return element.kind === 'struct' ? element.name : undefined
}

function kindOf(type: FieldType): ShapedField['kind'] {
  if (type.kind === 'array') return type.element.kind === 'struct' ? 'structs' : 'values'
  if (type.kind === 'struct') return 'struct'
  return type.name === 'records' ? 'records' : 'value'
}

/** The request without the fields that the version does not have: a scenario spells all, and every version is asked for what it can say. */
export function fitting<Q>(request: Q, name: string, version: number): Q {
  return fit(request as Fields, shapeOf(name), version) as Q
}

type Fields = Readonly<Record<string, unknown>>

function fit(value: Fields, { fields }: Shape, version: number): Fields {
  const entries = Object.entries(value).flatMap(([property, each]) => {
    const field = fields.find((one) => one.property === property)
    if (field === undefined) return [[property, each]]
    if (!field.isIn(version)) return []
    return [[property, fitField(each, field, version)]]
  })
  return Object.fromEntries(entries) as Fields
}

function fitField(value: unknown, { kind, shape }: ShapedField, version: number): unknown {
  if (shape === undefined || value === null || value === undefined) return value
  if (kind === 'structs') return (value as readonly Fields[]).map((each) => fit(each, shape, version))
  return fit(value as Fields, shape, version)
}
