import { catchError, EMPTY, filter, Observable, Subject, takeUntil } from 'rxjs'
import type { OperatorFunction, Subscriber } from 'rxjs'
import type { KafkaError } from '../errors'
import type { ProducerEvent } from '../events'
import type { Delivery, Outlet, PartitionedRecord, ProducerRecord } from '../record'
import type { Serde } from '../serializers/serializer'
import type { Generation, Ledger } from './ledger'
import { partition } from './partition'
import type { PartitionOptions, PartitionShared } from './partition'
import { serialize } from './serialize'

/** What the producer lends to every stream of records that it sends. */
export interface SendContext extends PartitionOptions, PartitionShared {
  readonly ledger: Ledger
  /** Into the accumulator that all streams share. */
  readonly append: (record: PartitionedRecord) => void
  /** Nothing lingers any more, until the returned function is called. */
  readonly hurry: () => () => void
  /** Why no record is accepted any more. */
  readonly refusal: () => KafkaError | undefined
  /** Nobody waits any longer for what is neither serialized nor partitioned. */
  readonly abandon$: Observable<KafkaError>
  readonly report: (event: ProducerEvent) => void
}

/**
 * Sends a stream of records and gives one delivery for each, as they are acknowledged. Completes when the source has completed and
 * every record is settled; a completing source does not wait for linger. An error of the source comes last, after every delivery.
 * Unsubscribing stops taking records; what was accepted is still delivered, and reported as an event.
 */
export function send<K, V, C>(serde: Serde<K, V>, shared: SendContext): OperatorFunction<ProducerRecord<K, V, C>, Delivery<C>> {
  return (source) =>
    new Observable<Delivery<C>>((subscriber) => {
      const unsubscribed$ = new Subject<void>()
      const account = sendAccount<C>(subscriber, shared)

      const isAccepted = (record: ProducerRecord<K, V, C>): boolean => {
        const error = shared.refusal()
        if (error === undefined) return true
        const { topic = '', context } = (record ?? {}) as Partial<ProducerRecord<K, V, C>>
        subscriber.next({ type: 'failed', topic, error, context: context as C })
        return false
      }
      subscriber.add(() => {
        unsubscribed$.next()
      })
      source
        .pipe(
          takeUntil(unsubscribed$),
          catchError((error: unknown) => {
            account.sourceFailed(error)
            return EMPTY
          }),
          filter(isAccepted),
          serialize(serde, { accept: account.accept, abandon$: shared.abandon$, waiting: shared.waiting }),
          partition(shared, shared),
        )
        .subscribe({
          next: shared.append,
          complete: account.close,
          // Nothing above fails by itself: this is a defect, and must not look like a stream that is still busy.
          error: (error: unknown) => subscriber.error(error),
        })
    })
}

interface SendAccount<C> {
  /** One more record came in: whom to tell what becomes of it. */
  readonly accept: () => Outlet<C>
  /** The error with which the stream ends once everything is settled. */
  sourceFailed(error: unknown): void
  /** No record will come any more; what is left does not wait for others. */
  readonly close: () => void
}

/** Keeps count of one stream's records, and ends it when the last of them is settled. */
function sendAccount<C>(subscriber: Subscriber<Delivery<C>>, { ledger, report, hurry }: SendContext): SendAccount<C> {
  let unsettled = 0
  let endHurry: (() => void) | undefined
  let end = (): void => {
    subscriber.complete()
  }
  const settle = (generation: Generation, delivery: Delivery<C>): void => {
    unsettled--
    try {
      if (subscriber.closed) report({ type: 'orphaned', delivery })
      else subscriber.next(delivery)
    } finally {
      ledger.settled(generation, delivery)
      endWhenDone()
    }
  }
  const endWhenDone = (): void => {
    if (endHurry === undefined || unsettled > 0) return
    endHurry()
    end()
  }
  /** One outlet for all records of a generation: a flush begins a new one. */
  const outletOf = (generation: Generation) => ({ generation, settle: (delivery: Delivery<C>) => settle(generation, delivery) })
  let outlet = outletOf(ledger.current)

  return {
    accept: () => {
      if (outlet.generation !== ledger.current) outlet = outletOf(ledger.current)
      ledger.accepted(outlet.generation)
      unsettled++
      return outlet
    },
    sourceFailed: (error) => {
      end = () => {
        subscriber.error(error)
      }
    },
    close: () => {
      endHurry = hurry()
      endWhenDone()
    },
  }
}
