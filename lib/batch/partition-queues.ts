import { PartitionQueue } from './partition-queue'
import type { Sequencer } from './sequencer'

/** The queues of all partitions: each is made when its first record comes, and stays, since its numbers go on. */
export class PartitionQueues<C> {
  readonly #topics = new Map<string, PartitionQueue<C>[]>()
  /** Those that were asked for last: records come in runs of one topic. */
  #lastTopic: string | undefined
  #lastQueues: PartitionQueue<C>[] = []
  readonly #live = new Set<PartitionQueue<C>>()

  constructor(private readonly sequencer: () => Sequencer) {}

  /** Those with batches, in the order of their turns. */
  get live(): ReadonlySet<PartitionQueue<C>> {
    return this.#live
  }

  of(topic: string, partition: number): PartitionQueue<C> {
    if (topic !== this.#lastTopic) {
      this.#lastQueues = this.#queuesOf(topic)
      this.#lastTopic = topic
    }
    return (this.#lastQueues[partition] ??= new PartitionQueue<C>(topic, partition, this.sequencer()))
  }

  #queuesOf(topic: string): PartitionQueue<C>[] {
    let queues = this.#topics.get(topic)
    if (queues === undefined) this.#topics.set(topic, (queues = []))
    return queues
  }

  /** Undefined when nothing ever went there. */
  known(topic: string, partition: number): PartitionQueue<C> | undefined {
    return this.#topics.get(topic)?.[partition]
  }

  ofTopic(topic: string): readonly PartitionQueue<C>[] {
    // Partitions to which nothing went left holes.
    return Object.values(this.#topics.get(topic) ?? [])
  }

  enter(queue: PartitionQueue<C>): void {
    this.#live.add(queue)
  }

  /** Whether it was there, and has left. */
  leaveIfEmpty(queue: PartitionQueue<C>): boolean {
    return queue.isEmpty && this.#live.delete(queue)
  }

  /** It goes to the end: the partitions of a node take turns. */
  hadItsTurn(queue: PartitionQueue<C>): void {
    this.#live.delete(queue)
    this.#live.add(queue)
  }
}
