import { Observable } from 'rxjs'
import type { Subscriber } from 'rxjs'

/** Many put values in, one subscriber takes them out, the last that came; what is put in while there is none is lost. */
export interface Funnel<T> {
  readonly out$: Observable<T>
  readonly put: (value: T) => void
  readonly end: () => void
}

/** Not a Subject: its `next` makes an iterator and a closure for each value, which was a quarter of what a record's way allocated. */
export function funnel<T>(): Funnel<T> {
  let taker: Subscriber<T> | undefined
  return {
    out$: new Observable<T>((subscriber) => {
      taker = subscriber
    }),
    put: (value) => taker?.next(value),
    end: () => taker?.complete(),
  }
}
