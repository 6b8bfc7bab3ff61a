import { INTEGERS, isInteger, type Default, type FieldType, type PrimitiveType } from './model'
import type { SchemaNode } from './node'

const DECIMAL_OR_HEX = /^(-?)(\d+|0x[0-9a-fA-F]+)$/
const UUID = /^[A-Za-z0-9_-]{21}[AQgw]$/

/** `nullable`: null is allowed wherever the field is, so that "null" may be its default. */
export function readDefault(node: SchemaNode, type: FieldType, nullable: boolean): Default {
  const text = node.optionalScalar('default')
  if (text === 'null')
    return acceptsNull(type) && nullable ? { kind: 'null' } : node.refuse(`the default is null, which it cannot be in all its versions`)
  if (type.kind === 'primitive' && type.name === 'records') return text === undefined ? { kind: 'null' } : onlyEmpty(node, text)
  if (text === undefined || text === '') return { kind: 'zero' }
  return type.kind === 'primitive' ? primitiveDefault(node, type.name, text) : onlyEmpty(node, text)
}

export function acceptsNull(type: FieldType): boolean {
  return type.kind !== 'primitive' || type.name === 'string' || type.name === 'bytes' || type.name === 'records'
}

function primitiveDefault(node: SchemaNode, type: PrimitiveType, text: string): Default {
  if (isInteger(type)) return { kind: 'integer', value: integerDefault(node, type, text) }
  if (type === 'string') return { kind: 'text', value: text }
  if (type === 'bool' && (text === 'true' || text === 'false')) return { kind: 'bool', value: text === 'true' }
  if (type === 'float64' && Number.isFinite(Number(text))) return { kind: 'float', value: Number(text) }
  if (type === 'uuid' && UUID.test(text)) return { kind: 'text', value: text }
  return node.refuse(`'${text}' is no default of type ${type}`)
}

function integerDefault(node: SchemaNode, type: keyof typeof INTEGERS, text: string): bigint {
  const match = DECIMAL_OR_HEX.exec(text)
  if (match === null) return node.refuse(`'${text}' is no default of type ${type}`)
  const [, sign = '', digits = ''] = match
  const value = sign === '-' ? -BigInt(digits) : BigInt(digits)
  const [least, most] = INTEGERS[type]
  return value >= least && value <= most ? value : node.refuse(`the default ${text} is beyond ${type}`)
}

function onlyEmpty(node: SchemaNode, text: string): Default {
  return text === '' ? { kind: 'zero' } : node.refuse(`its default can only be empty or null, not '${text}'`)
}
