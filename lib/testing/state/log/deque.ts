/** A list that grows at its end and is eaten up from its front, both at constant cost, and can be looked into anywhere. */

/** What was dropped stays in the array until it is half of it. */
const SMALLEST_GAP = 1024

export class Deque<T> {
  #items: T[] = []
  #head = 0

  get length(): number {
    return this.#items.length - this.#head
  }

  /** Undefined outside of the list. */
  at(index: number): T | undefined {
    return index < 0 ? undefined : this.#items[this.#head + index]
  }

  push(item: T): void {
    this.#items.push(item)
  }

  /** Takes the last one off. */
  pop(): T | undefined {
    return this.length > 0 ? this.#items.pop() : undefined
  }

  /** Takes the first one off. */
  shift(): T | undefined {
    if (this.length === 0) return undefined
    const item = this.#items[this.#head]
    this.#items[this.#head++] = undefined as T
    if (this.#head >= SMALLEST_GAP && this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head)
      this.#head = 0
    }
    return item
  }

  clear(): void {
    this.#items = []
    this.#head = 0
  }

  /** The first index for which `isAfter` holds, where it holds for all that follow; `length` when it holds for none. */
  findFirst(isAfter: (item: T) => boolean): number {
    let [low, high] = [this.#head, this.#items.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (isAfter(this.#items[middle])) high = middle
      else low = middle + 1
    }
    return low - this.#head
  }

  toArray(): T[] {
    return this.#items.slice(this.#head)
  }
}
