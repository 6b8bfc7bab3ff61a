import type { TeardownLogic } from 'rxjs'

/** Where a stage puts what it makes: the next one, or whoever subscribed. */
export interface Sink<T> {
  next(value: T): void
  complete(): void
  error(error: unknown): void
}

/** What a stage does with what comes in. */
export interface Handlers<T> {
  /** What it throws becomes the error of the stream. */
  next(value: T): void
  /** Default: the destination completes with the source. */
  complete?(): void
  /** Default: the destination fails with the source. */
  error?(error: unknown): void
}

/** How long the destination listens: what a stage holds on to meanwhile it adds here. */
export interface Life {
  add(teardown: TeardownLogic): void
}

/** A part of the way of a record. It runs once a subscription, so that its state is born with it and dies with it. */
export type Stage<T, R> = (destination: Sink<R>, life: Life) => Handlers<T>

/**
 * Two stages as one. They call each other, without a subscriber of RxJS between them: that keeps V8 from compiling a record's way in one piece.
 *
 * After the end of the first a value that was in hand may still come to the second, also to one that has ended: it must go on its way.
 */
export function through<A, B, C>(first: Stage<A, B>, second: Stage<B, C>): Stage<A, C> {
  return (destination, life) => {
    const middle = sinkOf(second(destination, life), destination)
    return sinkOf(first(middle, life), middle)
  }
}

/** Changes each value. What `project` throws is the stream's error. */
export function mapped<T, R>(project: (value: T) => R): Stage<T, R> {
  return (destination) => ({ next: (value) => destination.next(project(value)) })
}

/** What a stage says of its end is heard once: what waits in it may end it, and after that whoever gives it up. */
function sinkOf<T>(handlers: Handlers<T>, destination: Sink<unknown>): Sink<T> {
  let isOver = false
  const once = (end: () => void): void => {
    if (isOver) return
    isOver = true
    end()
  }
  return {
    next: handlers.next,
    complete: () => once(() => (handlers.complete === undefined ? destination.complete() : handlers.complete())),
    error: (error) => once(() => (handlers.error === undefined ? destination.error(error) : handlers.error(error))),
  }
}
