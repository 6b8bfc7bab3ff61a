import type { Field, Struct } from '../../codegen/schema/model'
import { fromHex } from './json'
import { Chance, seedOf } from './chance'
import { Maker, MOST_TAG } from './maker'
import type { Change, Style } from './maker'
import { has, reachable, schemaOf } from './schema'
import type { Schema } from './schema'
import { codecNamed, versionsOf, writtenByUs } from './vector'
import type { Value, Vector } from './vector'

const MOST_STRING_BYTES = 32_767
const BYTES_OF_EURO = 3

interface Target {
  readonly schema: Schema
  readonly version: number
  readonly seed: number
}

interface Made {
  readonly kind: string
  readonly value: Value
}

/** Vectors of a message that we write, for Java to check: the same kinds that Vectors.java makes for us, by our schemas instead of its classes. */
export function* ourVectors(message: string, seed: number, values: number): Generator<Vector> {
  const schema = schemaOf(message)
  for (const version of versionsOf(codecNamed(message))) {
    for (const made of valuesOf({ schema, version, seed }, values)) yield written(message, version, made)
  }
}

function* valuesOf(target: Target, values: number): Generator<Made> {
  const { schema, version } = target
  yield { kind: 'default', value: schema.defaults(schema.model.root) }
  for (const [style, count] of counts(values)) {
    for (let i = 0; i < count; i++) yield makeOne(target, `${style} ${String(i)}`, { style })
  }
  for (const struct of reachable(schema, version)) {
    for (const field of struct.fields) yield* changes(target, struct, field)
  }
  yield* longTexts(target)
  if (has(schema.model.flexibleVersions, version)) yield* wrongTags(target)
}

const counts = (values: number): readonly (readonly [Style, number])[] => [
  ['filled', 1],
  ['nulls', 1],
  ['boundary', 3],
  ['nested', 1],
  ['tagged', 1],
  ['mixed', values],
]

interface Recipe {
  readonly style?: Style
  readonly change?: Change
}

const makeOne = ({ schema, version, seed }: Target, kind: string, { style = 'filled', change }: Recipe): Made => {
  const chance = new Chance(seedOf(seed, schema.model.name, version, kind), change !== undefined)
  return { kind, value: new Maker({ schema, version, style, chance, ...(change && { change }) }).make() }
}

/** What the version cannot carry, one field at a time: a value where it has no field, and null where it has none. */
function* changes(target: Target, struct: Struct, field: Field): Generator<Made> {
  const { schema, version, seed } = target
  const change = (what: string, value: unknown): Made =>
    makeOne(target, `${what} ${struct.name}.${field.name}`, { change: { struct, field, value } })
  const present = has(field.versions, version)
  if (!present) {
    const chance = new Chance(seedOf(seed, schema.model.name, struct.name, field.name), true)
    yield change('absent', new Maker({ schema, version, style: 'filled', chance }).filled(field))
  }
  if (!has(field.nullableVersions, version) && holdsObjects(field)) yield change('null', null)
  if (present && field.type.kind === 'array') yield change('null in', [null])
}

/** Java's numbers and booleans are never null. */
const holdsObjects = ({ type }: Field): boolean =>
  type.kind !== 'primitive' || type.name === 'string' || type.name === 'uuid' || type.name === 'bytes' || type.name === 'records'

/** A string of as many bytes as Kafka takes, and one that is just too long. */
function* longTexts(target: Target): Generator<Made> {
  const { schema, version, seed } = target
  const places = [...reachable(schema, version)].flatMap((struct) =>
    struct.fields
      .filter(({ type, versions }) => type.kind === 'primitive' && type.name === 'string' && has(versions, version))
      .map((field) => ({ struct, field })),
  )
  if (places.length === 0) return
  const chance = new Chance(seedOf(seed, schema.model.name, version, 'long'), true)
  const place = chance.pick(places)
  const [character, most] = chance.one(2) ? ['a', MOST_STRING_BYTES] : ['€', Math.floor(MOST_STRING_BYTES / BYTES_OF_EURO)]
  yield makeOne(target, 'long', { change: { ...place, value: character.repeat(most) } })
  yield makeOne(target, 'too long', { change: { ...place, value: character.repeat(most + 1) } })
}

function* wrongTags(target: Target): Generator<Made> {
  const known = target.schema.model.root.fields.filter(({ tag }) => tag !== null).length
  const tagged = (kind: string, tags: readonly number[]): Made => {
    const unknownTaggedFields = tags.map((tag) => ({ tag, data: Uint8Array.of(1) }))
    return { kind, value: { ...makeOne(target, kind, {}).value, unknownTaggedFields } }
  }
  yield tagged('tags descend', [known + 1, known])
  yield tagged('tags repeat', [known, known])
  yield tagged('tag too great', [MOST_TAG + 1])
}

/** What we read from our own bytes goes along: Java must read the same. */
const written = (message: string, version: number, { kind, value }: Made): Vector => {
  try {
    const bytes = writtenByUs({ message, version, value })
    const read = bytes === null ? value : codecNamed(message).decode(fromHex(bytes), version)
    return { message, version, kind, value, bytes, read }
  } catch (error) {
    return { message, version, kind, value, bytes: null, read: value, crash: `throws ${String(error)}` }
  }
}
