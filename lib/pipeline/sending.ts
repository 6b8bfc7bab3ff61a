/** The half of the producer that users hand their streams to: its types, and how they come down to `send`. */
import { Observable } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import type { ProducerRecord, Skip } from '../record'
import type { Serde, Serializer } from '../serializers/serializer'
import type { PullSource } from './pull-source'
import type { Room } from './room'
import { sendFrom } from './send-from'
import { checkMaking, checkSerde } from './send-functions'
import { send as sendAll } from './send'
import type { SendContext } from './send'
import { checkSendOptions } from './send-options'
import type { DeliveryWith, SendOptions } from './send-options'
import { to } from './to'
import type { ToOptions } from './to'

/** What needs no serializer. */
type Plain = string | Uint8Array

/** A record, or what `skip` makes in its place. */
type Sent<K, V, C> = ProducerRecord<K, V, C> | Skip<C>

/** Of a stream: records in, one delivery for each out. */
type Operator<K, V, C, O extends SendOptions> = OperatorFunction<Sent<K, V, C>, DeliveryWith<C, O>>

/**
 * Sends a stream of records: one delivery for each, as they are acknowledged. Keys and values go through the serializers given; those
 * for which there is none must be strings or bytes. Every subscription sends again: share the result, not the sending. Throws a
 * ConfigError when an option is wrong, or a serializer is no function.
 */
export interface Send {
  <K, V, C = undefined, O extends SendOptions = SendOptions>(
    serde: { readonly key: Serializer<K>; readonly value: Serializer<V> },
    options?: O,
  ): Operator<K, V, C, O>
  <V, C = undefined, O extends SendOptions = SendOptions>(
    serde: { readonly key?: undefined; readonly value: Serializer<V> },
    options?: O,
  ): Operator<Plain, V, C, O>
  <K, C = undefined, O extends SendOptions = SendOptions>(
    serde: { readonly key: Serializer<K>; readonly value?: undefined },
    options?: O,
  ): Operator<K, Plain, C, O>
  <C = undefined, O extends SendOptions = SendOptions>(
    serde?: { readonly key?: undefined; readonly value?: undefined },
    options?: O,
  ): Operator<Plain, Plain, C, O>
}

/** How values are sent to a topic; `options` are those of every send. */
type Sending<T, O extends SendOptions> = ToOptions<T> & { readonly options?: O }

/** Sends a stream of values to one topic; each value is the context of its delivery. */
export interface To {
  <T, O extends SendOptions = SendOptions>(
    topic: string,
    options: Sending<T, O> & { readonly value: Serializer<T> },
  ): OperatorFunction<T, DeliveryWith<T, O>>
  <T extends Plain | null, O extends SendOptions = SendOptions>(
    topic: string,
    options?: Sending<T, O>,
  ): OperatorFunction<T, DeliveryWith<T, O>>
}

/** What is pulled: itself, for one subscription, or a function that makes a new one for each. */
type Source<T> = PullSource<T> | (() => PullSource<T>)

type ToRecord<T, K, V, C> = (value: T) => Sent<K, V, C>

/**
 * Sends what can be asked for one value at a time: iterables, async iterables, Node's and the web's streams. `next()` is called only
 * while there is room, so that everything is bounded by `bufferMemory`; nothing is asked before the subscription, and whoever
 * unsubscribes stops the source (`return()`, `cancel()`). A value of which `toRecord` can make no record fails by itself. An error of the
 * source comes last. A producer that is closed asks for no more, and ends the stream with PRODUCER_CLOSED after the deliveries.
 */
export interface SendFrom {
  <T, K, V, C = undefined, O extends SendOptions = SendOptions>(
    source: Source<T>,
    toRecord: ToRecord<T, K, V, C>,
    serde: { readonly key: Serializer<K>; readonly value: Serializer<V> },
    options?: O,
  ): Observable<DeliveryWith<C, O>>
  <T, V, C = undefined, O extends SendOptions = SendOptions>(
    source: Source<T>,
    toRecord: ToRecord<T, Plain, V, C>,
    serde: { readonly key?: undefined; readonly value: Serializer<V> },
    options?: O,
  ): Observable<DeliveryWith<C, O>>
  <T, K, C = undefined, O extends SendOptions = SendOptions>(
    source: Source<T>,
    toRecord: ToRecord<T, K, Plain, C>,
    serde: { readonly key: Serializer<K>; readonly value?: undefined },
    options?: O,
  ): Observable<DeliveryWith<C, O>>
  <T, C = undefined, O extends SendOptions = SendOptions>(
    source: Source<T>,
    toRecord: ToRecord<T, Plain, Plain, C>,
    serde?: { readonly key?: undefined; readonly value?: undefined },
    options?: O,
  ): Observable<DeliveryWith<C, O>>
}

export interface SendingHalf {
  readonly send: Send
  readonly sendFrom: SendFrom
  readonly to: To
}

/** What the running producer lends. */
export interface Lent {
  readonly sending: SendContext
  readonly room: Room
}

/** `shared` is asked at subscribe: until then nothing has begun. */
export function sendingHalf(lent: () => Lent): SendingHalf {
  const send = <K, V, C, O extends SendOptions = SendOptions>(serde: Serde<K, V> = {}, options: SendOptions = {}): Operator<K, V, C, O> => {
    checkSerde(serde)
    checkSendOptions(options)
    // What is a failure goes into the error channel where the types say that it does: the teller sees to that.
    return (records$) =>
      new Observable((subscriber) => records$.pipe(sendAll<K, V, C>(serde, lent().sending, options)).subscribe(subscriber as never))
  }
  const sendAllFrom = <T, K, V, C>(
    source: Source<T>,
    toRecord: ToRecord<T, K, V, C>,
    serde: Serde<K, V> = {},
    options: SendOptions = {},
  ) => {
    checkSerde(serde)
    checkSendOptions(options)
    const open = typeof source === 'function' ? source : () => source
    return new Observable((subscriber) => {
      const { sending, room } = lent()
      return sendFrom<T, K, V, C>(open, { toRecord, serde, shared: sending, options, room }).subscribe(subscriber)
    })
  }
  return {
    send: send as Send,
    sendFrom: sendAllFrom as SendFrom,
    to: (topic: string, { options, ...making }: Sending<unknown, SendOptions> = {}) => {
      checkMaking(making)
      return to(topic, making, (serde) => send(serde, options) as never)
    },
  }
}
