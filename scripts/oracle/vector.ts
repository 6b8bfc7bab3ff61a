import { isDeepStrictEqual } from 'node:util'
import { KafkaError } from '../../lib/errors'
import { messages } from '../../lib/generated/messages'
import type { Message } from '../../lib/wire/message'
import { fromHex, fromJson, hex, toJson } from './json'

export type Value = Readonly<Record<string, unknown>>

/** A value of a message at a version, and what became of it when it was written. */
export interface Vector {
  readonly message: string
  readonly version: number
  /** What is special about it. */
  readonly kind: string
  readonly value: Value
  /** In hex; null: it was refused. */
  readonly bytes: string | null
  /** What the bytes say: what a version lacks is back at its default. */
  readonly read: Value
  /** Ours alone: writing it was not refused, it threw what no one expects. */
  readonly crash?: string
}

/** Where we do not agree: what of us, and what of Java. */
export interface Difference {
  readonly where: string
  readonly value: string
  readonly ours: string
  readonly java: string
}

const REFUSED = 'refused'

/**
 * Here Java writes what it refuses to read, or reads otherwise: a tag section in which an unknown tag has the number of a known one.
 * Our writer refuses it.
 */
const WE_REFUSE_ALONE: ReadonlySet<string> = new Set(['tag is known'])

export const codecs: ReadonlyMap<string, Message<Value>> = new Map(
  (Object.values(messages) as unknown as readonly Message<Value>[]).map((codec) => [codec.name, codec]),
)

export const codecNamed = (name: string): Message<Value> => {
  const codec = codecs.get(name)
  if (codec === undefined) throw new Error(`${name} has no codec`)
  return codec
}

export const versionsOf = ({ validVersions: { min, max } }: Message<Value>): readonly number[] =>
  Array.from({ length: max - min + 1 }, (_, i) => min + i)

export const pairOf = ({ message, version }: Pick<Vector, 'message' | 'version'>): string => `${message} ${version}`

type Line = readonly [string, number, string, Value, string | null, Value?]

export const vectorOf = (line: string): Vector => {
  const [message, version, kind, value, bytes, read = value] = fromJson(line) as Line
  return { message, version, kind, value, bytes, read }
}

export const lineOf = ({ message, version, kind, value, bytes, read }: Vector): Line =>
  read === value ? [message, version, kind, value, bytes] : [message, version, kind, value, bytes, read]

export const mayDiffer = ({ kind }: Vector): boolean => WE_REFUSE_ALONE.has(kind)

/** What we make of the value. A refusal is an error of ours; anything else that is thrown is a crash. */
export const writtenByUs = ({ message, version, value }: Pick<Vector, 'message' | 'version' | 'value'>): string | null => {
  try {
    return hex(codecNamed(message).encode(value, version))
  } catch (error) {
    if (error instanceof KafkaError) return null
    throw error
  }
}

/** How we differ from a vector that Java made: in the bytes that we write, or in what we read. */
export const differenceFromJava = (vector: Vector): Difference | undefined => {
  const expected = mayDiffer(vector) ? null : vector.bytes
  const ours = attempt(() => writtenByUs(vector))
  if (ours !== expected) return difference(vector, ours ?? REFUSED, expected ?? REFUSED)
  if (expected === null) return undefined
  const read = attempt(() => codecNamed(vector.message).decode(fromHex(expected), vector.version))
  return isDeepStrictEqual(read, vector.read) ? undefined : difference(vector, `reads ${toJson(read)}`, `reads ${toJson(vector.read)}`)
}

export const difference = ({ message, version, kind, value }: Vector, ours: string, java: string): Difference => ({
  where: `${message} version ${version}, ${kind}`,
  value: toJson(value),
  ours,
  java,
})

export const refusedOr = (bytes: string | null): string => bytes ?? REFUSED

const attempt = <T>(work: () => T): T | string => {
  try {
    return work()
  } catch (error) {
    return `throws ${String(error)}`
  }
}
