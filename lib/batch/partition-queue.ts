import type { Batch } from './batch'

/**
 * What waits for one partition, oldest first; only the last batch may be open.
 *
 * While a batch of the partition is on its way, the queue is muted and nothing of it is drained. A failed batch comes back to the
 * front before anything behind it has left: this is what keeps the order of a partition through retries.
 */
export class PartitionQueue<C> {
  readonly batches: Batch<C>[] = []
  muted = false

  constructor(
    readonly topic: string,
    readonly partition: number,
  ) {}

  get head(): Batch<C> | undefined {
    return this.batches[0]
  }

  get isEmpty(): boolean {
    return this.batches.length === 0
  }

  /** The batch that takes another record, if there is one. */
  get open(): Batch<C> | undefined {
    const last = this.batches.at(-1)
    return last === undefined || last.isSealed ? undefined : last
  }
}
