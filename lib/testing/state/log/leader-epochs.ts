/** Which leader wrote which part of a log: the epochs that have a beginning in it (KIP-101). */

/** A leader epoch, and the offset behind its last record. */
export interface EpochEnd {
  readonly epoch: number
  readonly endOffset: bigint
}

interface EpochStart {
  readonly epoch: number
  readonly startOffset: bigint
}

const NO_EPOCH = -1

/** What is answered for an epoch that nobody knows. */
export const UNKNOWN_EPOCH_END: EpochEnd = { epoch: NO_EPOCH, endOffset: -1n }

/** Epochs and offsets both grow along the list. */
export class LeaderEpochs {
  #starts: EpochStart[] = []

  /** Of whoever wrote last; −1 in the beginning. */
  get latest(): number {
    return this.#starts.at(-1)?.epoch ?? NO_EPOCH
  }

  /** From `startOffset` on records are written under `epoch`. An epoch under which nothing was written is forgotten. */
  assign(epoch: number, startOffset: bigint): void {
    if (epoch === this.latest) return
    this.#starts = this.#starts.filter((each) => each.epoch < epoch && each.startOffset < startOffset)
    this.#starts.push({ epoch, startOffset })
  }

  /** The largest known epoch up to `epoch`, and where it ends: where the next one begins, or at the end of the log. */
  endOf(epoch: number, logEndOffset: bigint): EpochEnd {
    if (epoch === NO_EPOCH) return UNKNOWN_EPOCH_END
    if (epoch === this.latest) return { epoch, endOffset: logEndOffset }
    const next = this.#starts.find((each) => each.epoch > epoch)
    if (next === undefined) return UNKNOWN_EPOCH_END
    const floor = this.#starts.findLast((each) => each.epoch <= epoch)
    return { epoch: floor?.epoch ?? epoch, endOffset: next.startOffset }
  }

  /** The epoch of the record at `offset`; −1 where none is known. */
  at(offset: bigint): number {
    return this.#starts.findLast(({ startOffset }) => startOffset <= offset)?.epoch ?? NO_EPOCH
  }

  /** The log ends at `endOffset` from now on. */
  truncateTo(endOffset: bigint): void {
    this.#starts = this.#starts.filter(({ startOffset }) => startOffset < endOffset)
  }

  /** The log begins at `startOffset` from now on: the epoch of its first record begins there too. */
  beginAt(startOffset: bigint): void {
    const gone = this.#starts.filter((each) => each.startOffset <= startOffset)
    const last = gone.at(-1)
    if (last === undefined) return
    this.#starts = [{ epoch: last.epoch, startOffset }, ...this.#starts.slice(gone.length)]
  }
}
