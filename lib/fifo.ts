/**
 * A queue without the cost of `Array.shift`, which moves everything that waits: a burst may queue hundreds of thousands of records. What has left
 * is not held by its place: kept for a while longer, it would be old for the garbage collector, and copied on the way there.
 */
export class Fifo<T> {
  #items: (T | undefined)[] = []
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
    const item = this.#items[this.#head]
    this.#items[this.#head++] = undefined
    // Each place is moved at most once for every item that left: constant cost on average.
    if (this.#head > 1024 && this.#head * 2 > this.#items.length) this.#cut()
    return item
  }

  /** Takes out all that are meant, in their order; the others keep theirs. */
  extract(isMeant: (item: T) => boolean): T[] {
    this.#cut()
    // Only places that were left are undefined, and those are cut off.
    const items = this.#items as T[]
    this.#items = items.filter((item) => !isMeant(item))
    return items.filter(isMeant)
  }

  #cut(): void {
    this.#items = this.#items.slice(this.#head)
    this.#head = 0
  }
}
