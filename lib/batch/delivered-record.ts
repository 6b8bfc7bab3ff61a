import type { Delivered } from '../record'
import type { RunList } from './run-list'

/** What all records of an acknowledged batch have in common. */
export interface Acknowledgement {
  readonly topic: string
  readonly partition: number
  /** Offset of the batch's first record; −1 when the broker did not say. */
  readonly baseOffset: bigint
  /** When the broker appended the batch, where the topic stamps records on append; else −1. */
  readonly logAppendTime: number
}

/** An acknowledged batch, as far as the deliveries of its records need it. */
export interface AcknowledgedBatch extends Acknowledgement {
  /** As the records were sent. */
  readonly timestamps: RunList<number>
}

/**
 * A delivery that shares what it can with its batch: the offset is computed when it is read, so that a record that nobody asks
 * costs no bigint, and its timestamp is looked up. Printed and turned into JSON it looks like the plain object that it stands for.
 */
export class DeliveredRecord<C> implements Delivered<C> {
  readonly type = 'delivered'
  readonly #batch: AcknowledgedBatch
  readonly #index: number
  readonly context: C

  constructor(batch: AcknowledgedBatch, index: number, context: C) {
    this.#batch = batch
    this.#index = index
    this.context = context
  }

  get topic(): string {
    return this.#batch.topic
  }

  get partition(): number {
    return this.#batch.partition
  }

  get offset(): bigint {
    const { baseOffset } = this.#batch
    return baseOffset < 0n ? baseOffset : baseOffset + BigInt(this.#index)
  }

  get timestamp(): number {
    const { baseOffset, logAppendTime, timestamps } = this.#batch
    if (logAppendTime >= 0) return logAppendTime
    // Who does not say the offset has not said either whether the topic keeps the record's own time.
    return baseOffset < 0n ? -1 : (timestamps.at(this.#index) ?? -1)
  }

  /** The offset as text: JSON knows no bigint. */
  toJSON(): object {
    return { ...this.#plain(), offset: String(this.offset) }
  }

  [Symbol.for('nodejs.util.inspect.custom')](): object {
    return this.#plain()
  }

  #plain(): Delivered<C> {
    const { type, topic, partition, offset, timestamp, context } = this
    return { type, topic, partition, offset, timestamp, context }
  }
}
