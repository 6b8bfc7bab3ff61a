import type { ElementType, Field, FieldType, PrimitiveType } from '../schema/model'
import { holdsNull, nameOf, type MessageContext } from './context'
import { useRuntime, useRuntimeType } from './runtime'

/** `value`: what reading gives. `input`: what writing takes. */
export type Side = 'value' | 'input'

const TYPES: Readonly<Record<Exclude<PrimitiveType, 'records'>, string>> = {
  bool: 'boolean',
  int8: 'number',
  int16: 'number',
  uint16: 'number',
  int32: 'number',
  uint32: 'number',
  int64: 'bigint',
  float64: 'number',
  uuid: 'string',
  string: 'string',
  bytes: 'Uint8Array',
}

export function fieldType(context: MessageContext, field: Field, side: Side): string {
  const type = typeText(context, field.type, side)
  return holdsNull(field) ? `${type} | null` : type
}

export function elementTypeText(context: MessageContext, type: ElementType, side: Side): string {
  if (type.kind === 'struct') return nameOf(context, type.name) + (side === 'input' ? 'Input' : '')
  if (type.name !== 'records') return TYPES[type.name]
  return side === 'input' ? useRuntimeType(context.file, 'Pieces') : 'Uint8Array'
}

/** The default as code, for a place where a new value is wanted. */
export function defaultCode(context: MessageContext, field: Field): string {
  switch (field.default.kind) {
    case 'null':
      return 'null'
    case 'zero':
      return zeroCode(context, field.type)
    case 'integer':
      return String(field.default.value) + (isInt64(field.type) ? 'n' : '')
    case 'text':
      return textCode(field.default.value)
    default:
      return String(field.default.value)
  }
}

function textCode(text: string): string {
  const [, inner = ''] = /^"(.*)"$/.exec(JSON.stringify(text)) ?? []
  return `'${inner.replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}

function typeText(context: MessageContext, type: FieldType, side: Side): string {
  if (type.kind !== 'array') return elementTypeText(context, type, side)
  return `readonly ${elementTypeText(context, type.element, side)}[]`
}

function zeroCode(context: MessageContext, type: FieldType): string {
  if (type.kind === 'array') return '[]'
  if (type.kind === 'struct') return `create${nameOf(context, type.name)}()`
  switch (type.name) {
    case 'bool':
      return 'false'
    case 'string':
      return "''"
    case 'uuid':
      return useRuntime(context.file, 'ZERO_UUID')
    case 'bytes':
      return useRuntime(context.file, 'NO_BYTES')
    case 'records':
      return 'null'
    default:
      return isInt64(type) ? '0n' : '0'
  }
}

function isInt64(type: FieldType): boolean {
  return type.kind === 'primitive' && type.name === 'int64'
}
