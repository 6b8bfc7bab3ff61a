/**
 * Kafka's sparse index of a log: an entry for each batch before which more than 4,096 bytes (index.interval.bytes) were appended since
 * the entry before. Nothing is searched with it here; but up to an entry of it Kafka names aborted transactions.
 */
import { Deque } from './deque'
import type { StoredBatch } from './stored-batch'

const INTERVAL_BYTES = 4096

interface Entry {
  /** Of the beginning of the batch. */
  readonly position: number
  readonly lastOffset: bigint
}

export class OffsetIndex {
  readonly #entries = new Deque<Entry>()
  #bytesSince = 0

  append({ position, lastOffset, bytes }: StoredBatch): void {
    if (this.#bytesSince > INTERVAL_BYTES) {
      this.#entries.push({ position, lastOffset })
      this.#bytesSince = 0
    }
    this.#bytesSince += bytes.length
  }

  /** The last offset of the first batch with an entry that begins at `position` or behind; undefined when there is none. */
  offsetFrom(position: number): bigint | undefined {
    return this.#entries.at(this.#entries.findFirst((entry) => entry.position >= position))?.lastOffset
  }

  /** The log ends at `position` from now on. */
  truncateTo(position: number): void {
    while ((this.#entries.at(this.#entries.length - 1)?.position ?? -1) >= position) this.#entries.pop()
    this.#bytesSince = 0
  }

  /** The log begins at `position` from now on. */
  beginAt(position: number): void {
    while ((this.#entries.at(0)?.position ?? position) < position) this.#entries.shift()
  }
}
