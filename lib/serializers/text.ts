import type { Serializer } from './serializer'

/** Text as UTF-8. */
export function string(): Serializer<string> {
  return (value) => Buffer.from(value, 'utf8')
}

/** JSON as UTF-8. A value that JSON cannot express (undefined, a function, a bigint, a cycle) is an error, never the text "undefined". */
export function json<T = unknown>(): Serializer<T> {
  return (value) => {
    // JSON.stringify is typed as if it always gave text; it gives undefined for undefined, functions and symbols.
    const text = JSON.stringify(value) as string | undefined
    if (text === undefined) throw new TypeError(`JSON has no form for ${typeof value}`)
    return Buffer.from(text, 'utf8')
  }
}

/** Bytes as they are. The producer reads them when the record is appended to its batch and not later. */
export function bytes(): Serializer<Uint8Array> {
  return (value) => value
}

/** Text as UTF-8, bytes as they are: what keys and values go through for which no serializer was given. */
export function plain(value: unknown): Uint8Array {
  if (typeof value === 'string') return Buffer.from(value, 'utf8')
  if (value instanceof Uint8Array) return value
  throw new TypeError(`a string or bytes expected, ${describe(value)} given: pass a serializer, such as json()`)
}

function describe(value: unknown): string {
  return typeof value === 'object' ? Object.prototype.toString.call(value) : typeof value
}
