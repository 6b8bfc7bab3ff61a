/**
 * Milliseconds that a batch waits for more records; or `adaptive`: not at all while nothing is on its way to its node, and else until the
 * answers are here, but for no longer than `ADAPTIVE_LINGER`.
 */
export type Linger = number | 'adaptive'

/** Kafka's default linger. */
export const ADAPTIVE_LINGER = 5

/** The longest that a batch may wait. */
export const mostOf = (linger: Linger): number => (linger === 'adaptive' ? ADAPTIVE_LINGER : linger)
