import type { Outlet } from '../record'

/**
 * Whom to tell and when it was made, of each record of a batch: mostly the same as of the record before, so that only each run of them takes
 * room; where all differ, no more than plain lists. With an entry a record a batch held 26 bytes of heap for each, and not 6.
 */
export class RecordRuns<C> {
  readonly #outlets: (Outlet<C> | undefined)[] = []
  readonly #timestamps: number[] = []
  /** The index of the first record of each run. Made with the first repetition: until then each record is a run of its own. */
  #starts: number[] | undefined
  #count = 0
  // What came last, beside the lists: every record asks for it.
  #outlet: Outlet<C> | undefined
  #timestamp = NaN
  /** The run that was read last: who reads goes forward, mostly. */
  #near = 0

  push(outlet: Outlet<C> | undefined, timestamp: number): void {
    if (timestamp === this.#timestamp && outlet === this.#outlet) this.#starts ??= this.#outlets.map((_, index) => index)
    else this.#begin(outlet, timestamp)
    this.#count++
  }

  outletAt(index: number): Outlet<C> | undefined {
    return this.#outlets[this.#runOf(index)]
  }

  /** Milliseconds since 1970. */
  timestampAt(index: number): number {
    return this.#timestamps[this.#runOf(index)]
  }

  #begin(outlet: Outlet<C> | undefined, timestamp: number): void {
    this.#outlet = outlet
    this.#timestamp = timestamp
    this.#outlets.push(outlet)
    this.#timestamps.push(timestamp)
    this.#starts?.push(this.#count)
  }

  #runOf(index: number): number {
    const starts = this.#starts
    if (starts === undefined) return index
    const last = starts.length - 1
    while (this.#near < last && starts[this.#near + 1] <= index) this.#near++
    if (starts[this.#near] > index) this.#near = lastUpTo(starts, index, this.#near)
    return this.#near
  }
}

/** Which of the starts before `to`, the first of which is 0, is the last that is not behind the index. */
function lastUpTo(starts: readonly number[], index: number, to: number): number {
  let from = 0
  while (from + 1 < to) {
    const middle = (from + to) >>> 1
    if (starts[middle] <= index) from = middle
    else to = middle
  }
  return from
}
