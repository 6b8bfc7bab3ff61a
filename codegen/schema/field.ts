import { acceptsNull, readDefault } from './default'
import { isPrimitive, type DeclaredVersions, type ElementType, type Field, type FieldType } from './model'
import type { SchemaNode } from './node'
import { contains, intersect, isEmpty, isOpenEnded, NONE, parseVersions, sameVersions, type Versions } from './versions'

const KEYS = [
  ...['name', 'type', 'versions', 'nullableVersions', 'taggedVersions', 'tag', 'flexibleVersions'],
  ...['default', 'ignorable', 'mapKey', 'entityType', 'zeroCopy', 'about', 'fields'],
]

const NAME = /^[A-Za-z][A-Za-z0-9]*$/

/** What an entity's id is made of. */
const ENTITY_TYPES: Readonly<Record<string, string>> = {
  transactionalId: 'string',
  groupId: 'string',
  topicName: 'string',
  producerId: 'int64',
  brokerId: 'int32',
}

/** What surrounds a field. */
export interface FieldScope {
  /** The versions of the struct that holds the field. */
  readonly versions: Versions
  /** As the message declares them, open-ended or none. */
  readonly flexibleVersions: Versions
  readonly isTopLevel: boolean
}

/** One field, checked in itself; its struct type, if it has one, is resolved by the caller. */
export function readField(node: SchemaNode, scope: FieldScope): Field {
  node.allowOnly(KEYS)
  const name = readName(node)
  const type = parseType(node, node.string('type'))
  const declared = readDeclaredVersions(node)
  const versions = intersect(declared.versions, scope.versions)
  checkNullable(node, type, declared)
  checkAttributes(node, type, scope)
  return {
    name,
    property: name.charAt(0).toLowerCase() + name.slice(1),
    type,
    declared,
    versions,
    nullableVersions: intersect(declared.nullableVersions, versions),
    tag: readTag(node, { type, declared, scope }),
    taggedVersions: intersect(declared.taggedVersions, versions),
    flexibleVersions: intersect(readFlexibleVersions(node, type, scope), versions),
    ignorable: node.boolean('ignorable'),
    default: readDefault(node, type, contains(declared.nullableVersions, declared.versions)),
    entityType: readEntityType(node, type),
    isMapKey: node.boolean('mapKey'),
    about: node.optionalString('about') ?? null,
  }
}

export function readName(node: SchemaNode): string {
  const name = node.string('name')
  return NAME.test(name) ? name : node.refuse(`'${name}' is no name`)
}

export function readVersions(node: SchemaNode, key: string): Versions | undefined {
  const text = node.optionalString(key)
  if (text === undefined) return undefined
  return parseVersions(text) ?? node.refuse(`'${key}' is '${text}', which is no range of versions`)
}

function parseType(node: SchemaNode, text: string): FieldType {
  if (!text.startsWith('[]')) return elementType(node, text)
  const element = elementType(node, text.slice(2))
  if (element.kind === 'primitive' && element.name === 'records') return node.refuse('arrays of records are not supported')
  return { kind: 'array', element }
}

function elementType(node: SchemaNode, text: string): ElementType {
  if (isPrimitive(text)) return { kind: 'primitive', name: text }
  return /^[A-Z][A-Za-z0-9]*$/.test(text) ? { kind: 'struct', name: text } : node.refuse(`unknown type '${text}'`)
}

function readDeclaredVersions(node: SchemaNode): DeclaredVersions {
  const taggedVersions = readVersions(node, 'taggedVersions') ?? NONE
  const versions = readVersions(node, 'versions') ?? (isEmpty(taggedVersions) ? node.refuse("'versions' is missing") : taggedVersions)
  return { versions, nullableVersions: readVersions(node, 'nullableVersions') ?? NONE, taggedVersions }
}

function checkNullable(node: SchemaNode, type: FieldType, { nullableVersions, taggedVersions }: DeclaredVersions): void {
  if (isEmpty(nullableVersions)) return
  if (!acceptsNull(type)) node.refuse('its type cannot be null')
  const both = intersect(nullableVersions, taggedVersions)
  if (!isEmpty(both) && !sameVersions(both, taggedVersions)) node.refuse('is nullable in some of its tagged versions only')
}

function checkAttributes(node: SchemaNode, type: FieldType, { isTopLevel }: FieldScope): void {
  if (node.boolean('mapKey') && isTopLevel) node.refuse('a map key at the top level')
  if (node.boolean('mapKey') && node.has('tag')) node.refuse('a map key cannot be tagged')
  if (node.boolean('zeroCopy') && !isOf(type, 'bytes')) node.refuse("'zeroCopy' is for bytes only")
  if (node.has('fields') && !isStructure(type)) node.refuse('has fields, but its type is no struct')
}

interface TagScope {
  readonly type: FieldType
  readonly declared: DeclaredVersions
  readonly scope: FieldScope
}

function readTag(node: SchemaNode, { type, declared, scope }: TagScope): number | null {
  const tag = node.integer('tag')
  const { versions, taggedVersions } = declared
  if (tag === undefined && isEmpty(taggedVersions)) return null
  if (tag === undefined) return node.refuse("has 'taggedVersions' and no 'tag'")
  if (isEmpty(taggedVersions)) return node.refuse("has a 'tag' and no 'taggedVersions'")
  if (tag < 0) return node.refuse('its tag is negative')
  if (!isOpenEnded(taggedVersions)) return node.refuse("'taggedVersions' must be open-ended")
  if (!contains(versions, taggedVersions)) return node.refuse("'taggedVersions' are not all in 'versions'")
  if (!contains(scope.flexibleVersions, taggedVersions)) return node.refuse("'taggedVersions' are not all flexible versions of the message")
  return isOf(type, 'records') ? node.refuse('records cannot be tagged') : tag
}

function readFlexibleVersions(node: SchemaNode, type: FieldType, { flexibleVersions }: FieldScope): Versions {
  const own = readVersions(node, 'flexibleVersions')
  if (own === undefined) return flexibleVersions
  if (!isOf(type, 'string') && !isOf(type, 'bytes')) return node.refuse("'flexibleVersions' of its own are for strings and bytes only")
  return contains(flexibleVersions, own) ? own : node.refuse("'flexibleVersions' are not all flexible versions of the message")
}

function readEntityType(node: SchemaNode, type: FieldType): string | null {
  const entityType = node.optionalString('entityType')
  if (entityType === undefined) return null
  const base = ENTITY_TYPES[entityType] ?? node.refuse(`unknown entity type '${entityType}'`)
  const element = type.kind === 'array' ? type.element : type
  return element.name === base ? entityType : node.refuse(`entity type ${entityType} must be ${base}`)
}

function isOf(type: FieldType, name: string): boolean {
  return type.kind === 'primitive' && type.name === name
}

function isStructure(type: FieldType): boolean {
  return type.kind === 'struct' || (type.kind === 'array' && type.element.kind === 'struct')
}
