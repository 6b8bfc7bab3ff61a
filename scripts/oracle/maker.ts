import { isDeepStrictEqual } from 'node:util'
import type { ElementType, Field, Struct } from '../../codegen/schema/model'
import type { Chance } from './chance'
import { has } from './schema'
import type { Schema } from './schema'
import type { Value } from './vector'

/** One more, and Kafka takes it for a sign of its own. */
export const MOST_TAG = 0x7ffffffe

/**
 *   filled    every field other than its default
 *   nulls     null wherever the version allows it
 *   boundary  values at the edges of their types and of their encodings
 *   nested    arrays of structs with nothing in them
 *   tagged    filled, with unknown tags in every struct
 *   mixed     all of it, field by field
 */
export type Style = 'filled' | 'nulls' | 'boundary' | 'nested' | 'tagged' | 'mixed'

/** One field of one struct that gets a value of its own. */
export interface Change {
  readonly struct: Struct
  readonly field: Field
  readonly value: unknown
}

interface MakerOptions {
  readonly schema: Schema
  readonly version: number
  readonly style: Style
  readonly chance: Chance
  readonly change?: Change
}

/** Fills messages by chance: what the version has by a style, what it lacks with its default. */
export class Maker {
  private readonly schema: Schema
  private readonly version: number
  private readonly style: Style
  private readonly chance: Chance
  private readonly change: Change | undefined

  constructor({ schema, version, style, chance, change }: MakerOptions) {
    this.schema = schema
    this.version = version
    this.style = style
    this.chance = chance
    this.change = change
  }

  make(struct: Struct = this.schema.model.root): Value {
    const entries = struct.fields.map((field) => [field.property, this.valueOf(struct, field)] as const)
    return { ...Object.fromEntries(entries), unknownTaggedFields: this.tags(struct) }
  }

  /** Not its default, whether the version has the field or not: a struct that it lacks is filled as its last version has it. */
  filled(field: Field): unknown {
    const { type } = field
    if (type.kind === 'array') return this.times(this.chance.few(), type.element)
    if (type.kind === 'struct') return this.forStruct(this.schema.struct(type.name)).filledStruct(type.name)
    const value = this.chance.scalar(type.name)
    return isDeepStrictEqual(value, this.schema.defaultOf(field)) ? this.filled(field) : value
  }

  private filledStruct(name: string): Value {
    return this.make(this.schema.struct(name))
  }

  private forStruct({ versions }: Struct): Maker {
    if (has(versions, this.version)) return this
    return new Maker({ schema: this.schema, version: versions.highest, style: this.style, chance: this.chance })
  }

  private valueOf(struct: Struct, field: Field): unknown {
    if (this.change?.struct === struct && this.change.field === field) return this.change.value
    return has(field.versions, this.version) ? this.styled(field) : this.schema.defaultOf(field)
  }

  private styled(field: Field): unknown {
    const nullable = has(field.nullableVersions, this.version)
    if (this.style === 'nulls') return nullable ? null : this.filled(field)
    if (this.style === 'boundary') return this.boundary(field)
    if (this.style === 'nested') return this.nested(field)
    return this.style === 'mixed' ? this.mixed(field, nullable) : this.filled(field)
  }

  private mixed(field: Field, nullable: boolean): unknown {
    if (nullable && this.chance.one(5)) return null
    if (this.chance.one(6)) return this.standard(field)
    return this.chance.one(3) ? this.boundary(field) : this.filled(field)
  }

  private nested(field: Field): unknown {
    const { type } = field
    return type.kind === 'array' && type.element.kind === 'struct' ? this.times(this.chance.below(3), type.element) : this.standard(field)
  }

  /** Its default, unless that is a null that cannot be written: records have one. */
  private standard(field: Field): unknown {
    const standard = this.schema.defaultOf(field)
    return standard === null && !has(field.nullableVersions, this.version) ? this.filled(field) : standard
  }

  private boundary({ type }: Field): unknown {
    if (type.kind === 'struct') return this.filledStruct(type.name)
    if (type.kind === 'primitive') return this.chance.boundary(type.name)
    return this.times(type.element.kind === 'struct' ? this.chance.below(3) : this.chance.arrayLength(), type.element)
  }

  private times(length: number, type: ElementType): readonly unknown[] {
    const one = (): unknown => {
      if (type.kind === 'primitive') return this.chance.scalar(type.name)
      return this.forStruct(this.schema.struct(type.name)).filledStruct(type.name)
    }
    return Array.from({ length }, one)
  }

  private tags({ fields }: Struct): readonly unknown[] {
    const flexible = has(this.schema.model.flexibleVersions, this.version)
    const wanted = this.style === 'tagged' || (this.style === 'mixed' && flexible && this.chance.one(6))
    if (!wanted) return []
    const known = fields.filter(({ tag }) => tag !== null).length
    const some = [known, known + 1, known + 127, MOST_TAG].filter(() => this.chance.one(2))
    // At least one, so that a version without tags has something to refuse.
    return (some.length > 0 ? some : [known]).map((tag) => ({ tag, data: this.chance.bytes(this.chance.pick([0, 1, 3, 128])) }))
  }
}
