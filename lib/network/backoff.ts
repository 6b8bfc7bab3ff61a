/** How long to wait before trying again. */

export interface Backoff {
  /** Before the second attempt, in ms. */
  readonly initial: number
  /** Never longer than this, in ms. */
  readonly max: number
}

/** Clients that lost the same broker at the same moment must not all come back at the same moment. */
const JITTER = 0.2

/** Beyond this every wait is the longest; and without a bound 0 times Infinity would be no time at all. */
const MOST_DOUBLINGS = 50

/**
 * Doubles with every failure, ±20 %: `failures` counts from 1, `random` is in [0, 1).
 * As org.apache.kafka.common.utils.ExponentialBackoff (KIP-580): the jitter may lower the longest wait, and not raise it.
 */
export function backoffAfter(failures: number, { initial, max }: Backoff, random: number): number {
  const exponential = initial * 2 ** Math.min(failures - 1, MOST_DOUBLINGS)
  return Math.min(max, exponential * (1 - JITTER + 2 * JITTER * random))
}
