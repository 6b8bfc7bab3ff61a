/** Numbers in the form of Kafka's own serializers: big-endian, two's complement or IEEE 754, of fixed length. */
import type { Serializer } from './serializer'

/** 16-bit integer, two bytes (Kafka's ShortSerializer). Out of range is an error. */
export function int16(): Serializer<number> {
  return fixed(2, (into, value) => into.writeInt16BE(integer(value)))
}

/** 32-bit integer, four bytes (Kafka's IntegerSerializer). Out of range is an error. */
export function int32(): Serializer<number> {
  return fixed(4, (into, value) => into.writeInt32BE(integer(value)))
}

/** 64-bit integer, eight bytes (Kafka's LongSerializer); a number must be a safe integer. Out of range is an error. */
export function int64(): Serializer<bigint | number> {
  return fixed(8, (into, value) => into.writeBigInt64BE(typeof value === 'bigint' ? value : BigInt(integer(value))))
}

/** 32-bit float, four bytes (Kafka's FloatSerializer). */
export function float32(): Serializer<number> {
  return fixed(4, (into, value) => into.writeFloatBE(numeric(value)))
}

/** 64-bit float, eight bytes (Kafka's DoubleSerializer). */
export function float64(): Serializer<number> {
  return fixed(8, (into, value) => into.writeDoubleBE(numeric(value)))
}

function fixed<T>(size: number, write: (into: Buffer, value: T) => number): Serializer<T> {
  return (value) => {
    const into = Buffer.allocUnsafe(size)
    write(into, value)
    return into
  }
}

function integer(value: number): number {
  if (!Number.isSafeInteger(value)) throw new TypeError(`an integer expected, ${String(value)} given`)
  return value
}

function numeric(value: unknown): number {
  if (typeof value !== 'number') throw new TypeError(`a number expected, ${typeof value} given`)
  return value
}
