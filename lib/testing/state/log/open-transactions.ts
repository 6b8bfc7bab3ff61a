/** Which transactions of a partition nobody may read yet: those that are open, and those whose end is not everywhere (KIP-98). */

interface Ended {
  readonly firstOffset: bigint
  /** Of the marker. */
  readonly lastOffset: bigint
}

export class OpenTransactions {
  /** In the order in which they began, since a log only grows. */
  readonly #open = new Set<bigint>()
  #ended: Ended[] = []

  /** The first offset of a transaction that is not decided, or whose marker lies above the high watermark. */
  get firstUnstableOffset(): bigint | undefined {
    let [first] = this.#open
    for (const { firstOffset } of this.#ended) if (first === undefined || firstOffset < first) first = firstOffset
    return first
  }

  begin(firstOffset: bigint): void {
    this.#open.add(firstOffset)
  }

  end(ended: Ended): void {
    this.#open.delete(ended.firstOffset)
    this.#ended.push(ended)
  }

  /** All in-sync replicas have the log up to here. */
  replicated(highWatermark: bigint): void {
    if (this.#ended.length > 0) this.#ended = this.#ended.filter(({ lastOffset }) => lastOffset >= highWatermark)
  }

  copy(): OpenTransactions {
    const copy = new OpenTransactions()
    for (const each of this.#open) copy.#open.add(each)
    copy.#ended = [...this.#ended]
    return copy
  }
}
