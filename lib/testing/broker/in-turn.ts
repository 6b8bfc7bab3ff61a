/** A connection's requests one after the other, without taking in more of them than can be served. */
import { concat, EMPTY, finalize, Observable, Subject } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import { oneByOne } from './one-by-one'

/** What a connection lets its broker do about its pace. */
export interface Flow {
  /** Nothing more is read. */
  hold(): void
  /** Reading goes on. */
  release(): void
  /** Completes when the client has taken enough of what was written that more may follow. */
  readonly drained$: Observable<never>
}

/** A connection in memory: what is written is taken by the network, whether or not anybody reads. */
export const UNHINDERED: Flow = { hold: () => undefined, release: () => undefined, drained$: EMPTY }

/**
 * Bytes of requests that a connection may have waiting. Not 0: a socket that is not read does not tell that its client has left, and a
 * long poll would go on for nobody.
 */
const MOST_WAITING = 1024 * 1024

/**
 * As Kafka mutes a channel: the next request is looked at when the answer to the one before is written, and a client that does not read
 * its answers gets no further ones made. Of the requests that wait, `MOST_WAITING` bytes are read ahead.
 */
export function servedInTurn<A>(flow: Flow, serve: (frame: Uint8Array) => Observable<A>): OperatorFunction<Uint8Array, A> {
  return (frames) =>
    new Observable((subscriber) => {
      const reading = readingOf(flow)
      const queue = new Subject<Uint8Array>()
      const served$ = (frame: Uint8Array): Observable<A> => concat(serve(frame), flow.drained$).pipe(finalize(() => reading.served(frame)))
      const subscription = queue.pipe(oneByOne(served$)).subscribe(subscriber)
      const next = (frame: Uint8Array): void => {
        reading.arrived(frame)
        queue.next(frame)
        reading.adjust()
      }
      subscription.add(frames.subscribe({ next, error: (error: unknown) => queue.error(error), complete: () => queue.complete() }))
      return subscription
    })
}

/** Holds the reading back while too much waits. */
function readingOf({ hold, release }: Flow) {
  let waiting = 0
  let held = false
  const adjust = (): void => {
    if (held === waiting > MOST_WAITING) return
    held = !held
    if (held) hold()
    else release()
  }
  return {
    arrived: ({ length }: Uint8Array): void => {
      waiting += length
    },
    served: ({ length }: Uint8Array): void => {
      waiting -= length
      if (held) adjust()
    },
    /** When what arrived has been looked at: what was answered at once has never waited. */
    adjust,
  }
}
