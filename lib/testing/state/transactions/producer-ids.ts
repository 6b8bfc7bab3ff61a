/** Producer ids, never one twice: the controller hands them to brokers in blocks, and each broker counts through its own. */
import type { NodeId } from '../../../record'

/** Kafka's ProducerIdsBlock. */
const BLOCK_SIZE = 1000n

export class ProducerIds {
  readonly #blocks = new Map<NodeId, { next: bigint; readonly end: bigint }>()
  #unclaimed = 0n

  /** The next id of this broker; its first one takes a block, as the first after the last of a block does. */
  next(broker: NodeId): bigint {
    const block = this.#blocks.get(broker)
    if (block !== undefined && block.next < block.end) return block.next++
    const first = this.#unclaimed
    this.#unclaimed += BLOCK_SIZE
    this.#blocks.set(broker, { next: first + 1n, end: this.#unclaimed })
    return first
  }
}
