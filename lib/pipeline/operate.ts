import { Observable, Subscriber } from 'rxjs'
import type { OperatorFunction } from 'rxjs'

export interface Handlers<T> {
  /** What it throws becomes the error of the stream. */
  next(value: T): void
  /** Default: the destination completes with the source. */
  complete?(): void
  /** Default: the destination fails with the source. */
  error?(error: unknown): void
}

/**
 * The frame of every operator here. `init` runs once a subscription, so that state is born with it and dies with it.
 *
 * A subscriber of its own, tied to the destination, and not `source.subscribe({ next })`: that common recipe goes on pulling from a
 * synchronous source after the destination has had enough, and loses what a handler throws.
 */
export function operate<T, R>(init: (destination: Subscriber<R>) => Handlers<T>): OperatorFunction<T, R> {
  return (source) =>
    new Observable<R>((destination) => {
      source.subscribe(new Upstream<T, R>(destination, init(destination)))
    })
}

class Upstream<T, R> extends Subscriber<T> {
  /** Values that are being handled right now, one within the other. */
  #handling = 0
  /** An end that came meanwhile, from within what handles a value. It waits: the value in hand is still to go on its way. */
  #ending: (() => void) | undefined

  constructor(
    private readonly downstream: Subscriber<R>,
    private readonly handlers: Handlers<T>,
  ) {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the public way to tie a subscriber to its destination does not exist in RxJS 7
    super(downstream)
  }

  protected override _next(value: T): void {
    this.#handling++
    try {
      this.handlers.next(value)
    } catch (error) {
      this.downstream.error(error)
    }
    this.#handling--
    if (this.#ending !== undefined) this.#end(this.#ending)
  }

  protected override _error(error: unknown): void {
    this.#end(() => {
      if (this.handlers.error) this.handlers.error(error)
      else this.downstream.error(error)
    })
  }

  protected override _complete(): void {
    this.#end(() => {
      if (this.handlers.complete) this.handlers.complete()
      else this.downstream.complete()
    })
  }

  #end(tell: () => void): void {
    if (this.#handling > 0) {
      this.#ending = tell
      return
    }
    try {
      tell()
    } catch (error) {
      this.downstream.error(error)
    } finally {
      this.unsubscribe()
    }
  }
}
