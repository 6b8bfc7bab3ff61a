/**
 * Where records without a key go: to one partition for a batch's worth of bytes, then to another, chosen uniformly among those that
 * have a leader (KIP-480, KIP-794). Fewer, fuller batches than going round record by record, and evenly spread all the same.
 */

export interface StickyOptions {
  /** Bytes after which a topic moves on to another partition. */
  readonly batchSize: number
  readonly random: () => number
  readonly isAvailable: (topic: string, partition: number) => boolean
}

interface Choice {
  partition: number
  bytes: number
}

export class StickyPartitions {
  readonly #choices = new Map<string, Choice>()

  constructor(private readonly options: StickyOptions) {}

  /** The partition for the topic's next record. It stays the same until `appended` has counted a batch's worth of bytes. */
  partitionOf(topic: string, partitionCount: number): number {
    const choice = this.#choices.get(topic)
    if (choice !== undefined && choice.bytes < this.options.batchSize && choice.partition < partitionCount) return choice.partition
    const partition = this.#choose(topic, partitionCount)
    this.#choices.set(topic, { partition, bytes: 0 })
    return partition
  }

  /** Counts the bytes of a record that went to the topic's current choice. */
  appended(topic: string, bytes: number): void {
    const choice = this.#choices.get(topic)
    if (choice !== undefined) choice.bytes += bytes
  }

  /** Uniform among the partitions with a leader; among all when none has one, since the records must wait for a leader anywhere. */
  #choose(topic: string, partitionCount: number): number {
    const { random, isAvailable } = this.options
    const available: number[] = []
    for (let partition = 0; partition < partitionCount; partition++) if (isAvailable(topic, partition)) available.push(partition)
    const count = available.length || partitionCount
    const index = Math.floor(random() * count)
    return available.length === 0 ? index : available[index]
  }
}
