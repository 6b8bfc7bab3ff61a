import type { Versions } from './versions'

/** What a schema means: versions cut to what exists, types resolved, defaults checked. */
export interface MessageModel {
  /** The schema, relative to its folder. */
  readonly file: string
  readonly name: string
  readonly type: MessageType
  readonly apiKey: number | null
  readonly listeners: readonly string[]
  readonly validVersions: Versions
  /** Cut by the valid versions. */
  readonly flexibleVersions: Versions
  /** Cut by the valid versions. */
  readonly deprecatedVersions: Versions
  readonly latestVersionUnstable: boolean
  readonly root: Struct
  /** All other structs, each before those that it holds. */
  readonly structs: readonly Struct[]
}

/** A message that Kafka gave up: its key stays reserved and it has no code. */
export interface ReservedMessage {
  readonly file: string
  readonly name: string
  readonly type: MessageType
  readonly apiKey: number
}

/** The types that the codecs know; see `TYPES` in read.ts for those of the schemas. */
export type MessageType = 'request' | 'response' | 'header' | 'data'

export interface Struct {
  readonly name: string
  /** The versions in which it can be met. */
  readonly versions: Versions
  readonly fields: readonly Field[]
}

export interface Field {
  /** Kafka's name, as in the schema. */
  readonly name: string
  /** The same with its first letter lowered: the property of the value. */
  readonly property: string
  readonly type: FieldType
  /** As the schema says it, for the reader of the generated code. */
  readonly declared: DeclaredVersions
  /** Cut by the versions of the struct. */
  readonly versions: Versions
  readonly nullableVersions: Versions
  /** Null: the field is in no tag section. */
  readonly tag: number | null
  readonly taggedVersions: Versions
  readonly flexibleVersions: Versions
  readonly ignorable: boolean
  readonly default: Default
  readonly entityType: string | null
  /** One of the fields that tell the elements of an array apart. */
  readonly isMapKey: boolean
  /** What the schema says about it in prose. */
  readonly about: string | null
}

export interface DeclaredVersions {
  readonly versions: Versions
  readonly nullableVersions: Versions
  readonly taggedVersions: Versions
}

export const INTEGERS = {
  int8: [-0x80n, 0x7fn],
  int16: [-0x8000n, 0x7fffn],
  uint16: [0n, 0xffffn],
  int32: [-0x80000000n, 0x7fffffffn],
  uint32: [0n, 0xffffffffn],
  int64: [-0x8000000000000000n, 0x7fffffffffffffffn],
} as const

export type IntegerType = keyof typeof INTEGERS
export type FixedType = IntegerType | 'bool' | 'float64' | 'uuid'
export type SizedType = 'string' | 'bytes' | 'records'
export type PrimitiveType = FixedType | SizedType

export type ElementType = { readonly kind: 'primitive'; readonly name: PrimitiveType } | { readonly kind: 'struct'; readonly name: string }
export type FieldType = ElementType | { readonly kind: 'array'; readonly element: ElementType }

/** `zero` is the type's own: 0, false, "", no elements, a struct of defaults. */
export type Default =
  | { readonly kind: 'null' }
  | { readonly kind: 'zero' }
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'text'; readonly value: string }

const PRIMITIVES: ReadonlySet<string> = new Set([...Object.keys(INTEGERS), 'bool', 'float64', 'uuid', 'string', 'bytes', 'records'])

export function isPrimitive(name: string): name is PrimitiveType {
  return PRIMITIVES.has(name)
}

export function isInteger(name: PrimitiveType): name is IntegerType {
  return name in INTEGERS
}
