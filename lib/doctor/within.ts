import { Observable } from 'rxjs'
import type { Clock } from '../time'

interface Limit {
  readonly clock: Clock
  /** Milliseconds until it is given up. */
  readonly limit: number
  readonly late: () => Error
}

export const within = <T>(source$: Observable<T>, { clock, limit, late }: Limit): Observable<T> =>
  new Observable((subscriber) => {
    subscriber.add(clock.schedule(limit, () => subscriber.error(late())))
    subscriber.add(source$.subscribe(subscriber))
  })
