import type { ByteBudget } from './byte-budget'
import { Fifo } from '../fifo'

type Outcome<T> = { readonly type: 'awaited' | 'failed' } | { readonly type: 'came'; readonly value: T }

interface Entry<T> {
  readonly bytes: number
  readonly failed: (cause: unknown) => void
  outcome: Outcome<T>
}

/** A value that is not there yet, or that stands behind one that is not. */
export interface Held<T> {
  readonly value: T | PromiseLike<T>
  /** What it takes of the budget meanwhile. */
  readonly bytes: number
  /** It will not come. */
  readonly failed: (cause: unknown) => void
}

/** Holds values back until everything before them has come or failed. */
export interface InOrder<T> {
  isEmpty(): boolean
  /** False when the budget has no room for it. */
  hold(held: Held<T>): boolean
  /** Fails everything that is held. */
  abandon(cause: unknown): void
}

export interface InOrderOptions<T> {
  readonly budget: ByteBudget
  readonly emit: (value: T) => void
  /** After values were emitted or failed. */
  readonly moved: () => void
}

export function inOrder<T>({ budget, emit, moved }: InOrderOptions<T>): InOrder<T> {
  const line = new Fifo<Entry<T>>()

  const release = (): void => {
    for (let { head } = line; head !== undefined && head.outcome.type !== 'awaited'; head = line.head) {
      line.shift()
      budget.give(head.bytes)
      if (head.outcome.type === 'came') emit(head.outcome.value)
    }
    moved()
  }
  const came = (entry: Entry<T>, value: T): void => {
    if (entry.outcome.type !== 'awaited') return
    entry.outcome = { type: 'came', value }
    release()
  }
  const fail = (entry: Entry<T>, cause: unknown): void => {
    if (entry.outcome.type === 'failed') return
    entry.outcome = { type: 'failed' }
    entry.failed(cause)
    release()
  }
  return {
    isEmpty: () => line.length === 0,
    hold: ({ value, bytes, failed }) => {
      if (!budget.take(bytes)) {
        heedRejection(value)
        return false
      }
      const entry: Entry<T> = { bytes, failed, outcome: { type: 'awaited' } }
      line.push(entry)
      Promise.resolve(value).then(
        (result) => {
          came(entry, result)
        },
        (cause: unknown) => {
          fail(entry, cause)
        },
      )
      return true
    },
    abandon: (cause) => {
      // All leave the line first: the failure of one would release those behind it that have come.
      const entries: Entry<T>[] = []
      for (let entry = line.shift(); entry !== undefined; entry = line.shift()) entries.push(entry)
      for (const entry of entries) budget.give(entry.bytes)
      for (const entry of entries) fail(entry, cause)
      moved()
    },
  }
}

/** Nobody waits for it: when it is rejected later, that must not end the process. */
function heedRejection(value: unknown): void {
  if (typeof value === 'object' && value !== null && 'then' in value) Promise.resolve(value).catch(() => undefined)
}
