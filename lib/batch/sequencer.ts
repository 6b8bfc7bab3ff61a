/**
 * How the batches of one partition are numbered, and with that how many of them may be on their way at once. The numbers of an
 * idempotent producer are in `identity/`; without them a partition keeps its order by sending one batch at a time.
 */
import type { ProducerNumber } from './batch-header'

/** What the log did with a batch that is not sent again, as far as it can be known. */
export type Fate = 'appended' | 'refused' | 'unknown'

/** Of a batch, what a sequencer sees and sets. */
export interface Numbered {
  readonly recordCount: number
  /** When it was opened, on the clock. */
  readonly createdAt: number
  /** It is out of its queue, and the answer is awaited. */
  readonly onWay: boolean
  /** An attempt ended without an answer that proves that the log did not take it: it never gets another number. */
  readonly doubtful: boolean
  readonly number: ProducerNumber | undefined
  /** Undefined: it left without a number, or gets another when it leaves again. */
  numberAs(number: ProducerNumber | undefined): void
}

/** How many batches of the partition there are before one that wants to leave. */
export interface InFront {
  readonly onWay: number
  /** From the oldest that has no end on, with those that were acknowledged before it. */
  readonly sinceOldest: number
}

export interface Sequencer {
  /**
   * Whether the first batch that is not on its way may leave with these others in front of it. Not only a question: where it lacks an
   * id or another epoch to leave with, it asks for one.
   */
  mayLeave(batch: Numbered, inFront: InFront): boolean
  /**
   * It leaves, and gets its number unless it keeps the one it has. `alone`: when nothing else is on its way, all batches of the partition
   * without an end, in order; else none. Only then may numbers begin anew.
   */
  leaves(batch: Numbered, alone: readonly Numbered[]): void
  /** The log is another one, which may not know the producer. */
  madeAnew(): void
  /** It came back and will be sent again. */
  returned(batch: Numbered): void
  /** Its records go out again in these, in order: of nothing else may the log take its numbers. */
  divided(batch: Numbered, parts: readonly Numbered[]): void
  /** It is not sent again. */
  ended(batch: Numbered, fate: Fate): void
  /**
   * The broker misses what is before the batch; `isFirst`: nothing unsettled is. To be sent again, maybe under another number; or its fate
   * cannot be found out.
   */
  outOfOrder(batch: Numbered, isFirst: boolean): 'again' | 'unknown'
}

/** One at a time: what failed is sent again before anything behind it has left. */
export const unnumbered: Sequencer = {
  mayLeave: (_batch, { onWay }) => onWay === 0,
  leaves: (batch) => batch.numberAs(undefined),
  madeAnew: () => undefined,
  returned: () => undefined,
  divided: () => undefined,
  ended: () => undefined,
  outOfOrder: () => 'unknown',
}
