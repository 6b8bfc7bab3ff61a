import type { Span, TagSection } from './tracing-reader'

/** Bytes that lie, and what the lie is. */
export interface Lie {
  readonly what: string
  readonly bytes: Uint8Array
}

const UTF8_NEVER = 0xff
const UTF8_CUT_OFF = 0xc3

/** 2^31 − 1 in five bytes: the longest that a length can claim. Behind it, −1 as 32 bits, which no length is. */
const MOST = [0xff, 0xff, 0xff, 0xff, 0x07]
const ALL_ONES = [0xff, 0xff, 0xff, 0xff, 0x0f]
const FIVE_BYTES_TOO_BIG = [0xff, 0xff, 0xff, 0xff, 0x1f]
const SIX_BYTES = [0x81, 0x80, 0x80, 0x80, 0x80, 0x01]
const ENDLESS = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80]

const COMPACT: readonly Span['kind'][] = ['compactString', 'compactBytes', 'compactArrayLength', 'tagCount', 'tagSize']

export function replaced(bytes: Uint8Array, [from, to]: readonly [number, number], by: ArrayLike<number>): Uint8Array {
  const made = new Uint8Array(from + by.length + bytes.length - to)
  made.set(bytes.subarray(0, from))
  made.set(by, from)
  made.set(bytes.subarray(to), from + by.length)
  return made
}

const varint = (value: number): number[] => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)])

const bigEndian = (value: number, size: number): number[] => Array.from({ length: size }, (_, i) => (value >> (8 * (size - 1 - i))) & 0xff)

/** Lies about one length or count, all of which have to be found out: none can be the truth about the bytes behind it. */
export function liesAboutLength(bytes: Uint8Array, span: Span): readonly Lie[] {
  const lie = (what: string, by: readonly number[]): Lie => ({
    what: `${span.kind} at ${String(span.from)}: ${what}`,
    bytes: replaced(bytes, [span.from, span.to], by),
  })
  const left = bytes.length - span.to
  if (!COMPACT.includes(span.kind)) {
    const width = span.to - span.from
    const [beyond, most] = [bigEndian(left + 1, width), width === 2 ? 0x7fff : 0x7fffffff]
    return left < most ? [lie('one more than is left', beyond), lie('the most that it can say', bigEndian(most, width))] : []
  }
  const offset = span.kind === 'tagCount' || span.kind === 'tagSize' ? 0 : 1
  const signed = offset === 0 ? [lie('minus one', ALL_ONES)] : []
  return [
    lie('one more than is left', varint(left + 1 + offset)),
    lie('the most that it can say', MOST),
    lie('more than 32 bits', FIVE_BYTES_TOO_BIG),
    lie('six bytes', SIX_BYTES),
    lie('a varint without an end', ENDLESS),
    ...signed,
  ]
}

/** Null by a negative length: fine where null is, refused where it is not; what follows no longer fits in any case. */
export function negativeLengths(bytes: Uint8Array, span: Span): readonly Lie[] {
  const width = span.to - span.from
  const values = COMPACT.includes(span.kind)
    ? [ALL_ONES, [0x80, 0x80, 0x80, 0x80, 0x08]]
    : [bigEndian(-2, width), bigEndian(-0x8000, width)]
  return values.map((by) => ({ what: `${span.kind} at ${String(span.from)}: negative`, bytes: replaced(bytes, [span.from, span.to], by) }))
}

export function invalidTexts(bytes: Uint8Array, span: Span): readonly Lie[] {
  if (!span.kind.toLowerCase().includes('string') || span.end === span.to) return []
  return [[span.to, UTF8_NEVER] as const, [span.end - 1, UTF8_CUT_OFF] as const].map(([at, byte]) => ({
    what: `text with ${byte.toString(16)} at ${String(at)}`,
    bytes: replaced(bytes, [at, at + 1], [byte]),
  }))
}

/**
 * The first field once more, and the first two the other way round. Sizes of enclosing tags are left as they were: the lie is met before
 * they are.
 */
export function disorderedTags(bytes: Uint8Array, { countFrom, countTo, fields, size }: TagSection): readonly Lie[] {
  const [first, second] = fields
  if (first === undefined) return []
  const copy = bytes.subarray(first.from, first.to)
  const twice = replaced(replaced(bytes, [first.to, first.to], copy), [countFrom, countTo], varint(size + 1))
  const lies = [{ what: `tag ${String(first.tag)} at ${String(first.from)} twice`, bytes: twice }]
  if (second === undefined) return lies
  const swapped = replaced(bytes, [first.from, second.to], [...bytes.subarray(second.from, second.to), ...copy])
  return [...lies, { what: `tag ${String(second.tag)} before ${String(first.tag)}`, bytes: swapped }]
}
