/**
 * What was written on a connection and not yet answered, strictly first in, first out:
 *
 *     answers leave here                 requests enter here
 *            ▼                                   ▼
 *     |   oldest   |   …   waiting   …   |   newest   |
 *
 * Kafka serves one request of a connection at a time and answers in the order in which it read them, so the queue needs no search:
 * the correlation id of an answer is an assertion about the oldest, not a key.
 */
import { ProtocolError } from '../errors'

export interface Correlated {
  readonly correlationId: number
}

/** Beyond this many answered requests at its front the list is cut, so that it neither grows for ever nor shifts at every answer. */
const CUT_AFTER = 64

export class InFlightRequests<R extends Correlated> {
  /** Places that were left are empty: they must not hold what is answered, with all that came of it. */
  #queue: (R | undefined)[] = []
  #answered = 0

  get size(): number {
    return this.#queue.length - this.#answered
  }

  get oldest(): R | undefined {
    return this.#queue[this.#answered]
  }

  add(request: R): void {
    this.#queue.push(request)
  }

  /** The oldest, which stays. Throws a ProtocolError when it is not the one with this id: the stream is out of step. */
  expect(correlationId: number): R {
    const { oldest } = this
    if (oldest === undefined) throw new ProtocolError(`An answer with id ${String(correlationId)} came, and nothing was asked`)
    if (oldest.correlationId !== correlationId) throw outOfStep(correlationId, oldest)
    return oldest
  }

  takeOldest(): R | undefined {
    const { oldest } = this
    if (oldest === undefined) return undefined
    this.#queue[this.#answered++] = undefined
    if (this.size === 0 || this.#answered === CUT_AFTER) this.#cut()
    return oldest
  }

  /** Takes all out, oldest first. */
  takeAll(): readonly R[] {
    this.#cut()
    const all = this.#queue as readonly R[]
    this.#queue = []
    return all
  }

  #cut(): void {
    this.#queue = this.#queue.slice(this.#answered)
    this.#answered = 0
  }
}

const outOfStep = (came: number, oldest: Correlated): ProtocolError =>
  new ProtocolError(`An answer with id ${String(came)} came, and ${String(oldest.correlationId)} is the oldest that was asked`)

/** The eight highest ids belong to SASL re-authentication (Kafka: SaslClientAuthenticator.MIN_RESERVED_CORRELATION_ID). */
const RESERVED = 8
export const MAX_CORRELATION_ID = 2 ** 31 - 1 - RESERVED

/** 0, 1, 2 … up to the reserved ones, then 0 again. */
export function correlationIds(first = 0): () => number {
  let next = first
  return () => {
    const id = next
    next = id === MAX_CORRELATION_ID ? 0 : id + 1
    return id
  }
}
