/** Two answers, side by side, leaf by leaf. */
import { recordsShape, shapedBatches } from './shaped-records'
import type { ShapedBatch } from './shaped-records'
import { mapPair, zip } from './pair'
import type { Pair } from './pair'
import type { Shape, ShapedField } from './shapes'

/** `undefined`: it is not there on this side. */
export type Value = string | number | bigint | boolean | null | undefined

export interface Leaf extends Pair<Value> {
  /** With `[]` for every index: `topics[].partitions[].errorCode`. */
  readonly path: string
  /** With the indices or keys in it: `topics[orders].partitions[0].errorCode`. */
  readonly where: string
}

/** How the elements of an array are told apart, where their order means nothing. */
export interface KeyOfElement {
  (element: Fields, side: keyof Pair<unknown>): string
}

export interface WalkOptions {
  readonly version: number
  /** Undefined: the order counts. */
  readonly keyOf: (path: string) => KeyOfElement | undefined
}

export type Fields = Readonly<Record<string, unknown>>

interface Place {
  readonly path: string
  readonly where: string
}

const ROOT: Place = { path: '', where: '' }

const into = ({ path, where }: Place, property: string): Place => ({
  path: path === '' ? property : `${path}.${property}`,
  where: where === '' ? property : `${where}.${property}`,
})

const element = ({ path, where }: Place, key: string | number): Place => ({ path: `${path}[]`, where: `${where}[${key}]` })

/** Every field of the version that either of them has. */
export const leavesOf = (answers: Pair<Fields>, shape: Shape, options: WalkOptions): readonly Leaf[] => [
  ...structLeaves(answers, shape, ROOT, options),
]

function* structLeaves(values: Pair<Fields>, shape: Shape, place: Place, options: WalkOptions): Generator<Leaf> {
  for (const field of shape.fields) {
    if (!field.isIn(options.version)) continue
    const { property } = field
    yield* fieldLeaves({ theirs: values.theirs[property], ours: values.ours[property] }, field, into(place, property), options)
  }
  yield* unknownTags(values, place)
}

/** Only if there are any: there should be none. */
function* unknownTags({ theirs, ours }: Pair<Fields>, place: Place): Generator<Leaf> {
  const text = ({ unknownTaggedFields: tags }: Fields): string =>
    ((tags ?? []) as { readonly tag: number; readonly data: Uint8Array }[]).map(({ tag, data }) => `${tag}:${hex(data)}`).join(' ')
  if (text(theirs) + text(ours) !== '') yield { ...into(place, 'unknownTaggedFields'), theirs: text(theirs), ours: text(ours) }
}

function* fieldLeaves(values: Pair<unknown>, field: ShapedField, place: Place, options: WalkOptions): Generator<Leaf> {
  const { theirs, ours } = values
  const isLeaf = field.kind === 'value' || isNothing(theirs) || isNothing(ours)
  if (isLeaf) return yield { ...place, theirs: asValue(theirs), ours: asValue(ours) }
  if (field.kind === 'records') return yield* recordsLeaves(values as Pair<Uint8Array>, place, options)
  if (field.kind === 'values') return yield* plainElements(values as Pair<readonly unknown[]>, place, options)
  if (field.shape === undefined) throw new Error(`${place.path} has no shape`)
  if (field.kind === 'struct') return yield* structLeaves(values as Pair<Fields>, field.shape, place, options)
  yield* structsLeaves(values as Pair<readonly Fields[]>, field.shape, place, options)
}

const isNothing = (value: unknown): value is null | undefined => value === null || value === undefined

function* plainElements(values: Pair<readonly unknown[]>, place: Place, { keyOf }: WalkOptions): Generator<Leaf> {
  const inOrder = keyOf(place.path) === undefined ? (each: readonly unknown[]) => each : (each: readonly unknown[]) => each.toSorted()
  const { theirs, ours } = mapPair(values, inOrder)
  yield { ...into(place, 'length'), theirs: theirs.length, ours: ours.length }
  for (let i = 0; i < Math.min(theirs.length, ours.length); i++) {
    yield { ...element(place, i), theirs: asValue(theirs[i]), ours: asValue(ours[i]) }
  }
}

/** By key where the order means nothing, else one after the other. */
function* structsLeaves(values: Pair<readonly Fields[]>, shape: Shape, place: Place, options: WalkOptions): Generator<Leaf> {
  const keyOf = options.keyOf(place.path)
  const { theirs, ours } = keyOf === undefined ? indexed(values) : keyed(values, keyOf)
  if (keyOf === undefined) yield { ...into(place, 'length'), theirs: theirs.size, ours: ours.size }
  for (const key of new Set([...theirs.keys(), ...ours.keys()])) {
    const at = element(place, key)
    const both = { theirs: theirs.get(key), ours: ours.get(key) }
    if (both.theirs !== undefined && both.ours !== undefined) yield* structLeaves(both as Pair<Fields>, shape, at, options)
    else if (keyOf !== undefined) yield { ...at, theirs: present(both.theirs), ours: present(both.ours) }
  }
}

const present = (value: Fields | undefined): Value => (value === undefined ? undefined : 'there')

const indexed = ({ theirs, ours }: Pair<readonly Fields[]>): Pair<Map<string, Fields>> => ({
  theirs: new Map(theirs.map((value, i) => [String(i), value])),
  ours: new Map(ours.map((value, i) => [String(i), value])),
})

const keyed = ({ theirs, ours }: Pair<readonly Fields[]>, keyOf: KeyOfElement): Pair<Map<string, Fields>> => ({
  theirs: byKey(theirs, (value) => keyOf(value, 'theirs')),
  ours: byKey(ours, (value) => keyOf(value, 'ours')),
})

/** A key that comes again is told apart by how often it came before. */
function byKey(values: readonly Fields[], keyOf: (value: Fields) => string): Map<string, Fields> {
  const found = new Map<string, Fields>()
  for (const value of values) {
    const key = keyOf(value)
    let again = key
    for (let i = 2; found.has(again); i++) again = `${key}#${i}`
    found.set(again, value)
  }
  return found
}

/** Bytes by what they mean: their number, then batch by batch. */
function* recordsLeaves(bytes: Pair<Uint8Array>, place: Place, options: WalkOptions): Generator<Leaf> {
  const batches = mapPair(bytes, shapedBatches)
  yield { ...into(place, 'size'), ...sizesOf(bytes, batches) }
  yield* structsLeaves(batches, recordsShape, into(place, 'batches'), options)
}

/** Two compressors may write the same records in different bytes: where they did, the batches that they wrote do not count. */
function sizesOf(bytes: Pair<Uint8Array>, batches: Pair<readonly ShapedBatch[]>): Pair<number> {
  const sizes = mapPair(bytes, ({ length }) => length)
  if (sizes.theirs === sizes.ours) return sizes
  return zip(sizes, batches, (size, each) => each.reduce((rest, { compressedSize }) => rest - compressedSize, size))
}

export function asValue(value: unknown): Value {
  if (value === undefined || value === null) return value
  if (value instanceof Uint8Array) return `0x${hex(value)}`
  if (Array.isArray(value)) return `[${value.map((each) => String(asValue(each))).join(', ')}]`
  if (typeof value === 'object') return JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? each.toString() : each))
  return value as Value
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
