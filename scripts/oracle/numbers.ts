import { murmur2 } from '../../lib/partitioners/murmur2'
import { crc32c, crc32cFallback, crc32cNative } from '../../lib/wire/crc32c'
import { Reader } from '../../lib/wire/reader'
import { Writer } from '../../lib/wire/writer'
import { Chance, seedOf } from './chance'
import type { Java } from './java'
import { fromHex, hex } from './json'
import type { Amount } from './messages'
import { eachInTurns, Tally } from './tally'
import type { Difference } from './vector'

export type NumberKind = 'murmur2' | 'crc32c' | 'unsignedVarint' | 'varint' | 'varlong'

/** Bytes in hex, integers as text. */
export interface NumberVector {
  readonly kind: NumberKind
  readonly input: string
  readonly output: string
}

export const NUMBER_KINDS: readonly NumberKind[] = ['murmur2', 'crc32c', 'unsignedVarint', 'varint', 'varlong']

const MOST_BYTES = 5000

export const numberVectorOf = (line: string): NumberVector => {
  const [kind, input, output] = JSON.parse(line) as readonly [NumberKind, string, string]
  return { kind, input, output }
}

/** Of the checksum every implementation must give the same. */
export const differenceInNumber = ({ kind, input, output }: NumberVector): Difference | undefined => {
  const wrong = outputs(kind, input).find((ours) => ours !== output) ?? (isHash(kind) ? undefined : misread(kind, input, output))
  return wrong === undefined ? undefined : { where: kind, value: input, ours: wrong, java: output }
}

export const numbersFromJava = async (java: Java, { seed, values }: Amount, onVector: (line: string) => void): Promise<void> => {
  await java.ask({ command: 'numbers', seed, values }, onVector)
}

export const checkNumbers = async (java: Java, { seed, values }: Amount): Promise<readonly Tally[]> => {
  const tallies = new Map(NUMBER_KINDS.map((kind) => [kind, new Tally(kind)]))
  // The first hundred and more are given; chance begins behind them.
  await numbersFromJava(java, { seed, values: 200 + 20 * values }, (line) => {
    const vector = numberVectorOf(line)
    tallies.get(vector.kind)?.add(differenceInNumber(vector))
  })
  for (const [kind, tally] of tallies) {
    await eachInTurns(ourNumbers(kind, seed, 20 * values), async (vector) => {
      const verdict = (await java.ask({ command: 'number', ...vector })) as null | { readonly java: string }
      tally.add(verdict === null ? undefined : { where: kind, value: vector.input, ours: vector.output, java: verdict.java })
    })
  }
  return [...tallies.values()]
}

const isHash = (kind: NumberKind): boolean => kind === 'murmur2' || kind === 'crc32c'

const outputs = (kind: NumberKind, input: string): readonly string[] => {
  if (kind === 'murmur2') return [String(murmur2(fromHex(input)))]
  if (kind !== 'crc32c') return [written(kind, input)]
  return [crc32c, crc32cFallback, crc32cNative].flatMap((crc) => (crc === undefined ? [] : [String(crc(fromHex(input)))]))
}

const written = (kind: NumberKind, input: string): string => {
  const writer = new Writer()
  if (kind === 'unsignedVarint') writer.unsignedVarint(Number(input))
  else if (kind === 'varint') writer.varint(Number(input))
  else writer.varlong(BigInt(input))
  return hex(writer.finish())
}

const misread = (kind: NumberKind, input: string, output: string): string | undefined => {
  const reader = new Reader(fromHex(output))
  const read = kind === 'unsignedVarint' ? reader.unsignedVarint() : kind === 'varint' ? reader.varint() : reader.varlong()
  reader.finish(kind)
  return String(read) === input ? undefined : `reads ${String(read)}`
}

function* ourNumbers(kind: NumberKind, seed: number, count: number): Generator<NumberVector> {
  const chance = new Chance(seedOf(seed, kind), false)
  for (let i = 0; i < count; i++) {
    const input = isHash(kind) ? hex(chance.bytes(chance.below(MOST_BYTES))) : ourInteger(kind, chance)
    yield { kind, input, output: outputs(kind, input)[0] ?? '' }
  }
}

/** Of any length: as many long ones as short ones. */
const ourInteger = (kind: NumberKind, chance: Chance): string => {
  const long = chance.scalar('int64') as bigint
  const integer = long >> BigInt(chance.below(64))
  return String(kind === 'varlong' ? integer : BigInt.asIntN(32, integer))
}
