import type { SerializedRecord } from '../record'
import { weightOf } from './byte-budget'
import type { ByteBudget } from './byte-budget'
import { Fifo } from '../fifo'

/** So many leave a line that is served for each that joins it: under full load as many come in a turn as are served in it, and it would never end. */
const SERVED_A_JOIN = 2

/** How a line is served, from the moment at which its topic is known. */
export interface Service<C> {
  readonly handle: (record: SerializedRecord<C>) => void
  /** The last was handled. */
  readonly served: () => void
}

/** Records that wait for one topic, in their order. */
export class TopicLine<C> {
  readonly #records = new Fifo<SerializedRecord<C>>()
  #service: Service<C> | undefined
  #isBusy = false
  #isOver = false

  constructor(private readonly budget: ByteBudget) {}

  get isEmpty(): boolean {
    return this.#records.length === 0
  }

  /** Records are being handed out right now: what comes in from within only joins. */
  get isBusy(): boolean {
    return this.#isBusy
  }

  /** False when the budget has no room for another record to wait. */
  join(record: SerializedRecord<C>): boolean {
    if (!this.budget.take(weightOf(record))) return false
    this.#records.push(record)
    this.serve(SERVED_A_JOIN)
    return true
  }

  /** From now on it is served. */
  open(service: Service<C>): void {
    this.#service = service
  }

  /** Hands out so many, when it is open; the last makes an end of it. */
  serve(most: number): void {
    const service = this.#service
    if (service === undefined || this.#isBusy || this.#isOver) return
    this.#isBusy = true
    try {
      this.#handOut(service, most)
    } finally {
      this.#isBusy = false
    }
    // Only when it is empty: what comes in from within `handle` must not overtake those still in it.
    if (!this.isEmpty || this.#isOver) return
    this.#isOver = true
    service.served()
  }

  /** Takes everybody out. Then the line is over, and its end is not told, unless a record is just being handed out. */
  takeAll(): SerializedRecord<C>[] {
    this.#isOver = !this.#isBusy
    const taken = this.#records.extract(() => true)
    for (const record of taken) this.budget.give(weightOf(record))
    return taken
  }

  #handOut({ handle }: Service<C>, most: number): void {
    for (let served = 0; served < most; served++) {
      const record = this.#leave()
      if (record === undefined) return
      handle(record)
    }
  }

  #leave(): SerializedRecord<C> | undefined {
    const record = this.#records.shift()
    if (record !== undefined) this.budget.give(weightOf(record))
    return record
  }
}
