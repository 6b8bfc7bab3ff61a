/** Waiting on a clock, as an Observable. */
import { Observable } from 'rxjs'
import type { Clock } from '../../time'

/** Says nothing, and completes so many milliseconds after it was subscribed. */
export const silence = (clock: Clock, ms: number): Observable<never> =>
  new Observable((subscriber) => clock.schedule(ms, () => subscriber.complete()))
