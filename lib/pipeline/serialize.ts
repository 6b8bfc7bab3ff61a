import type { Observable, OperatorFunction, Subscriber } from 'rxjs'
import { KafkaError, MalformedRecordError, SerializationError } from '../errors'
import type { Header, HeadersInput, Outlet, ProducerRecord, SerializedRecord } from '../record'
import type { Serde, Serializer } from '../serializers/serializer'
import { plain } from '../serializers/text'
import { Fifo } from './fifo'
import { operate } from './operate'
import { refuse } from './refuse'

export interface SerializeOptions<C> {
  /** Called once a record, as it comes in: whom to tell when it fails, here or further down. Without it, a failure is the stream's error. */
  readonly accept?: () => Outlet<C>
  /** Nobody waits for serializers any more: what they still owe fails with the error given here. */
  readonly abandon$?: Observable<KafkaError>
}

type Later<T> = T | Promise<T>

/** A record that came in, with whom to tell. */
interface Arrival<C> {
  readonly record: ProducerRecord<unknown, unknown, C>
  readonly outlet: Outlet<C> | undefined
}

/** A record that waits for its serializers, or behind one that does. */
interface Pending<C> extends Arrival<C> {
  result: SerializedRecord<C> | 'awaited' | 'refused'
}

/**
 * Turns keys and values into bytes. A serializer that throws or rejects fails its record alone. One that returns a Promise holds
 * back what comes after it, so that order is kept; while none does, nothing waits and no Promise is made.
 */
export function serialize<K = string | Uint8Array, V = string | Uint8Array, C = unknown>(
  serde: Serde<K, V> = {},
  { accept, abandon$ }: SerializeOptions<C> = {},
): OperatorFunction<ProducerRecord<K, V, C>, SerializedRecord<C>> {
  const convert = converter<C>(serde as Serde<unknown, unknown>)

  return operate((destination: Subscriber<SerializedRecord<C>>) => {
    const pending = new Fifo<Pending<C>>()
    let sourceCompleted = false

    const release = (): void => {
      for (let { head } = pending; head !== undefined && head.result !== 'awaited'; head = pending.head) {
        pending.shift()
        if (head.result !== 'refused') destination.next(head.result)
      }
      if (sourceCompleted && pending.length === 0) destination.complete()
    }
    const hold = (arrival: Arrival<C>, result: Later<SerializedRecord<C>>): void => {
      const entry: Pending<C> = { ...arrival, result: 'awaited' }
      pending.push(entry)
      const settleEntry = (outcome: SerializedRecord<C> | KafkaError): void => {
        if (entry.result !== 'awaited') return
        entry.result = outcome instanceof KafkaError ? 'refused' : outcome
        if (outcome instanceof KafkaError) fail(arrival, outcome, destination)
        release()
      }
      Promise.resolve(result).then(settleEntry, (cause: unknown) => {
        settleEntry(failureOf(arrival.record, cause))
      })
    }
    const abandon = (error: KafkaError): void => {
      for (let entry = pending.shift(); entry !== undefined; entry = pending.shift()) {
        if (entry.result === 'refused') continue
        entry.result = 'refused'
        fail(entry, error, destination)
      }
      release()
    }
    destination.add(abandon$?.subscribe(abandon))

    return {
      next: (record) => {
        const arrival = { record, outlet: accept?.() }
        const result = attempt(convert, arrival)
        if (result instanceof KafkaError) fail(arrival, result, destination)
        else if (result instanceof Promise || pending.length > 0) hold(arrival, result)
        else destination.next(result)
      },
      complete: () => {
        sourceCompleted = true
        release()
      },
    }
  })
}

type Convert<C> = (arrival: Arrival<C>) => Later<SerializedRecord<C>>

function converter<C>(serde: Serde<unknown, unknown>): Convert<C> {
  const { key: serializeKey = plain, value: serializeValue = plain } = serde
  return (arrival) => {
    const { record } = arrival
    checkRecord(record)
    const headers = headersOf(record.headers)
    const key = apply(serializeKey, record.key, headers)
    const value = apply(serializeValue, record.value, headers)
    if (!(key instanceof Promise) && !(value instanceof Promise)) return serialized(arrival, headers, bytesOf(key), bytesOf(value))
    return Promise.all([key, value]).then(([keyBytes, valueBytes]) => serialized(arrival, headers, bytesOf(keyBytes), bytesOf(valueBytes)))
  }
}

function apply(serializer: Serializer<unknown>, value: unknown, headers: readonly Header[]): Later<Uint8Array | null> {
  return value === null || value === undefined ? null : serializer(value, headers)
}

function attempt<C>(convert: Convert<C>, arrival: Arrival<C>): Later<SerializedRecord<C>> | KafkaError {
  try {
    return convert(arrival)
  } catch (cause) {
    return failureOf(arrival.record, cause)
  }
}

function fail<C>({ record, outlet }: Arrival<C>, error: KafkaError, destination: Subscriber<never>): void {
  refuse({ topic: record.topic, partition: record.partition, context: record.context as C, outlet }, error, destination)
}

function failureOf({ topic }: { readonly topic: string }, cause: unknown): KafkaError {
  if (cause instanceof KafkaError) return cause
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new SerializationError(`The record for ${topic} could not be serialized: ${reason}`, cause)
}

function serialized<C>(
  { record, outlet }: Arrival<C>,
  headers: readonly Header[],
  key: Uint8Array | null,
  value: Uint8Array | null,
): SerializedRecord<C> {
  const { topic, timestamp, partition } = record
  return { topic, key, value, headers, timestamp, partition, context: record.context as C, outlet }
}

function checkRecord({ topic, partition, timestamp }: ProducerRecord): void {
  if (typeof topic !== 'string' || topic === '') throw new MalformedRecordError('A record names no topic')
  if (partition !== undefined && !(Number.isInteger(partition) && partition >= 0)) {
    throw new MalformedRecordError(`A record for ${topic} asks for partition ${String(partition)}; partitions count from 0`)
  }
  if (timestamp !== undefined && !(Number.isSafeInteger(timestamp) && timestamp >= 0)) {
    throw new MalformedRecordError(`A record for ${topic} has timestamp ${String(timestamp)}; milliseconds since 1970 are expected`)
  }
}

function bytesOf(result: Uint8Array | null): Uint8Array | null {
  if (result === null || result instanceof Uint8Array) return result
  throw new TypeError(`a serializer returns bytes or null, this one returned ${typeof result}`)
}

const NO_HEADERS: readonly Header[] = []

function headersOf(input: HeadersInput | undefined): readonly Header[] {
  if (input === undefined) return NO_HEADERS
  const entries = isList(input) ? input : Object.entries(input).map(([key, value]) => ({ key, value }))
  return entries.map(({ key, value }) => ({ key, value: value === null ? null : plain(value) }))
}

function isList(input: HeadersInput): input is Extract<HeadersInput, readonly unknown[]> {
  return Array.isArray(input)
}
