import { maxSizeOfRecord, sizeOfContents } from '../batch/record-encoding'
import type { RecordBody } from '../batch/record-encoding'

/** What a waiting record costs beside its bytes: the objects around it. */
const OVERHEAD = 200

/** The bytes that a record takes while it waits. */
export function weightOf(record: RecordBody): number {
  return OVERHEAD + maxSizeOfRecord(sizeOfContents(record))
}

/** A number of bytes that may be in use at once. */
export class ByteBudget {
  #used = 0
  #takers = 0

  /** Called after bytes came back, maybe in the middle of something: it may take a note, and not come back here. */
  onGiven: () => void = () => undefined

  constructor(readonly total: number) {}

  get used(): number {
    return this.#used
  }

  /** How many have taken of it and not given back. */
  get takers(): number {
    return this.#takers
  }

  /** False, and nothing changed, when the budget does not allow it. */
  take(bytes: number): boolean {
    if (this.#used + bytes > this.total) return false
    this.#used += bytes
    this.#takers++
    return true
  }

  give(bytes: number): void {
    this.#used -= bytes
    this.#takers--
    this.onGiven()
  }
}
