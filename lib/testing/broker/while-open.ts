/** What goes on only as long as its connection is open. */
import { Observable } from 'rxjs'

/**
 * Begins with `source` in any case, and completes when the connection is over: a request that has been received is handled though
 * nobody hears the answer any more, and none waits for nobody.
 */
export const whileOpen = <T>(source: Observable<T>, over$: Observable<boolean>): Observable<T> =>
  new Observable((subscriber) => {
    const inner = source.subscribe(subscriber)
    if (!subscriber.closed) inner.add(over$.subscribe((over) => over && subscriber.complete()))
    return inner
  })
