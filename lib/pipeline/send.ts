import { merge, Observable, Subject } from 'rxjs'
import type { OperatorFunction, Subscriber } from 'rxjs'
import { AbortError, UnsubscribedError } from '../errors'
import type { KafkaError } from '../errors'
import type { ProducerEvent } from '../events'
import type { Delivery, Outlet, PartitionedRecord, ProducerRecord, Skip, StreamTraits } from '../record'
import type { Serde } from '../serializers/serializer'
import { inFlightLimit } from './in-flight-limit'
import { inOrderLimit } from './in-order-limit'
import { intake } from './intake'
import type { Ledger } from './ledger'
import { flow } from './operate'
import { decideInPlace, partitioning } from './partition'
import type { PartitionOptions, PartitionShared } from './partition'
import { sendAccount } from './send-account'
import type { SendOptions } from './send-options'
import { serializing } from './serialize'
import { mapped, through } from './stage'
import type { Stage } from './stage'
import { tellerFor } from './teller'
import type { Teller } from './teller'

/** What the producer lends to every stream of records that it sends. */
export interface SendContext extends PartitionOptions, Omit<PartitionShared, 'abandon$'> {
  readonly ledger: Ledger
  /** Into the accumulator that all streams share. */
  readonly append: (record: PartitionedRecord) => void
  /** Nothing lingers any more, until the returned function is called. */
  readonly hurry: () => () => void
  /** Why no record is accepted any more. */
  readonly refusal: () => KafkaError | undefined
  /** Nobody waits any longer for what is neither serialized nor partitioned. */
  readonly abandon$: Observable<KafkaError>
  /** Takes back what of a stream still waits for memory. */
  readonly withdraw: (stream: StreamTraits, error: KafkaError) => void
  readonly report: (event: ProducerEvent) => void
  /** The interceptors, when there are any that look at records, or at deliveries. */
  readonly onSend?: ((record: ProducerRecord) => ProducerRecord) | undefined
  readonly onDelivery?: ((delivery: Delivery) => void) | undefined
}

/** What a source that is pulled looks at before it is asked for more. */
export interface Pace {
  /** Records of the stream whose deliveries were not given yet. */
  readonly unsettled: () => number
  /** One of them was given. Silent unless the stream has `maxInFlight`. */
  readonly left$: Observable<unknown>
}

type Sent<K, V, C> = ProducerRecord<K, V, C> | Skip<C>

/**
 * Sends a stream of records and gives one delivery for each, as they are acknowledged. Completes when the source has completed and
 * every record is settled; a completing source does not wait for linger. An error of the source comes last, after every delivery.
 * Unsubscribing stops taking records; what was accepted is still delivered, and reported as an event.
 */
export function send<K, V, C>(
  serde: Serde<K, V>,
  shared: SendContext,
  options: SendOptions = {},
): OperatorFunction<Sent<K, V, C>, Delivery<C>> {
  return (source) =>
    sendPaced<Sent<K, V, C>, K, V, C>(
      () => source,
      (intake) => intake,
      { serde, shared, options },
    )
}

export interface Sending<K, V> {
  readonly serde: Serde<K, V>
  readonly shared: SendContext
  readonly options: SendOptions
}

/** As `send`, for a source that is made at subscribe and may look at how far its records have come; `entrance` says how its values come in. */
export function sendPaced<T, K, V, C>(
  source: (pace: Pace) => Observable<T>,
  entrance: (intake: Stage<Sent<K, V, C>, ProducerRecord<K, V, C>>) => Stage<T, ProducerRecord<K, V, C>>,
  { serde, shared, options }: Sending<K, V>,
): Observable<Delivery<C>> {
  return new Observable<Delivery<C>>((subscriber) => {
    const { maxInFlight = Infinity } = options
    const unsubscribed$ = new Subject<void>()
    const purge$ = new Subject<KafkaError>()
    const left$ = new Subject<Outlet<C>>()
    const left = maxInFlight === Infinity ? undefined : (outlet: Outlet<C>) => left$.next(outlet)
    const account = sendAccount<C>({ ...shared, teller: tellerOf(subscriber, shared, options), left }, options)
    const limit = options.ordered === true ? inOrderLimit<C> : inFlightLimit<C>
    const abandon$ = options.onUnsubscribe === 'purge' ? merge(shared.abandon$, purge$) : shared.abandon$

    subscriber.add(() => {
      unsubscribed$.next()
      if (options.onUnsubscribe !== 'purge' || account.unsettled() === 0) return
      const error = new UnsubscribedError()
      purge$.next(error)
      shared.withdraw(account.stream, error)
    })
    if (options.signal !== undefined) abortOn(options.signal, subscriber)
    if (subscriber.closed) return
    const records = intercepted(entrance(intake<K, V, C>({ account, refusal: shared.refusal })), shared)
    const bytes = through(records, serializing(serde, { accept: account.accept, abandon$, waiting: shared.waiting }))
    const partitioned = through(
      bytes,
      partitioning<C>(shared, { ...shared, abandon$ }, shared.partitioner === undefined ? decideInPlace : undefined),
    )
    const limits = { most: maxInFlight, left$, waiting: shared.waiting, abandon$, clock: shared.clock }
    flow(source({ unsettled: account.unsettled, left$ }), {
      stage: left === undefined ? partitioned : through(partitioned, limit(limits)),
      until$: unsubscribed$,
      sink: {
        next: shared.append,
        complete: account.close,
        // Nothing above fails by itself: this is a defect, and must not look like a stream that is still busy.
        error: (error) => subscriber.error(error),
      },
    })
  })
}

/** An interceptor gives records of any type; whether their keys and values fit is for the serializers to say, record by record. */
function intercepted<T, K, V, C>(records: Stage<T, ProducerRecord<K, V, C>>, { onSend }: SendContext): typeof records {
  if (onSend === undefined) return records
  return through(
    records,
    mapped((record) => onSend(record) as ProducerRecord<K, V, C>),
  )
}

function tellerOf<C>(subscriber: Subscriber<Delivery<C>>, { report, onDelivery }: SendContext, options: SendOptions): Teller<C> {
  const teller = tellerFor(subscriber, report, options)
  if (onDelivery === undefined) return teller
  return {
    ...teller,
    tell: (delivery) => {
      onDelivery(delivery)
      teller.tell(delivery)
    },
  }
}

function abortOn(signal: AbortSignal, subscriber: Subscriber<never>): void {
  const abort = (): void => subscriber.error(new AbortError(signal.reason))
  if (signal.aborted) {
    abort()
    return
  }
  signal.addEventListener('abort', abort, { once: true })
  subscriber.add(() => signal.removeEventListener('abort', abort))
}
