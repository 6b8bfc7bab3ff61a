import { Encoder } from '@msgpack/msgpack'
import type { Serializer } from './serializer'

/** MessagePack, through @msgpack/msgpack. */
export function msgpack<T = unknown>(): Serializer<T> {
  // One encoder a serializer: it keeps its working buffer, and `encode` copies the result out of it.
  const encoder = new Encoder()
  return (value) => encoder.encode(value)
}
