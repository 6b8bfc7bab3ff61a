import { ConfigError, textOf } from '../errors'

/** A web stream, as far as it is read here. */
export interface WebStream<T> {
  getReader(): WebStreamReader<T>
}

interface WebStreamReader<T> {
  read(): Promise<{ readonly done: boolean; readonly value?: T | undefined }>
  cancel(reason?: unknown): Promise<void>
}

/** What can be asked for one value at a time: a Node stream is an AsyncIterable too. A function makes a new one for each subscription. */
export type PullSource<T> = Iterable<T> | AsyncIterable<T> | WebStream<T>

/** As an iterator gives it. */
export type Pulled<T> = { readonly done: true } | { readonly done?: false | undefined; readonly value: T }

/** The one shape that all sources are brought to. */
export interface Puller<T> {
  /** The next value: now, or by a Promise, and then nobody asks again until it is there. */
  next(): Pulled<T> | PromiseLike<Pulled<T>>
  /** Nothing more is wanted. Not called after the source ended by itself. */
  stop(): void
}

interface AnyIterator<T> {
  next(): IteratorResult<T> | PromiseLike<IteratorResult<T>>
  return?(): unknown
}

/** Throws a ConfigError when it is none. */
export function pullerOf<T>(source: PullSource<T>): Puller<T> {
  if (has(source, 'getReader')) return readerPuller((source as WebStream<T>).getReader())
  if (has(source, Symbol.asyncIterator)) return iteratorPuller((source as AsyncIterable<T>)[Symbol.asyncIterator]())
  if (has(source, Symbol.iterator)) return iteratorPuller((source as Iterable<T>)[Symbol.iterator]())
  throw new ConfigError([`source: ${textOf(source)} given; an iterable, an async iterable, or a stream expected`])
}

const has = (source: unknown, method: PropertyKey): boolean =>
  source !== null && source !== undefined && typeof (source as Record<PropertyKey, unknown>)[method] === 'function'

function iteratorPuller<T>(iterator: AnyIterator<T>): Puller<T> {
  return {
    next: () => {
      const result = iterator.next()
      return isLater(result) ? result.then(pulledOf) : (result as Pulled<T>)
    },
    stop: () => ignoring(() => iterator.return?.()),
  }
}

function readerPuller<T>(reader: WebStreamReader<T>): Puller<T> {
  return {
    next: () => reader.read().then(({ done, value }) => (done ? { done } : { done, value: value as T })),
    stop: () => ignoring(() => reader.cancel()),
  }
}

/** What is no result is the error of the source here, and not of whoever waits for it. */
const pulledOf = <T>({ done, value }: IteratorResult<T>): Pulled<T> => (done === true ? { done } : { value: value })

const isLater = <T>(result: T | PromiseLike<T>): result is PromiseLike<T> =>
  typeof result === 'object' && result !== null && 'then' in result && typeof result.then === 'function'

/** Nobody is left to hear of what goes wrong when a source is stopped. */
function ignoring(stop: () => unknown): void {
  try {
    const stopped = stop()
    if (isLater(stopped)) stopped.then(undefined, () => undefined)
  } catch {
    return
  }
}
