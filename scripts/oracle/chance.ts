import { INTEGERS, isInteger } from '../../codegen/schema/model'
import type { IntegerType, PrimitiveType } from '../../codegen/schema/model'
import { uuidToText, ZERO_UUID } from '../../lib/wire/uuid'

const ALPHABETS = ['abcdefghijklmnopqrstuvwxyz-._0123456789', 'aé\u0000\u00ff', 'a€\ufeff\u2028\uffff', 'a🙂é𝄞'].map((text) =>
  Array.from(text),
)
const FLOATS = [0, -0, 1.5, Number.MIN_VALUE, Number.MAX_VALUE, Infinity, -Infinity, NaN]
const LENGTHS = [0, 1, 126, 127, 128, 129]
/** Where a varint of two bytes ends, and where our writer takes bytes by reference. */
const LONG_LENGTHS = [1023, 1024, 1025, 16_382, 16_383, 16_384]
const RARELY = 40

/** FNV-1a: a seed for each vector, so that it stays the same whatever else is asked for. */
export const seedOf = (seed: number, ...words: readonly (string | number)[]): number => {
  let hash = seed ^ 0x811c9dc5
  for (const character of words.join(' ')) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return hash
}

/** Single values by chance, and those at which an encoding changes its length or a type ends. */
export class Chance {
  private state: number

  constructor(
    seed: number,
    private readonly small: boolean,
  ) {
    this.state = seed
  }

  one(of: number): boolean {
    return this.below(of) === 0
  }

  below(bound: number): number {
    return Math.floor((this.word() / 2 ** 32) * bound)
  }

  pick<T>(from: readonly [T, ...T[]] | readonly T[]): T {
    const picked = from[this.below(from.length)]
    if (picked === undefined) throw new Error('nothing to pick from')
    return picked
  }

  few(): number {
    return this.small ? 1 : 1 + this.below(3)
  }

  length(): number {
    return this.pick(this.one(RARELY) ? LONG_LENGTHS : LENGTHS)
  }

  arrayLength(): number {
    return this.pick(LENGTHS)
  }

  bytes(length = 1 + this.below(this.small ? 4 : 200)): Uint8Array {
    return Uint8Array.from({ length }, () => this.word() & 0xff)
  }

  /** Of whole characters: half of a pair is no text, and has no bytes that all agree on. */
  text(length = 1 + this.below(this.small ? 4 : 60)): string {
    const alphabet = this.one(2) ? ALPHABETS[0] : this.pick(ALPHABETS)
    return Array.from({ length }, () => this.pick(alphabet ?? [])).join('')
  }

  scalar(type: PrimitiveType): unknown {
    if (isInteger(type)) return fit(type, (BigInt(this.word()) << 32n) | BigInt(this.word()))
    if (type === 'bool') return this.one(2)
    if (type === 'float64') return this.word() / 1024
    if (type === 'uuid') return uuidToText(this.bytes(16))
    return type === 'string' ? this.text() : this.bytes()
  }

  boundary(type: PrimitiveType): unknown {
    if (isInteger(type)) return fit(type, this.pick(edgesOf(type)))
    if (type === 'bool') return this.one(2)
    if (type === 'float64') return this.pick(FLOATS)
    if (type === 'uuid') return this.one(2) ? ZERO_UUID : '_____________________w'
    return type === 'string' ? this.text(this.length()) : this.bytes(this.length())
  }

  /** SplitMix32. */
  private word(): number {
    this.state = (this.state + 0x9e3779b9) | 0
    let mixed = Math.imul(this.state ^ (this.state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return (mixed ^ (mixed >>> 15)) >>> 0
  }
}

const edgesOf = (type: IntegerType): readonly bigint[] => {
  const [least, most] = INTEGERS[type]
  return [least, least + 1n, 0n, 1n, 127n, 128n, 16_383n, 16_384n, most - 1n, most]
}

/** Cut to the bits of the type. */
const fit = (type: IntegerType, value: bigint): number | bigint => {
  const [least, most] = INTEGERS[type]
  const bits = (most - least).toString(2).length
  const cut = least < 0n ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value)
  return type === 'int64' ? cut : Number(cut)
}
