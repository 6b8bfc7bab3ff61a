import type { Clock } from '../time'

/** After this many milliseconds the event loop has its turn. */
const SLICE_MS = 2
/** The time is looked at once in so many items. */
const SLICE_ITEMS = 128

/** Handles each item, in order, in a plain loop that yields when it has worked long enough. What `handle` throws costs no other item its turn. */
export function inSlices<T>(items: readonly T[], clock: Clock, handle: (item: T) => void): void {
  let next = 0
  const work = (): void => {
    const until = clock.now() + SLICE_MS
    try {
      while (next < items.length) {
        handle(items[next++])
        if (next % SLICE_ITEMS === 0 && clock.now() >= until) break
      }
    } finally {
      if (next < items.length) clock.yield(work)
    }
  }
  work()
}
