import type { Observable, OperatorFunction } from 'rxjs'
import { BufferExhaustedError, KafkaError, MalformedRecordError, SerializationError, textOf } from '../errors'
import type { Header, HeadersInput, Outlet, ProducerRecord, SerializedRecord } from '../record'
import type { Serde, Serializer } from '../serializers/serializer'
import { plain } from '../serializers/text'
import { ByteBudget, weightOf } from './byte-budget'
import { inOrder } from './in-order'
import { operate } from './operate'
import { refuse } from './refuse'
import type { Stage } from './stage'

/** What `serialize` shares with the stages behind it; in a pipe of your own nothing is needed. */
export interface SerializeOptions<C> {
  /** Called once a record, as it comes in: whom to tell when it fails, here or further down. Without it, a failure is the stream's error. */
  readonly accept?: () => Outlet<C>
  /** Nobody waits for serializers any more: what they still owe fails with the error given here. */
  readonly abandon$?: Observable<KafkaError>
  /** Bounds what waits for serializers, or behind them. Default: unbounded. */
  readonly waiting?: ByteBudget
}

type Later<T> = T | PromiseLike<T>

type AnyRecord<C> = ProducerRecord<unknown, unknown, C>
type OutletOf<C> = Outlet<C> | undefined

/**
 * Turns keys and values into bytes. A serializer that throws or rejects fails its record alone. One that returns a Promise holds
 * back what comes after it, so that order is kept; while none does, nothing waits and no Promise is made. A Promise that never
 * settles holds its stream until the producer is closed.
 */
export function serialize<K = string | Uint8Array, V = string | Uint8Array, C = unknown>(
  serde: Serde<K, V> = {},
  options: SerializeOptions<C> = {},
): OperatorFunction<ProducerRecord<K, V, C>, SerializedRecord<C>> {
  return operate(serializing(serde, options))
}

/** The stage of `serialize`. */
export function serializing<K, V, C>(
  serde: Serde<K, V>,
  { accept, abandon$, waiting = new ByteBudget(Infinity) }: SerializeOptions<C>,
): Stage<ProducerRecord<K, V, C>, SerializedRecord<C>> {
  const convert = converter<C>(serde as Serde<unknown, unknown>)

  return (destination, life) => {
    let sourceCompleted = false
    /** Records of the line that are handed on right now: an end from within waits for them, as it does for what comes straight from the source. */
    let inHand = 0
    const completeIfDone = (): void => {
      if (sourceCompleted && line.isEmpty() && inHand === 0) destination.complete()
    }
    const line = inOrder<SerializedRecord<C>>({
      budget: waiting,
      emit: (record) => {
        inHand++
        try {
          destination.next(record)
        } finally {
          inHand--
        }
      },
      moved: completeIfDone,
    })
    const fail = (record: AnyRecord<C>, outlet: OutletOf<C>, error: KafkaError): void =>
      refuse(whatCame(record, outlet), error, destination)
    const hold = (record: AnyRecord<C>, outlet: OutletOf<C>, value: Later<SerializedRecord<C>>): void => {
      const failed = (cause: unknown): void => fail(record, outlet, failureOf(record, cause))
      const bytes = isPromise(value) ? AWAITED_BYTES : weightOf(value)
      if (!line.hold({ value, bytes, failed })) failed(noRoomToWait())
    }
    life.add(abandon$?.subscribe(line.abandon))

    return {
      next: (record) => {
        const outlet = accept?.()
        let converted: Later<SerializedRecord<C>>
        try {
          converted = convert(record, outlet)
        } catch (cause) {
          fail(record, outlet, failureOf(record, cause))
          return
        }
        if (isPromise(converted) || !line.isEmpty()) hold(record, outlet, converted)
        else destination.next(converted)
      },
      complete: () => {
        sourceCompleted = true
        completeIfDone()
      },
    }
  }
}

const noRoomToWait = (): BufferExhaustedError =>
  new BufferExhaustedError('A serializer keeps its stream waiting, and waitingMemory is full: pace the source')

type Convert<C> = (record: AnyRecord<C>, outlet: OutletOf<C>) => SerializedRecord<C> | Promise<SerializedRecord<C>>

function converter<C>(serde: Serde<unknown, unknown>): Convert<C> {
  const { key: serializeKey = plain, value: serializeValue = plain } = serde
  return (record, outlet) => {
    checkRecord(record)
    const headers = headersOf(record.headers)
    const key = apply(serializeKey, record.key, headers)
    // The value may fail at once: then nobody else hears of a key that is rejected later.
    if (!isBytes(key) && isPromise(key)) key.then(undefined, () => undefined)
    const value = apply(serializeValue, record.value, headers)
    if (isBytes(key) && isBytes(value)) return serialized(record, outlet, { key, value, headers })
    if (!isPromise(key) && !isPromise(value)) throw noBytes(isBytes(key) ? value : key)
    return Promise.all([key, value]).then(([keyBytes, valueBytes]) =>
      serialized(record, outlet, { key: bytesOf(keyBytes), value: bytesOf(valueBytes), headers }),
    )
  }
}

function apply(serializer: Serializer<unknown>, value: unknown, headers: readonly Header[]): Later<Uint8Array | null> {
  return value === null || value === undefined ? null : serializer(value, headers)
}

/** Of whatever came in, also of what is no record at all, as much as refusing it needs. */
function whatCame<C>(record: AnyRecord<C>, outlet: OutletOf<C>) {
  return {
    topic: fieldOf(record, 'topic') ?? '',
    partition: fieldOf(record, 'partition'),
    context: fieldOf(record, 'context') as C,
    outlet,
  }
}

/** Of whatever was sent: nothing at all, or an object whose fields throw when they are read. */
function fieldOf<R extends ProducerRecord, F extends keyof R>(record: R, field: F): R[F] | undefined {
  try {
    return (record as R | null | undefined)?.[field]
  } catch {
    return undefined
  }
}

function failureOf(record: ProducerRecord, cause: unknown): KafkaError {
  if (cause instanceof KafkaError) return cause
  return new SerializationError(`The record for ${fieldOf(record, 'topic') ?? 'no topic'} could not be serialized: ${textOf(cause)}`, cause)
}

/** Anything with a `then`: Promises of other realms and of other libraries too. */
function isPromise<T>(value: Later<T>): value is PromiseLike<T> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}

interface Contents {
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: readonly Header[]
}

function serialized<C>(record: AnyRecord<C>, outlet: OutletOf<C>, { key, value, headers }: Contents): SerializedRecord<C> {
  const { topic, timestamp, partition } = record
  // With its place for all that `partition` finds out, which within a producer writes it there.
  return { topic, key, value, headers, timestamp, partition, partitionCount: undefined, context: record.context as C, outlet }
}

function checkRecord(record: ProducerRecord): void {
  if (typeof record !== 'object' || record === null) throw new MalformedRecordError(`A record is an object; ${String(record)} was sent`)
  const { topic, partition, timestamp } = record
  if (typeof topic !== 'string' || topic === '') throw new MalformedRecordError('A record names no topic')
  if (topic.length > MAX_TOPIC_LENGTH) throw new MalformedRecordError(`A topic's name has at most ${String(MAX_TOPIC_LENGTH)} characters`)
  if (partition !== undefined && !(Number.isInteger(partition) && partition >= 0)) {
    throw new MalformedRecordError(`A record for ${topic} asks for partition ${String(partition)}; partitions count from 0`)
  }
  if (timestamp !== undefined && !(Number.isSafeInteger(timestamp) && timestamp >= 0)) {
    throw new MalformedRecordError(`A record for ${topic} has timestamp ${String(timestamp)}; milliseconds since 1970 are expected`)
  }
}

/** JavaScript has no types at run time: a serializer may return anything. */
function isBytes(result: Later<Uint8Array | null>): result is Uint8Array | null {
  return result === null || result instanceof Uint8Array
}

function bytesOf(result: Uint8Array | null): Uint8Array | null {
  if (isBytes(result)) return result
  throw noBytes(result)
}

const noBytes = (result: unknown): TypeError => new TypeError(`a serializer returns bytes or null, this one returned ${typeof result}`)

/** Kafka's own limit; longer names would make a whole request unwritable. */
const MAX_TOPIC_LENGTH = 249
/** What a record counts for whose size its serializer has not told yet. */
const AWAITED_BYTES = 200

const NO_HEADERS: readonly Header[] = []

function headersOf(input: HeadersInput | undefined): readonly Header[] {
  if (input === undefined) return NO_HEADERS
  const entries = isList(input) ? input : Object.entries(input).map(([key, value]) => ({ key, value }))
  return entries.map(({ key, value }) => header(key, value))
}

function header(key: unknown, value: Uint8Array | string | null): Header {
  if (typeof key !== 'string') throw new MalformedRecordError(`The key of a header is text; it was ${typeof key}`)
  if (value !== null && typeof value !== 'string' && !(value instanceof Uint8Array)) {
    throw new MalformedRecordError(`The value of header ${key} is text, bytes or null; it was ${typeof value}`)
  }
  return { key, value: value === null ? null : plain(value) }
}

function isList(input: HeadersInput): input is Extract<HeadersInput, readonly unknown[]> {
  return Array.isArray(input)
}
