import { Observable, Subscriber, Subscription } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import type { Handlers, Sink, Stage } from './stage'

/**
 * A stage as an operator.
 *
 * A subscriber of its own, tied to the destination, and not `source.subscribe({ next })`: that common recipe goes on pulling from a
 * synchronous source after the destination has had enough, and loses what a handler throws.
 */
export function operate<T, R>(stage: Stage<T, R>): OperatorFunction<T, R> {
  return (source) =>
    new Observable<R>((destination) => {
      source.subscribe(new Upstream<T>(stage(destination, destination), destination, destination))
    })
}

export interface Flow<T, R> {
  readonly stage: Stage<T, R>
  readonly sink: Sink<R>
  /** The source is left when this says something, as if it had completed. */
  readonly until$: Observable<unknown>
}

/** Puts what comes of a source through a stage into a sink. */
export function flow<T, R>(source: Observable<T>, { stage, sink, until$ }: Flow<T, R>): void {
  const life = new Subscription()
  const ending = (end: () => void): void => {
    end()
    life.unsubscribe()
  }
  const destination: Sink<R> = {
    next: (value) => sink.next(value),
    complete: () => ending(() => sink.complete()),
    error: (error) => ending(() => sink.error(error)),
  }
  const upstream = new Upstream<T>(stage(destination, life), destination)
  upstream.add(until$.subscribe(() => upstream.complete()))
  life.add(upstream)
  source.subscribe(upstream)
}

class Upstream<T> extends Subscriber<T> {
  /** Values that are being handled right now, one within the other. */
  #handling = 0
  /** An end that came meanwhile, from within what handles a value. It waits: the value in hand is still to go on its way. */
  #ending: (() => void) | undefined

  constructor(
    private readonly handlers: Handlers<T>,
    private readonly downstream: Sink<never>,
    tiedTo?: Subscriber<never>,
  ) {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the public way to tie a subscriber to its destination does not exist in RxJS 7
    super(tiedTo)
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
