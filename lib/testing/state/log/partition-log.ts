/**
 * The log of a partition: record batches as they lie on a broker's disk, here in memory.
 *
 * Where it differs from Apache Kafka: what is beyond `retentionBytes` goes batch by batch and at once, where Kafka lets go of whole
 * segments and some time later; time does not make it shorter (retention.ms), and it is not compacted.
 */
import { lastOffsetDeltaOf, stampBatch } from './batch-stamp'
import type { BatchTime } from './batch-stamp'
import { Deque } from './deque'
import { LeaderEpochs } from './leader-epochs'
import { OffsetIndex } from './offset-index'
import { Slabs } from './slabs'
import { StoredBatch } from './stored-batch'

export interface SliceOptions {
  readonly from: bigint
  /** Batches that end here or beyond are left out. */
  readonly to: bigint
  readonly maxBytes: number
  /** The first batch is given even if it is longer than `maxBytes`. */
  readonly atLeastOne: boolean
}

/** A part of the log as a broker sends it: the last batch may be cut off where there was no more room. */
export interface LogSlice {
  readonly pieces: readonly Uint8Array[]
  readonly size: number
}

export interface PartitionLogOptions {
  /** Bytes that it keeps at most, once it is told to `retain`. What was appended last stays, however large it is. */
  readonly retentionBytes: number
  /** Hears of each batch that goes at the front. */
  readonly dropped?: (batch: StoredBatch) => void
}

export class PartitionLog {
  readonly epochs = new LeaderEpochs()
  readonly #batches = new Deque<StoredBatch>()
  readonly #index = new OffsetIndex()
  readonly #slabs = new Slabs()
  readonly #retentionBytes: number
  readonly #dropped: (batch: StoredBatch) => void
  #startOffset = 0n
  #endOffset = 0n
  #size = 0
  /** Bytes of all batches, also of those that went at the front. */
  #position = 0

  constructor({ retentionBytes, dropped = () => undefined }: PartitionLogOptions) {
    this.#retentionBytes = retentionBytes
    this.#dropped = dropped
  }

  /** The first offset that can be read. */
  get startOffset(): bigint {
    return this.#startOffset
  }

  /** The offset that the next record gets. */
  get endOffset(): bigint {
    return this.#endOffset
  }

  /** Bytes of all batches. */
  get size(): number {
    return this.#size
  }

  /** All of them, oldest first. */
  get batches(): readonly StoredBatch[] {
    return this.#batches.toArray()
  }

  /** Takes a copy and gives it its offset, the epoch of the leader and, where one is given, another time. */
  append(batch: Uint8Array, leaderEpoch: number, time?: BatchTime): StoredBatch {
    const bytes = this.#slabs.copy(batch)
    const baseOffset = this.#endOffset
    stampBatch(bytes, { baseOffset, leaderEpoch, time })
    const stored = new StoredBatch(bytes, baseOffset + BigInt(lastOffsetDeltaOf(bytes)), this.#position)
    this.epochs.assign(leaderEpoch, baseOffset)
    this.#batches.push(stored)
    this.#index.append(stored)
    this.#endOffset = stored.lastOffset + 1n
    this.#size += bytes.length
    this.#position += bytes.length
    return stored
  }

  /** Beginning with the batch that holds `from`. Nothing is copied. */
  slice({ from, to, maxBytes, atLeastOne }: SliceOptions): LogSlice {
    const pieces: Uint8Array[] = []
    let size = 0
    for (let i = this.#indexOf(from); i < this.#batches.length; i++) {
      const batch = this.#batches.at(i)
      const room = maxBytes - size
      const isFirst = pieces.length === 0
      if (batch === undefined || batch.lastOffset >= to || (room <= 0 && !isFirst)) break
      if (isFirst && batch.bytes.length > room && !atLeastOne) break
      const piece = isFirst ? batch.bytes : batch.bytes.subarray(0, room)
      pieces.push(piece)
      size += piece.length
    }
    return { pieces, size }
  }

  /** Bytes of the batches from the one that holds `from`, up to the one that begins at `to`. */
  sizeBetween(from: bigint, to: bigint): number {
    return Math.max(0, this.#positionOf(to) - this.#positionOf(from))
  }

  /** The first offset that Kafka's index has behind the `size` bytes from `from` on, or the end of the log. */
  indexedOffset(from: bigint, size: number): bigint {
    return this.#index.offsetFrom(this.#positionOf(from) + size) ?? this.#endOffset
  }

  /** Forgets everything from `endOffset` on, a beginning of a batch. */
  truncateTo(endOffset: bigint): void {
    for (let last = this.#last(); last !== undefined && last.lastOffset >= endOffset; last = this.#last()) {
      this.#batches.pop()
      this.#size -= last.bytes.length
      this.#position -= last.bytes.length
    }
    this.#index.truncateTo(this.#position)
    if (endOffset < this.#startOffset) this.#startOffset = endOffset
    if (endOffset < this.#endOffset) this.#endOffset = endOffset
    this.epochs.truncateTo(endOffset)
  }

  /** From now on nothing before `startOffset` can be read, which may lie within a batch. */
  beginAt(startOffset: bigint): void {
    if (startOffset <= this.#startOffset) return
    this.#startOffset = startOffset
    while ((this.#batches.at(0)?.lastOffset ?? startOffset) < startOffset) this.#drop()
    this.epochs.beginAt(startOffset)
  }

  /** Lets go of the oldest batches beyond `retentionBytes`; never of one that ends at `safe` or beyond, which somebody has yet to copy. */
  retain(safe: bigint): void {
    let startOffset = this.#startOffset
    while (this.#size > this.#retentionBytes && this.#batches.length > 1 && (this.#batches.at(0)?.lastOffset ?? safe) < safe) {
      startOffset = (this.#drop()?.lastOffset ?? startOffset) + 1n
    }
    this.beginAt(startOffset)
  }

  #last(): StoredBatch | undefined {
    return this.#batches.at(this.#batches.length - 1)
  }

  #positionOf(offset: bigint): number {
    return this.#batches.at(this.#indexOf(offset))?.position ?? this.#position
  }

  #indexOf(offset: bigint): number {
    return this.#batches.findFirst(({ lastOffset }) => lastOffset >= offset)
  }

  #drop(): StoredBatch | undefined {
    const oldest = this.#batches.shift()
    if (oldest === undefined) return undefined
    this.#size -= oldest.bytes.length
    this.#index.beginAt(oldest.position + oldest.bytes.length)
    this.#dropped(oldest)
    return oldest
  }
}
