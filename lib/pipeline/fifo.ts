/** A queue without the cost of `Array.shift`, which moves everything that waits: a burst may queue hundreds of thousands of records. */
export class Fifo<T> {
  #items: T[] = []
  #head = 0

  get length(): number {
    return this.#items.length - this.#head
  }

  get head(): T | undefined {
    return this.#items[this.#head]
  }

  push(item: T): void {
    this.#items.push(item)
  }

  shift(): T | undefined {
    if (this.length === 0) return undefined
    const item = this.#items[this.#head++]
    // Each item is moved at most once for every item that left: constant cost on average, and what left can be collected.
    if (this.#head > 1024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head)
      this.#head = 0
    }
    return item
  }

  /** Takes out all that are meant, in their order; the others keep theirs. */
  extract(isMeant: (item: T) => boolean): T[] {
    const items = this.#items.slice(this.#head)
    const extracted = items.filter(isMeant)
    this.#items = items.filter((item) => !isMeant(item))
    this.#head = 0
    return extracted
  }
}
