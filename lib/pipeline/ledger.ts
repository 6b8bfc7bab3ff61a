import { ProducerClosedError, UnsubscribedError } from '../errors'
import type { KafkaError } from '../errors'
import type { Delivery } from '../record'

/** The records accepted between two flushes. */
export interface Generation {
  unsettled: number
  readonly whenSettled: (() => void)[]
}

/** Records by what became of them. */
export interface Tally {
  readonly delivered: number
  /** For a reason of their own. */
  readonly failed: number
  /** Given up because the producer was closed, or taken back by `onUnsubscribe: 'purge'`. */
  readonly purged: number
}

/** Of a record that was on its way when the producer was closed, the outcome is unknown. */
const isGivenUp = (error: KafkaError): boolean =>
  error instanceof UnsubscribedError || error instanceof ProducerClosedError || error.cause instanceof ProducerClosedError

/**
 * Counts every record in and out. Each belongs to the generation in which it was accepted; a flush closes the generation, and is
 * over once that one and all before it are settled, however many records have come since.
 */
export class Ledger {
  readonly #generations: Generation[] = [{ unsettled: 0, whenSettled: [] }]
  #tally: Tally = { delivered: 0, failed: 0, purged: 0 }
  #delivered = 0
  #skipped = 0
  #unsettled = 0

  /** `inUse`: there are unsettled records from now on, or none any more. */
  constructor(private readonly inUse: (is: boolean) => void = () => undefined) {}

  /** Records that are neither delivered nor failed: nothing was written, as it was asked for. */
  get skipped(): number {
    return this.#skipped
  }

  /** Accepted, and nothing else yet. */
  get unsettled(): number {
    return this.#unsettled
  }

  get tally(): Tally {
    return { ...this.#tally, delivered: this.#delivered }
  }

  /** The open generation, to be handed back with each record's delivery. */
  get current(): Generation {
    return this.#generations[this.#generations.length - 1]
  }

  accepted(generation: Generation): void {
    generation.unsettled++
    this.#unsettled++
    if (this.#unsettled === 1) this.inUse(true)
  }

  settled(generation: Generation, delivery: Delivery): void {
    if (delivery.type === 'delivered') this.#delivered++
    else if (delivery.type === 'failed') this.#countFailure(delivery.error)
    else this.#skipped++
    this.#unsettled--
    generation.unsettled--
    if (this.#unsettled === 0) this.inUse(false)
    if (generation.unsettled === 0) this.#endSettled()
  }

  /** Calls back once everything accepted so far is settled; at once when it is. */
  whenSettled(callback: () => void): void {
    this.current.whenSettled.push(callback)
    this.#generations.push({ unsettled: 0, whenSettled: [] })
    this.#endSettled()
  }

  #countFailure(error: KafkaError): void {
    const { failed, purged } = this.#tally
    this.#tally = isGivenUp(error) ? { ...this.#tally, purged: purged + 1 } : { ...this.#tally, failed: failed + 1 }
  }

  #endSettled(): void {
    const callbacks: (() => void)[] = []
    while (this.#generations.length > 1 && this.#generations[0].unsettled === 0) {
      callbacks.push(...(this.#generations.shift()?.whenSettled ?? []))
    }
    for (const callback of callbacks) callback()
  }
}
