/** `concatMap`, but for any number of values that wait: RxJS's calls itself once for each that completes at once, and runs out of stack. */
import { Observable } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import { Fifo } from '../../fifo'

export function oneByOne<T, R>(project: (value: T) => Observable<R>): OperatorFunction<T, R> {
  return (source) =>
    new Observable((subscriber) => {
      const waiting = new Fifo<{ readonly value: T }>()
      const state = { busy: false, looping: false, complete: false }

      const begin = (value: T): void => {
        state.busy = true
        const done = (): void => {
          state.busy = false
          goOn()
        }
        const fail = (error: unknown): void => subscriber.error(error)
        try {
          const inner = project(value).subscribe({ next: (result) => subscriber.next(result), error: fail, complete: done })
          // What is over need not be remembered: a connection may see millions of requests.
          if (!inner.closed) {
            subscriber.add(inner)
            inner.add(() => subscriber.remove(inner))
          }
        } catch (error) {
          fail(error)
        }
      }
      /** What completes while this runs is gone on with here, and not from within its call. */
      const goOn = (): void => {
        if (state.looping) return
        state.looping = true
        while (!state.busy && !subscriber.closed) {
          const next = waiting.shift()
          if (next === undefined) break
          begin(next.value)
        }
        state.looping = false
        if (state.complete && !state.busy) subscriber.complete()
      }
      const subscription = source.subscribe({
        next: (value) => {
          waiting.push({ value })
          goOn()
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => {
          state.complete = true
          goOn()
        },
      })
      subscriber.add(subscription)
    })
}
