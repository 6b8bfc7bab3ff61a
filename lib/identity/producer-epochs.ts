/**
 * Under which id and epoch batches are numbered. An idempotent producer makes its epoch grow by itself (KIP-360): partitions follow one
 * by one, each when nothing of it is on its way, since the broker compares epochs partition by partition.
 */

export interface ProducerEpoch {
  readonly producerId: bigint
  readonly producerEpoch: number
}

export interface ProducerEpochs {
  /** Undefined while there is none; then one is asked for. */
  current(): ProducerEpoch | undefined
  /** One that is not `used`: the current one if somebody has moved on since, else the next. Undefined while there is none. */
  after(used: ProducerEpoch | undefined): ProducerEpoch | undefined
}

export interface ProducerEpochsOptions {
  /** Asks for an id, unless that is under way. */
  readonly demand: () => void
  readonly bumped: (epoch: ProducerEpoch) => void
}

/** Of 16 bits with a sign; the highest value cannot grow, and a new id begins at 0. */
const LAST_EPOCH = 2 ** 15 - 1

export class LocalEpochs implements ProducerEpochs {
  #epoch: ProducerEpoch | undefined

  constructor(private readonly options: ProducerEpochsOptions) {}

  /** The broker gave an id. */
  assign(epoch: ProducerEpoch): void {
    this.#epoch = epoch
  }

  current(): ProducerEpoch | undefined {
    if (this.#epoch === undefined) this.options.demand()
    return this.#epoch
  }

  after(used: ProducerEpoch | undefined): ProducerEpoch | undefined {
    const current = this.current()
    if (current === undefined || current !== used) return current
    if (current.producerEpoch === LAST_EPOCH) {
      this.#epoch = undefined
      return this.current()
    }
    this.#epoch = { producerId: current.producerId, producerEpoch: current.producerEpoch + 1 }
    this.options.bumped(this.#epoch)
    return this.#epoch
  }
}
