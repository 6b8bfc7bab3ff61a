/**
 * A list in which neighbours are mostly the same: it takes room for each run of them only. Of what all records of a batch have in common, an
 * entry a record was a third of what a record in memory cost.
 */
export class RunList<T> {
  readonly #values: T[] = []
  /** The index behind the last of each run. */
  readonly #ends: number[] = []
  /** The run that was read last: who reads goes forward, mostly. */
  #near = 0

  get length(): number {
    return this.#ends.at(-1) ?? 0
  }

  push(value: T): void {
    const last = this.#ends.length - 1
    if (last >= 0 && this.#values[last] === value) {
      this.#ends[last]++
      return
    }
    this.#values.push(value)
    this.#ends.push(last < 0 ? 1 : this.#ends[last] + 1)
  }

  /** Undefined beyond its end. */
  at(index: number): T | undefined {
    while (index >= this.#ends[this.#near]) this.#near++
    if (this.#near > 0 && index < this.#ends[this.#near - 1]) this.#near = this.#runOf(index)
    return this.#values[this.#near]
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (const [run, value] of this.#values.entries()) {
      for (let index = this.#ends[run - 1] ?? 0; index < this.#ends[run]; index++) yield value
    }
  }

  #runOf(index: number): number {
    let from = 0
    let to = this.#near
    while (from < to) {
      const middle = (from + to) >>> 1
      if (this.#ends[middle] > index) to = middle
      else from = middle + 1
    }
    return from
  }
}
