/**
 * Where records without a key go: to one partition for a batch's worth of bytes, then to another (KIP-480, KIP-794). Fewer, fuller
 * batches than going round record by record, and all the same spread as the partitions can take it.
 *
 * A topic moves on once it has given a partition `batchSize` bytes and leaves no batch behind that is not full, for that one would
 * linger; after twice as many bytes it moves on regardless.
 */
import { partitionTable, pick } from './partition-table'
import type { PartitionTable, PartitionView } from './partition-table'

export interface StickyOptions extends PartitionView {
  /** Bytes after which a topic moves on to another partition. */
  readonly batchSize: number
  /** A number in [0, 1). */
  readonly random: () => number
  /** The last batch of the partition is full, or nothing waits for it. Absent: always. */
  readonly isFilled?: (topic: string, partition: number) => boolean
}

/**
 * A choice may cost a look at so many partitions. A topic of more is looked at only every so many choices: of 10,000 partitions after 157
 * of them, where a look at all for every 16 KiB of records would cost more than everything else.
 */
const LOOKS_A_CHOICE = 64
/** Milliseconds after which the topic is looked at again though few choices were made. */
const LONGEST_BETWEEN_LOOKS = 100

interface Choice {
  readonly topic: string
  partition: number
  bytes: number
  /** It was time to move on when the last record was appended. */
  isOver: boolean
}

interface Known {
  readonly table: PartitionTable
  readonly partitionCount: number
  readonly madeAt: number
  choices: number
}

export class StickyPartitions {
  readonly #choices = new Map<string, Choice>()
  /** The last that was asked for: records come in runs of one topic. */
  #last: Choice | undefined
  readonly #known = new Map<string, Known>()
  readonly #batchSize: number

  constructor(private readonly options: StickyOptions) {
    this.#batchSize = Math.max(1, options.batchSize)
  }

  /** The partition for the topic's next record. The time, in milliseconds, is asked for only when the topic moves on. */
  partitionOf(topic: string, partitionCount: number, now: () => number): number {
    const choice = this.#choiceOf(topic)
    if (choice !== undefined && choice.partition < partitionCount && !this.#isOver(choice)) return choice.partition
    const partition = this.#choose(topic, partitionCount, now())
    this.#last = { topic, partition, bytes: 0, isOver: false }
    this.#choices.set(topic, this.#last)
    return partition
  }

  #choiceOf(topic: string): Choice | undefined {
    if (this.#last?.topic !== topic) this.#last = this.#choices.get(topic)
    return this.#last
  }

  /** Counts by how many bytes a record made the batches of the topic's current choice grow. */
  appended(topic: string, bytes: number): void {
    const choice = this.#choiceOf(topic)
    if (choice === undefined) return
    choice.bytes += bytes
    // Noted now: a record with a key may open another batch there before the next choice.
    choice.isOver = this.#isOver(choice)
  }

  #isOver({ topic, partition, bytes, isOver }: Choice): boolean {
    if (isOver || bytes < this.#batchSize) return isOver
    return bytes >= 2 * this.#batchSize || (this.options.isFilled?.(topic, partition) ?? true)
  }

  #choose(topic: string, partitionCount: number, now: number): number {
    const { random, leaderOf } = this.options
    const known = this.#known.get(topic)
    if (known === undefined || !isFresh(known, partitionCount, now)) return pick(this.#look(topic, partitionCount, now), random())
    known.choices++
    const partition = pick(known.table, random())
    // What lost its leader since is not gone to.
    const isGood = !known.table.isLed || leaderOf(topic, partition) !== undefined
    return isGood ? partition : pick(this.#look(topic, partitionCount, now), random())
  }

  #look(topic: string, partitionCount: number, now: number): PartitionTable {
    const table = partitionTable(topic, partitionCount, this.options, now)
    this.#known.set(topic, { table, partitionCount, madeAt: now, choices: 1 })
    return table
  }
}

const isFresh = ({ partitionCount, choices, madeAt }: Known, count: number, now: number): boolean =>
  partitionCount === count && choices * LOOKS_A_CHOICE < count && now - madeAt < LONGEST_BETWEEN_LOOKS
