/**
 * A list in which neighbours are mostly the same: it takes room for each run of them only, and where all differ no more than a plain list. With
 * an entry a record for its outlet and its timestamp, which mostly are those of the one before, a batch held 26 bytes of heap a record and not 6.
 */
export class RunList<T> {
  readonly #values: T[] = []
  /** The index behind the last of each run. Made with the first repetition: until then each value is a run of its own. */
  #ends: number[] | undefined
  /** The run that was read last: who reads goes forward, mostly. */
  #near = 0

  push(value: T): void {
    const last = this.#values.length - 1
    if (last >= 0 && this.#values[last] === value) {
      this.#ends ??= this.#values.map((_, index) => index + 1)
      this.#ends[last]++
      return
    }
    this.#values.push(value)
    this.#ends?.push((this.#ends[last] ?? 0) + 1)
  }

  /** Of an index at which something was pushed. */
  at(index: number): T {
    return this.#values[this.#ends === undefined ? index : this.#runOf(this.#ends, index)]
  }

  #runOf(ends: readonly number[], index: number): number {
    while (index >= ends[this.#near]) this.#near++
    if (this.#near > 0 && index < ends[this.#near - 1]) this.#near = firstAbove(ends, index, this.#near)
    return this.#near
  }
}

/** The first of the ends before `to` that lies behind the index, or `to`. */
function firstAbove(ends: readonly number[], index: number, to: number): number {
  let from = 0
  while (from < to) {
    const middle = (from + to) >>> 1
    if (ends[middle] > index) to = middle
    else from = middle + 1
  }
  return from
}
