import type { Delivered } from '../record'

/** What all records of an acknowledged batch have in common. */
export interface Acknowledgement {
  readonly topic: string
  readonly partition: number
  /** Offset of the batch's first record; −1 when the broker did not say. */
  readonly baseOffset: bigint
  /** When the broker appended the batch, where the topic stamps records on append; else −1. */
  readonly logAppendTime: number
}

/** What neighbours of one timestamp share. */
export interface AcknowledgedRun extends Acknowledgement {
  /** As the records were sent. */
  readonly createTime: number
}

/**
 * A delivery that shares what it can with its neighbours: the offset is computed when it is read, so that a record that nobody asks
 * costs no bigint. Printed and turned into JSON it looks like the plain object that it stands for.
 */
export class DeliveredRecord<C> implements Delivered<C> {
  readonly type = 'delivered'
  readonly #run: AcknowledgedRun
  readonly #index: number
  readonly context: C

  constructor(run: AcknowledgedRun, index: number, context: C) {
    this.#run = run
    this.#index = index
    this.context = context
  }

  get topic(): string {
    return this.#run.topic
  }

  get partition(): number {
    return this.#run.partition
  }

  get offset(): bigint {
    const { baseOffset } = this.#run
    return baseOffset < 0n ? baseOffset : baseOffset + BigInt(this.#index)
  }

  get timestamp(): number {
    const { baseOffset, logAppendTime, createTime } = this.#run
    if (logAppendTime >= 0) return logAppendTime
    // Who does not say the offset has not said either whether the topic keeps the record's own time.
    return baseOffset < 0n ? -1 : createTime
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
