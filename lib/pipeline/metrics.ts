import { Observable } from 'rxjs'
import type { Cancel, Clock } from '../time'
import type { Ledger } from './ledger'
import type { ByteBudget } from './byte-budget'
import type { Room } from './room'

/** A producer at one moment. Counts are those since it began. */
export interface ProducerMetrics {
  /** Bytes of `bufferMemory`. */
  readonly bufferTotal: number
  /** Bytes of it that no batch holds. */
  readonly bufferAvailable: number
  /** Records that wait for room, their topic, their serializer, or `maxInFlight`. */
  readonly waitingRecords: number
  /** The bytes that they count for in `waitingMemory`. */
  readonly waitingBytes: number
  /** Records that were accepted and are not settled. */
  readonly unsettled: number
  readonly delivered: number
  readonly failed: number
  /** Given up when closing, or taken back by `onUnsubscribe: 'purge'`. */
  readonly purged: number
  readonly skipped: number
  /** Batches that were sent again. */
  readonly retries: number
  /** Unanswered requests at all brokers. */
  readonly requestsInFlight: number
}

export interface MetricsOptions {
  readonly room: Room
  readonly waiting: ByteBudget
  readonly ledger: Ledger
  readonly nodes: { readonly inFlight: number }
  readonly retries: () => number
}

export function metricsOf({ room, waiting, ledger, nodes, retries }: MetricsOptions): ProducerMetrics {
  return {
    bufferTotal: room.total,
    bufferAvailable: room.free(),
    waitingRecords: waiting.takers,
    waitingBytes: waiting.used,
    unsettled: ledger.unsettled,
    ...ledger.tally,
    skipped: ledger.skipped,
    retries: retries(),
    requestsInFlight: nodes.inFlight,
  }
}

/** A value every `interval` ms, the first after one; nothing is armed while nobody listens. */
export function every<T>(interval: number, clock: Clock, value: () => T): Observable<T> {
  return new Observable((subscriber) => {
    let cancel: Cancel | undefined
    const arm = (): void => {
      cancel = clock.schedule(interval, () => {
        subscriber.next(value())
        if (!subscriber.closed) arm()
      })
    }
    subscriber.add(() => cancel?.())
    arm()
  })
}
