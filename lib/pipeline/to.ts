import { map } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import type { Delivery, HeadersInput, ProducerRecord } from '../record'
import type { Serde, Serializer } from '../serializers/serializer'
import { plain } from '../serializers/text'

/** How the values of a stream become records of one topic. A function that throws fails the record of that value alone. */
export interface ToOptions<T> {
  /** Default: no key. */
  readonly key?: (value: T) => string | Uint8Array | null
  /** Needed unless the values are strings or bytes. */
  readonly value?: Serializer<T>
  readonly headers?: (value: T) => HeadersInput
  /** Milliseconds since 1970. Default: the time of appending. */
  readonly timestamp?: (value: T) => number
  /** Default: chosen by key, or the producer's partitioner. */
  readonly partition?: (value: T) => number
}

type Key = string | Uint8Array

/** Takes the place of a value for which no record could be made, until the serializers throw what it holds. */
class Unmade {
  constructor(readonly cause: unknown) {}
}

type Send<T> = (serde: Serde<Key, T | Unmade>) => OperatorFunction<ProducerRecord<Key, T | Unmade, T>, Delivery<T>>

/** Values in, deliveries out, each with its value as the context. */
export function to<T>(topic: string, options: ToOptions<T>, send: Send<T>): OperatorFunction<T, Delivery<T>> {
  const { value: serializeValue = plain } = options
  const serde: Serde<Key, T | Unmade> = {
    value: (value, headers) => {
      if (value instanceof Unmade) throw value.cause
      return serializeValue(value, headers)
    },
  }
  const sending = send(serde)
  return (values$) => values$.pipe(map(recordMaker(topic, options)), sending)
}

function recordMaker<T>(
  topic: string,
  { key, headers, timestamp, partition }: ToOptions<T>,
): (value: T) => ProducerRecord<Key, T | Unmade, T> {
  return (value) => {
    try {
      return {
        topic,
        key: key?.(value) ?? null,
        value,
        context: value,
        ...(headers && { headers: headers(value) }),
        ...(timestamp && { timestamp: timestamp(value) }),
        ...(partition && { partition: partition(value) }),
      }
    } catch (cause) {
      return { topic, value: new Unmade(cause), context: value }
    }
  }
}
