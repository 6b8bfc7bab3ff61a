import type { ElementType, Field, MessageModel, PrimitiveType, Struct } from '../../../codegen/schema/model'
import { INTEGERS, isInteger } from '../../../codegen/schema/model'
import { isEmpty, type Versions } from '../../../codegen/schema/versions'
import { uuidToText, ZERO_UUID } from '../../../lib/wire/uuid'

export type Value = Readonly<Record<string, unknown>>
export type Random = () => number

/** A small generator of numbers in [0, 1): the same seed gives the same values (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    const a = Math.imul(state ^ (state >>> 15), 1 | state)
    const b = (a + Math.imul(a ^ (a >>> 7), 61 | a)) ^ a
    return ((b ^ (b >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Fills a message with values of one version, by its schema alone: what the version lacks is at its default. */
export class ValueMaker {
  private readonly structs: ReadonlyMap<string, Struct>

  constructor(
    private readonly message: MessageModel,
    private readonly version: number,
    private readonly random: Random,
  ) {
    this.structs = new Map(message.structs.map((struct) => [struct.name, struct]))
  }

  make(): Value {
    return this.struct(this.message.root)
  }

  defaults(struct: Struct = this.message.root): Value {
    const entries = struct.fields.map((field) => [field.property, this.default(field)])
    return { ...(Object.fromEntries(entries) as Value), unknownTaggedFields: [] }
  }

  default({ type, default: value }: Field): unknown {
    if (value.kind === 'null') return null
    if (value.kind === 'integer') return type.kind === 'primitive' && type.name === 'int64' ? value.value : Number(value.value)
    if (value.kind !== 'zero') return value.value
    if (type.kind === 'array') return []
    return type.kind === 'struct' ? this.defaults(this.structNamed(type.name)) : zero(type.name)
  }

  private struct(struct: Struct): Value {
    const entries = struct.fields.map((field) => [
      field.property,
      has(field.versions, this.version) ? this.field(field) : this.default(field),
    ])
    return { ...(Object.fromEntries(entries) as Value), unknownTaggedFields: this.unknownTags(struct) }
  }

  private field(field: Field): unknown {
    if (has(field.nullableVersions, this.version) && this.random() < 0.25) return null
    if (field.tag !== null && this.random() < 0.25) return this.default(field)
    if (field.type.kind !== 'array') return this.element(field.type)
    const { element } = field.type
    return Array.from({ length: Math.floor(this.random() * 4) }, () => this.element(element))
  }

  private element(type: ElementType): unknown {
    return type.kind === 'struct' ? this.struct(this.structNamed(type.name)) : this.primitive(type.name)
  }

  private primitive(name: PrimitiveType): unknown {
    if (isInteger(name)) return this.integer(name)
    if (name === 'bool') return this.random() < 0.5
    if (name === 'float64') return this.random() * 1e6 - 5e5
    if (name === 'uuid') return uuidToText(this.bytes(16))
    return name === 'string' ? this.text() : this.bytes(Math.floor(this.random() * 200))
  }

  private integer(name: keyof typeof INTEGERS): number | bigint {
    const [least, most] = INTEGERS[name]
    const value = least + BigInt(Math.floor(this.random() * 2 ** 53)) * ((most - least) / 2n ** 53n + 1n)
    const bounded = value > most ? most : value
    return name === 'int64' ? bounded : Number(bounded)
  }

  private text(): string {
    const alphabet = this.random() < 0.7 ? 'abcdefghij-._0123456789' : 'aé€🙂\ufeff'
    const characters = Array.from(alphabet)
    return Array.from({ length: Math.floor(this.random() * 60) }, () => characters[Math.floor(this.random() * characters.length)]).join('')
  }

  private bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => Math.floor(this.random() * 256))
  }

  private unknownTags(struct: Struct): readonly unknown[] {
    if (!has(this.message.flexibleVersions, this.version) || this.random() < 0.8) return []
    const known = struct.fields.filter(({ tag }) => tag !== null).length
    return [known, known + 3].map((tag) => ({ tag, data: this.bytes(Math.floor(this.random() * 5)) }))
  }

  private structNamed(name: string): Struct {
    const struct = this.structs.get(name)
    if (struct === undefined) throw new Error(`No struct ${name}`)
    return struct
  }
}

function has(versions: Versions, version: number): boolean {
  return !isEmpty(versions) && version >= versions.lowest && version <= versions.highest
}

function zero(name: PrimitiveType): unknown {
  if (name === 'bool') return false
  if (name === 'int64') return 0n
  if (name === 'uuid') return ZERO_UUID
  if (name === 'string') return ''
  return name === 'bytes' ? new Uint8Array(0) : 0
}
