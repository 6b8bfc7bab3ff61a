/** Sequence numbers of idempotent producers: 0 to 2^31 − 1, and then 0 again (KIP-98). */

/** What a batch without a producer id says. */
export const NO_SEQUENCE = -1

const LARGEST = 2 ** 31 - 1

/** The number `steps` after `sequence`. */
export const sequenceAfter = (sequence: number, steps: number): number =>
  sequence > LARGEST - steps ? steps - (LARGEST - sequence) - 1 : sequence + steps

/** The number `steps` before `sequence`. */
export const sequenceBefore = (sequence: number, steps: number): number =>
  sequence < steps ? LARGEST - (steps - sequence) + 1 : sequence - steps

/** Whether `next` follows `last`; 0 follows NO_SEQUENCE. */
export const isNextSequence = (last: number, next: number): boolean => next === (last === LARGEST ? 0 : last + 1)
