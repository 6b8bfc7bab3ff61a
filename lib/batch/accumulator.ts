/**
 * The queues of batches of all partitions, and what is ready to leave at a given time. The time is an argument, leaders and busy nodes
 * are asked for, and nothing here waits.
 */
import type { PartitionedRecord } from '../record'
import { Batch } from './batch'
import type { BatchedRecord } from './batch'
import type { PieceSource } from './buffer-pool'
import { HEADER_SIZE } from './batch-header'
import { PartitionQueue } from './partition-queue'
import { maxSizeOfRecord } from './record-encoding'

export interface AccumulatorOptions {
  /** Bytes at which a batch is ready to leave. */
  readonly batchSize: number
  /** Bytes up to which a batch grows while it cannot leave. */
  readonly maxBatchSize: number
  /** Bytes of batches that leave together for a node; one batch alone may be larger. */
  readonly maxRequestSize: number
  /** Bytes up to which a record is taken at all. */
  readonly maxRecordSize: number
  /** Milliseconds that a batch waits for more records before it leaves though it is not full. */
  readonly linger: number
  /** Milliseconds after which a batch that was not acknowledged is given up, counted from its creation. */
  readonly deliveryTimeout: number
  readonly pieces: PieceSource
  readonly leaderOf: (topic: string, partition: number) => number | undefined
  /** Whether a node takes a request now. */
  readonly canTake: (node: number) => boolean
  /** Chooses for records without a partition. */
  readonly sticky: StickyChoice
}

export interface StickyChoice {
  partitionOf(topic: string, partitionCount: number, now: () => number): number
  /** A record went where `partitionOf` said, and made the batches there grow by so many bytes. */
  appended(topic: string, bytes: number): void
}

/**
 * What an append did: nothing to see to, a batch to look at after linger, or a batch that may leave now; or why nothing was done: no
 * room in the pool yet, or a record that has no room in any request.
 */
export type Appended = 'appended' | 'opened' | 'ready' | 'no room' | 'too large'

export type AccumulatorRecord<C> = BatchedRecord<C> & Pick<PartitionedRecord<C>, 'topic' | 'partition' | 'partitionCount'>

export interface Readiness {
  /** Leaders of partitions with something to send now. */
  readonly nodes: ReadonlySet<number>
  /** Topics with something to send and nobody to send it to. */
  readonly leaderless: ReadonlySet<string>
  /** When to look again though nothing happened; Infinity for never. */
  readonly nextLook: number
}

interface Placing {
  readonly size: number
  readonly timestamp: number
  readonly now: () => number
}

export class Accumulator<C = unknown> {
  readonly #topics = new Map<string, PartitionQueue<C>[]>()
  /** Queues with batches. Whoever was drained goes to the end: the partitions of a node take turns. */
  readonly #busy = new Set<PartitionQueue<C>>()
  /** What was drained and is not done. */
  readonly #inFlight = new Set<Batch<C>>()
  /** Bytes up to which batches of a topic grow that has refused larger ones. */
  readonly #limits = new Map<string, number>()
  /** When each node was last drained. */
  readonly #drainedAt = new Map<number, number>()
  /** Somebody waits for memory: every batch leaves as soon as it can. */
  pressed = false
  #hurries = 0

  constructor(private readonly options: AccumulatorOptions) {}

  /** Milliseconds that a batch waits for more records. */
  get linger(): number {
    return this.options.linger
  }

  /** Nothing is queued. */
  get isEmpty(): boolean {
    return this.#busy.size === 0
  }

  /** Nothing is queued, and nothing on its way. */
  get isIdle(): boolean {
    return this.#busy.size === 0 && this.#inFlight.size === 0
  }

  /** `now` is asked only when a batch is opened: most records extend one. */
  append(record: AccumulatorRecord<C>, timestamp: number, now: () => number): Appended {
    const size = maxSizeOfRecord(record)
    if (size + HEADER_SIZE > this.options.maxRecordSize) return 'too large'
    if (record.partition !== null) return this.#appendTo(this.#queueOf(record.topic, record.partition), record, { size, timestamp, now })
    const partition = this.options.sticky.partitionOf(record.topic, record.partitionCount, now)
    const queue = this.#queueOf(record.topic, partition)
    const { open } = queue
    const sizeBefore = open?.size ?? 0
    const appended = this.#appendTo(queue, record, { size, timestamp, now })
    if (appended !== 'no room') this.options.sticky.appended(record.topic, grownBy(queue, open, sizeBefore))
    return appended
  }

  /**
   * How many batches of `batchSize` wait for the partition: one that has grown beyond that while its node was busy counts as what it
   * would have been. Undefined when nothing ever went there.
   */
  queueLength(topic: string, partition: number): number | undefined {
    const queue = this.#topics.get(topic)?.[partition]
    if (queue === undefined) return undefined
    let length = 0
    for (const { size } of queue.batches) length += Math.max(1, Math.floor(size / Math.max(1, this.options.batchSize)))
    return length
  }

  /** Nothing waits for the partition that another record could make fuller. */
  isFilled(topic: string, partition: number): boolean {
    const last = this.#topics.get(topic)?.[partition]?.batches.at(-1)
    return last === undefined || last.isSealed || last.size >= this.options.batchSize
  }

  /** Since when something could have left for the node and the node took nothing at all; Infinity when nothing waits. */
  waitingSince(topic: string, partition: number, node: number): number {
    const queue = this.#topics.get(topic)?.[partition]
    const head = queue?.head
    if (queue === undefined || head === undefined) return Infinity
    return Math.max(this.#dueTime(queue, head), this.#drainedAt.get(node) ?? -Infinity)
  }

  #appendTo(queue: PartitionQueue<C>, record: BatchedRecord<C>, { size, timestamp, now }: Placing): Appended {
    const { open } = queue
    if (open !== undefined && open.size + size <= this.#maxBatchSizeOf(queue.topic)) return this.#extend(queue, open, record, timestamp)
    const batch = new Batch<C>(queue.topic, queue.partition, now(), this.options.pieces)
    if (!first(batch, record, timestamp)) return 'no room'
    queue.batches.push(batch)
    this.#busy.add(queue)
    const waits = batch.size < this.options.batchSize && queue.batches.length === 1 && this.options.linger > 0 && this.#hurries === 0
    return waits || !this.#mayLeave(queue) ? 'opened' : 'ready'
  }

  #extend(queue: PartitionQueue<C>, batch: Batch<C>, record: BatchedRecord<C>, timestamp: number): Appended {
    const { batchSize } = this.options
    const wasFull = batch.size >= batchSize
    if (!batch.append(record, timestamp)) return 'no room'
    return !wasFull && batch.size >= batchSize && this.#mayLeave(queue) ? 'ready' : 'appended'
  }

  /** A partition whose node is busy, or that has a batch on its way, is looked at when that changes. One without a leader must ask for it. */
  #mayLeave({ muted, topic, partition }: PartitionQueue<C>): boolean {
    const leader = muted ? undefined : this.options.leaderOf(topic, partition)
    return !muted && (leader === undefined || this.options.canTake(leader))
  }

  #maxBatchSizeOf(topic: string): number {
    const { maxBatchSize } = this.options
    return this.#limits.size === 0 ? maxBatchSize : (this.#limits.get(topic) ?? maxBatchSize)
  }

  ready(now: number): Readiness {
    const nodes = new Set<number>()
    const leaderless = new Set<string>()
    let nextLook = Infinity
    for (const { createdAt } of this.#inFlight) nextLook = Math.min(nextLook, createdAt + this.options.deliveryTimeout)
    for (const queue of this.#busy) {
      const { head } = queue
      if (head === undefined) continue
      nextLook = Math.min(nextLook, head.createdAt + this.options.deliveryTimeout)
      if (queue.muted) continue
      const due = this.#dueTime(queue, head)
      const leader = this.options.leaderOf(queue.topic, queue.partition)
      if (due > now) nextLook = Math.min(nextLook, due)
      else if (leader === undefined) leaderless.add(queue.topic)
      else nodes.add(leader)
    }
    return { nodes, leaderless, nextLook }
  }

  /**
   * Takes and seals what leaves for a node in one request: at most one batch a partition, together at most `maxRequestSize`. What is
   * not due yet goes along when there is room for it. Each partition stays muted until its batch is `done` or comes back.
   */
  drain(node: number, now: number): Batch<C>[] {
    this.#drainedAt.set(node, now)
    const drained: Batch<C>[] = []
    let size = 0
    for (const queue of [...this.#busy]) {
      const { head } = queue
      if (head === undefined || queue.muted || head.notBefore > now || this.options.leaderOf(queue.topic, queue.partition) !== node)
        continue
      if (drained.length > 0 && size + head.size > this.options.maxRequestSize) break
      size += head.size
      head.seal()
      drained.push(head)
      this.#takeHead(queue)
      this.#inFlight.add(head)
      queue.muted = true
    }
    return drained
  }

  /** The batch has its answer: the partition may send again. */
  done(batch: Batch<C>): void {
    this.#inFlight.delete(batch)
    this.#queueOf(batch.topic, batch.partition).muted = false
  }

  /** The batches take their place at the front of their partition, in this order, and the partition may send again. */
  requeue(batches: readonly Batch<C>[]): void {
    for (const batch of [...batches].reverse()) {
      this.#inFlight.delete(batch)
      const queue = this.#queueOf(batch.topic, batch.partition)
      queue.batches.unshift(batch)
      queue.muted = false
      this.#busy.add(queue)
    }
  }

  /** Until the returned function is called, every batch leaves at the next chance, also one that is opened only then. */
  hurry(): () => void {
    this.#hurries++
    let ended = false
    return () => {
      if (!ended) this.#hurries--
      ended = true
    }
  }

  /** The topic refused a batch of so many bytes: from now on its batches grow to half of that. */
  refusedSize(topic: string, size: number): void {
    this.#limits.set(topic, Math.min(this.#maxBatchSizeOf(topic), Math.floor(size / 2)))
  }

  /**
   * What was not acknowledged within the delivery timeout. A batch on its way is among it, and its partition stays muted until the
   * request ends: what is behind must not overtake it.
   */
  expire(now: number): Batch<C>[] {
    const isDue = ({ createdAt }: Batch<C>): boolean => createdAt + this.options.deliveryTimeout <= now
    const onTheirWay = [...this.#inFlight].filter(isDue)
    for (const batch of onTheirWay) this.#inFlight.delete(batch)
    return [...onTheirWay, ...this.#takeHeads(isDue)]
  }

  /** Takes out everything that is queued. */
  purge(): Batch<C>[] {
    return this.#takeHeads(() => true)
  }

  /** Everything, what is on its way included: for when no answer will be heard any more. */
  abandon(): Batch<C>[] {
    const onTheirWay = [...this.#inFlight]
    this.#inFlight.clear()
    return [...onTheirWay, ...this.purge()]
  }

  #takeHeads(wanted: (head: Batch<C>) => boolean): Batch<C>[] {
    const taken: Batch<C>[] = []
    for (const queue of [...this.#busy]) {
      for (let { head } = queue; head !== undefined && wanted(head); head = queue.head) {
        taken.push(head)
        this.#takeHead(queue)
      }
    }
    return taken
  }

  #takeHead(queue: PartitionQueue<C>): void {
    queue.batches.shift()
    this.#busy.delete(queue)
    if (!queue.isEmpty) this.#busy.add(queue)
  }

  #dueTime(queue: PartitionQueue<C>, head: Batch<C>): number {
    const full = head.isSealed || head.size >= this.options.batchSize || queue.batches.length > 1
    const leaves = full || this.pressed || this.#hurries > 0
    return Math.max(head.notBefore, leaves ? head.createdAt : head.createdAt + this.options.linger)
  }

  #queueOf(topic: string, partition: number): PartitionQueue<C> {
    let queues = this.#topics.get(topic)
    if (queues === undefined) this.#topics.set(topic, (queues = []))
    return (queues[partition] ??= new PartitionQueue<C>(topic, partition))
  }
}

/** The record went into the batch that was open, or into a new one. */
function grownBy<C>(queue: PartitionQueue<C>, open: Batch<C> | undefined, sizeBefore: number): number {
  const last = queue.batches.at(-1)
  return last === open ? (last?.size ?? 0) - sizeBefore : (last?.size ?? 0)
}

/** A batch that nobody will hear of again gives back what it took. */
function first<C>(batch: Batch<C>, record: BatchedRecord<C>, timestamp: number): boolean {
  try {
    return batch.append(record, timestamp)
  } catch (error) {
    batch.settle()
    throw error
  }
}
