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
import { Fifo } from '../fifo'

export interface Correlated {
  readonly correlationId: number
}

export class InFlightRequests<R extends Correlated> {
  readonly #queue = new Fifo<R>()

  get size(): number {
    return this.#queue.length
  }

  get oldest(): R | undefined {
    return this.#queue.head
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
    return this.#queue.shift()
  }

  /** Takes all out, oldest first. */
  takeAll(): readonly R[] {
    return this.#queue.extract(() => true)
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
