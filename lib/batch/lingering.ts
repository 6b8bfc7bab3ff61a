/**
 * Milliseconds that a batch waits for more records; or `adaptive`: not at all while nothing is on its way to its node, and else until the
 * answers are here, but for no longer than 5 ms.
 */
export type Linger = number | 'adaptive'

/** What `adaptive` waits at most: Kafka's default linger. */
export const ADAPTIVE_LINGER = 5

export class Lingering {
  /** The longest that a batch may wait. */
  readonly most: number
  readonly #isAdaptive: boolean

  constructor(linger: Linger) {
    this.#isAdaptive = linger === 'adaptive'
    this.most = linger === 'adaptive' ? ADAPTIVE_LINGER : linger
  }

  /** How long, where something is on its way to the batch's node, or nothing. */
  where({ isBusy }: { readonly isBusy: boolean }): number {
    return this.#isAdaptive && !isBusy ? 0 : this.most
  }
}
