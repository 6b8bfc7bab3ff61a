import type { Header } from '../record'

/**
 * Turns a key or a value into bytes. `null` becomes a null key or a tombstone without being asked.
 * A serializer may return a Promise (a schema registry, say): order is kept, and serializers that do not pay nothing for it.
 * What it throws or rejects with fails that one record.
 */
export type Serializer<T> = (value: T, headers: readonly Header[]) => Uint8Array | null | Promise<Uint8Array | null>

/** How keys and values of a stream become bytes. What has no serializer must be a string (UTF-8) or bytes already. */
export interface Serde<K = string | Uint8Array, V = string | Uint8Array> {
  readonly key?: Serializer<K>
  readonly value?: Serializer<V>
}
