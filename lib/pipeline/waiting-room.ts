import type { PartitionedRecord, StreamTraits } from '../record'
import { weightOf } from './byte-budget'
import type { ByteBudget } from './byte-budget'
import { Fifo } from '../fifo'

interface Waiting<C> {
  readonly record: PartitionedRecord<C>
  readonly bytes: number
  /** The clock's time until which it waits. */
  readonly until: number
}

/** One line for everything that waits for memory: first come, first served, so that a small record does not overtake a large one. */
export class WaitingRoom<C> {
  readonly #line = new Fifo<Waiting<C>>()

  constructor(private readonly budget: ByteBudget) {}

  get isEmpty(): boolean {
    return this.#line.length === 0
  }

  /** When the first in line has waited long enough; Infinity when nobody waits. All wait equally long, so it is always the first. */
  get nextDeadline(): number {
    return this.#line.head?.until ?? Infinity
  }

  /** False when there is no room to wait in. */
  enter(record: PartitionedRecord<C>, until: number): boolean {
    const bytes = weightOf(record)
    if (!this.budget.take(bytes)) return false
    this.#line.push({ record, bytes, until })
    return true
  }

  get head(): PartitionedRecord<C> | undefined {
    return this.#line.head?.record
  }

  /** Takes out everyone who has waited until `now`. */
  expired(now: number): PartitionedRecord<C>[] {
    const expired: PartitionedRecord<C>[] = []
    for (let { head } = this.#line; head !== undefined && head.until <= now; head = this.#line.head) {
      expired.push(head.record)
      this.leave()
    }
    return expired
  }

  /** Takes out what came with a stream. */
  withdraw(stream: StreamTraits): PartitionedRecord<C>[] {
    const withdrawn = this.#line.extract(({ record }) => record.outlet?.stream === stream)
    for (const { bytes } of withdrawn) this.budget.give(bytes)
    return withdrawn.map(({ record }) => record)
  }

  /** The head has been served. */
  leave(): void {
    this.budget.give(this.#line.shift()?.bytes ?? 0)
  }
}
