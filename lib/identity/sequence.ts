/** Sequence numbers: 31 bits, and after the highest comes 0 (Kafka: DefaultRecordBatch.incrementSequence). */

const COUNT = 2 ** 31

/** The number that follows `records` records which begin at `first`. */
export const sequenceAfter = (first: number, records: number): number => (first + records) % COUNT

/** Across the wrap-around: numbers that are compared are never half the circle apart. */
export const isBefore = (a: number, b: number): boolean => a !== b && (b - a + COUNT) % COUNT < COUNT / 2
