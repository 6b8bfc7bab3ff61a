/**
 * Values of messages as JSON, for Java and for files. What JSON cannot say is an object with one key: `{"$n": "int64"}`,
 * `{"$b": "bytes in hex"}`, `{"$f": "float64 that is no integer, as its bits in hex"}`, and, because it is long,
 * `{"$r": ["character", times]}`. Values.java says the same in Java.
 */

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')

/** Not a Buffer: a decoded value holds none either, and the two are compared. */
export const fromHex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'))

export const toJson = (value: unknown): string => JSON.stringify(value, special)

export const fromJson = (text: string): unknown => JSON.parse(text, plain)

const LONG_TEXT = 1000

const special = (key: string, value: unknown): unknown => {
  if (typeof value === 'bigint') return { $n: String(value) }
  if (value instanceof Uint8Array) return { $b: hex(value) }
  if (typeof value === 'number' && (!Number.isSafeInteger(value) || Object.is(value, -0))) return { $f: hex(bitsOf(value)) }
  // Bytes are text by now, and come by here once more.
  return typeof value === 'string' && key !== '$b' && isRepeated(value) ? { $r: [value.charAt(0), value.length] } : value
}

const plain = (_key: string, value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value
  if ('$n' in value) return BigInt(value.$n as string)
  if ('$b' in value) return fromHex(value.$b as string)
  if ('$f' in value) return Buffer.from(value.$f as string, 'hex').readDoubleBE()
  if (!('$r' in value)) return value
  const [character, times] = value.$r as readonly [string, number]
  return character.repeat(times)
}

const bitsOf = (value: number): Uint8Array => {
  const bits = Buffer.alloc(8)
  bits.writeDoubleBE(value)
  return bits
}

const isRepeated = (text: string): boolean => text.length >= LONG_TEXT && text === text.charAt(0).repeat(text.length)
