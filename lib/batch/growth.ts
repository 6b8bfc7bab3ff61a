/** Up to which size batches grow, and with how many bytes they leave. */
import type { Batch } from './batch'
import type { PartitionQueue } from './partition-queue'

export interface GrowthOptions {
  /** Bytes at which a batch is ready to leave. */
  readonly batchSize: number
  /** Bytes up to which a batch grows while it cannot leave. */
  readonly maxBatchSize: number
  /** Bytes of batches that leave together for a node; one batch alone may be larger. */
  readonly maxRequestSize: number
}

/**
 * Records that compress well make a batch of many times its size. This is as much as it may hold of them, in bytes of `maxBatchSize`: the
 * pool counts them uncompressed, who reads them has to unpack them all at once, and the codec works on them in one go.
 */
const MOST_UNCOMPRESSED = 4

export class Growth {
  /** Bytes up to which batches of a topic grow that has refused larger ones. */
  readonly #limits = new Map<string, number>()
  /** The same for all topics: kept, since every record asks. */
  #share: number

  constructor(private readonly options: GrowthOptions) {
    this.#share = options.maxBatchSize
  }

  /** So many partitions share the requests: batches that grew beyond their share would go out by turns, half a request at a time. */
  shareAmong(partitions: number): void {
    const { maxBatchSize, batchSize, maxRequestSize } = this.options
    this.#share = Math.min(maxBatchSize, Math.max(batchSize, Math.floor(maxRequestSize / partitions)))
  }

  hasRoom({ topic, size, heldSize }: Batch, more: number): boolean {
    return size + more <= this.#limitOf(topic) && heldSize + more <= MOST_UNCOMPRESSED * this.options.maxBatchSize
  }

  /**
   * Bytes with which a batch leaves before linger is over. Where others of its partition are on their way, the broker is at work already, and
   * few large batches cost it and us less than many small ones.
   */
  enoughFor({ topic, hasOnWay }: PartitionQueue<unknown>): number {
    const { batchSize } = this.options
    return hasOnWay ? Math.max(batchSize, this.#limitOf(topic) / 2) : batchSize
  }

  /** The topic refused a batch of so many bytes: from now on its batches grow to half of that. */
  refusedSize(topic: string, size: number): void {
    this.#limits.set(topic, Math.min(this.#limits.get(topic) ?? Infinity, Math.floor(size / 2)))
  }

  #limitOf(topic: string): number {
    return this.#limits.size === 0 ? this.#share : Math.min(this.#share, this.#limits.get(topic) ?? Infinity)
  }
}
