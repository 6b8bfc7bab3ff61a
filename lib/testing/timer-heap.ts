/** What is due at some time, the earliest first: a binary heap in which everything knows its place, so that it can be taken out again. */

export interface Timed {
  readonly at: number
  /** Decides between those of the same time: what was scheduled first comes first. */
  readonly order: number
  /** Index in the heap, −1 outside; the heap's own. */
  place: number
}

export class TimerHeap<T extends Timed> {
  readonly #items: T[] = []

  get size(): number {
    return this.#items.length
  }

  get first(): T | undefined {
    return this.#items[0]
  }

  add(item: T): void {
    this.#items.push(item)
    this.#rise(item, this.#items.length - 1)
  }

  /** Harmless when it is not in here. */
  remove(item: T): void {
    const { place } = item
    if (place < 0) return
    item.place = -1
    const last = this.#items.pop()
    if (last === undefined || last === item) return
    this.#rise(last, place)
    if (last.place === place) this.#sink(last, place)
  }

  #rise(item: T, from: number): void {
    let place = from
    while (place > 0) {
      const above = (place - 1) >> 1
      const parent = this.#items[above]
      if (parent === undefined || isBefore(parent, item)) break
      this.#put(parent, place)
      place = above
    }
    this.#put(item, place)
  }

  #sink(item: T, from: number): void {
    let place = from
    for (;;) {
      const below = this.#earlierOf(2 * place + 1, 2 * place + 2)
      const child = this.#items[below]
      if (child === undefined || isBefore(item, child)) break
      this.#put(child, place)
      place = below
    }
    this.#put(item, place)
  }

  #earlierOf(left: number, right: number): number {
    const [a, b] = [this.#items[left], this.#items[right]]
    return a !== undefined && b !== undefined && isBefore(b, a) ? right : left
  }

  #put(item: T, place: number): void {
    this.#items[place] = item
    item.place = place
  }
}

const isBefore = (a: Timed, b: Timed): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)
