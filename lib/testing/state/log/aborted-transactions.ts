/** Which records of a log belong to transactions that were aborted: what a consumer with read_committed has to leave out. */
import { Deque } from './deque'

export interface AbortedTransaction {
  readonly producerId: bigint
  readonly firstOffset: bigint
}

interface Aborted extends AbortedTransaction {
  /** Of the marker. */
  readonly lastOffset: bigint
}

/** In the order of their markers. */
export class AbortedTransactions {
  readonly #aborted = new Deque<Aborted>()

  add(aborted: Aborted): void {
    this.#aborted.push(aborted)
  }

  /** Those with a record between `from` and `to`, which is left out. */
  between(from: bigint, to: bigint): AbortedTransaction[] {
    const found: AbortedTransaction[] = []
    const first = this.#aborted.findFirst(({ lastOffset }) => lastOffset >= from)
    for (let i = first; i < this.#aborted.length; i++) {
      const each = this.#aborted.at(i)
      if (each !== undefined && each.firstOffset < to) found.push({ producerId: each.producerId, firstOffset: each.firstOffset })
    }
    return found
  }

  /** The log ends at `endOffset` from now on. */
  truncateTo(endOffset: bigint): void {
    while ((this.#aborted.at(this.#aborted.length - 1)?.lastOffset ?? -1n) >= endOffset) this.#aborted.pop()
  }

  /** The log begins at `startOffset` from now on. */
  beginAt(startOffset: bigint): void {
    while (this.#aborted.length > 0 && (this.#aborted.at(0)?.lastOffset ?? startOffset) < startOffset) this.#aborted.shift()
  }
}
