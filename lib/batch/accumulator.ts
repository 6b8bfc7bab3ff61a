/**
 * The queues of batches of all partitions, and what is ready to leave at a given time. The time is an argument, leaders and busy nodes
 * are asked for, and nothing here waits.
 */
import type { PartitionedRecord } from '../record'
import { Batch } from './batch'
import type { BatchedRecord, Settlement } from './batch'
import type { PieceSource } from './buffer-pool'
import { HEADER_SIZE } from './batch-header'
import { Compressing } from './compressing'
import type { CompressingOptions } from './compressing'
import { Growth } from './growth'
import type { GrowthOptions } from './growth'
import type { PartitionQueue } from './partition-queue'
import { PartitionQueues } from './partition-queues'
import { mostOf } from './lingering'
import type { Linger } from './lingering'
import { OnWay } from './on-way'
import { maxSizeOfRecord, sizeOfContents } from './record-encoding'
import type { Fate, Sequencer } from './sequencer'

export interface AccumulatorOptions extends CompressingOptions, GrowthOptions {
  /** Bytes up to which a record is taken at all. */
  readonly maxRecordSize: number
  /** How long a batch waits for more records before it leaves though it is not full. */
  readonly linger: Linger
  /** Milliseconds after which a batch that was not acknowledged is given up, counted from its creation. */
  readonly deliveryTimeout: number
  readonly pieces: PieceSource
  /** Asked when a batch is opened: most records extend one. */
  readonly now: () => number
  readonly leaderOf: (topic: string, partition: number) => number | undefined
  /** Whether a node takes a request now. */
  readonly canTake: (node: number) => boolean
  /** Chooses for records without a partition. */
  readonly sticky: StickyChoice
  /** Numbers the batches of one more partition. */
  readonly sequencer: () => Sequencer
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

/** For how much of the delivery timeout a batch takes records: each is tried for the rest at least. */
const OPEN_SHARE = 1 / 16

export class Accumulator<C = unknown> {
  readonly #queues: PartitionQueues<C>
  readonly #growth: Growth
  /** When each node was last drained. */
  readonly #drainedAt = new Map<number, number>()
  /** Somebody waits for memory: every batch leaves as soon as it can. */
  pressed = false
  #hurries = 0
  readonly #onWay = new OnWay()

  /** The most milliseconds that a batch waits for more records. */
  readonly linger: number
  /** What it does to compress them; nothing, where that was not asked for. */
  readonly compressing: Compressing

  constructor(private readonly options: AccumulatorOptions) {
    this.compressing = new Compressing(options)
    this.#growth = new Growth(options)
    this.linger = mostOf(options.linger)
    this.#queues = new PartitionQueues<C>(options.sequencer)
  }

  /** Nothing is queued, and nothing on its way. */
  get isIdle(): boolean {
    return this.#queues.live.size === 0
  }

  /** What may leave waits for the others of its turn: the brokers are at work, or a batch does not wait for more by itself. */
  get gathers(): boolean {
    return !this.#onWay.isEmpty || this.options.linger === 'adaptive'
  }

  append(record: AccumulatorRecord<C>, timestamp: number): Appended {
    const { topic, partition } = record
    const contents = sizeOfContents(record)
    if (maxSizeOfRecord(contents) + HEADER_SIZE > this.options.maxRecordSize) return 'too large'
    if (partition !== null) return this.#appendTo(this.#queues.of(topic, partition), record, timestamp, contents)
    const { sticky, now } = this.options
    const queue = this.#queues.of(topic, sticky.partitionOf(topic, record.partitionCount, now))
    const { open } = queue
    const sizeBefore = open?.size ?? 0
    const appended = this.#appendTo(queue, record, timestamp, contents)
    if (appended !== 'no room') sticky.appended(topic, grownBy(queue, open, sizeBefore))
    return appended
  }

  /**
   * How many batches of `batchSize` wait for the partition: one that has grown beyond that while its node was busy counts as what it
   * would have been. Undefined when nothing ever went there.
   */
  queueLength(topic: string, partition: number): number | undefined {
    return this.#queues.known(topic, partition)?.lengthIn(Math.max(1, this.options.batchSize))
  }

  /** Nothing waits for the partition that another record could make fuller. */
  isFilled(topic: string, partition: number): boolean {
    const last = this.#queues.known(topic, partition)?.last
    return last === undefined || last.isSealed || last.size >= this.options.batchSize
  }

  /** Since when something could have left for the node and the node took nothing at all; Infinity when nothing waits. */
  waitingSince(topic: string, partition: number, node: number): number {
    const queue = this.#queues.known(topic, partition)
    const head = queue?.head
    if (queue === undefined || head === undefined || head.isCompressing) return Infinity
    return Math.max(this.#dueTime(queue, head, node), this.#drainedAt.get(node) ?? -Infinity)
  }

  #appendTo(queue: PartitionQueue<C>, record: BatchedRecord<C>, timestamp: number, contents: number): Appended {
    const { open } = queue
    if (open !== undefined && this.#growth.hasRoom(open, maxSizeOfRecord(contents))) {
      const before = open.size
      return open.append(record, timestamp, contents) ? this.#grown(queue, open, before) : 'no room'
    }
    const batch = this.#open(queue, this.options.now())
    if (!first(batch, record, timestamp, contents)) return 'no room'
    const isFirst = queue.head === undefined
    queue.push(batch)
    // It is complete, and must wait for its turn anyway.
    if (open !== undefined && this.compressing.isLarge(open)) this.compressing.closeElsewhere(open)
    this.#enter(queue)
    const leader = this.options.leaderOf(queue.topic, queue.partition)
    const waits = batch.size < this.#growth.enoughFor(queue) && isFirst && this.#lingersFor(leader) > 0 && this.#hurries === 0
    // Asked also when it waits: connection and producer id, where they are missing, come while it lingers.
    return this.#mayLeave(queue, batch, leader) && !waits ? 'ready' : 'opened'
  }

  #open({ topic, partition }: PartitionQueue<C>, now: number): Batch<C> {
    const batch = new Batch<C>(topic, partition, now, this.options.pieces)
    batch.compression = this.compressing.of(topic)
    return batch
  }

  /** A batch that was there already got another record. */
  #grown(queue: PartitionQueue<C>, batch: Batch<C>, before: number): Appended {
    const after = batch.size
    if (after < this.options.batchSize) return 'appended'
    const enough = this.#growth.enoughFor(queue)
    if (before >= enough || after < enough) return 'appended'
    return this.#mayLeave(queue, batch, this.options.leaderOf(queue.topic, queue.partition)) ? 'ready' : 'appended'
  }

  /** What cannot leave now is looked at when that changes. A partition without a leader must ask for it. */
  #mayLeave(queue: PartitionQueue<C>, batch: Batch<C>, leader: number | undefined): boolean {
    return leader === undefined || (this.options.canTake(leader) && queue.mayLeave(queue.head ?? batch, leader))
  }

  #enter(queue: PartitionQueue<C>): void {
    this.#queues.enter(queue)
    this.#growth.shareAmong(this.#queues.live.size)
  }

  #leaveIfEmpty(queue: PartitionQueue<C>): void {
    if (this.#queues.leaveIfEmpty(queue)) this.#growth.shareAmong(this.#queues.live.size)
  }

  ready(now: number): Readiness {
    const nodes = new Set<number>()
    const leaderless = new Set<string>()
    let nextLook = Infinity
    for (const queue of this.#queues.live) {
      const { head, oldest, open } = queue
      if (oldest !== undefined) nextLook = Math.min(nextLook, oldest.createdAt + this.options.deliveryTimeout)
      if (open !== undefined) nextLook = Math.min(nextLook, this.#sealWhenOld(open, now))
      if (head === undefined || head.isCompressing) continue
      const leader = this.options.leaderOf(queue.topic, queue.partition)
      const due = this.#dueTime(queue, head, leader)
      if (due > now) nextLook = Math.min(nextLook, due)
      else if (leader === undefined) leaderless.add(queue.topic)
      else if (queue.mayLeave(head, leader)) nodes.add(leader)
    }
    return { nodes, leaderless, nextLook }
  }

  /**
   * Takes and seals what leaves for a node in one request: at most one batch a partition, together at most `maxRequestSize`. What is
   * not due yet goes along when there is room for it. Each is on its way until it has `arrived`.
   */
  drain(node: number, now: number): Batch<C>[] {
    this.#drainedAt.set(node, now)
    const drained: Batch<C>[] = []
    let size = 0
    let compressed = 0
    for (const queue of [...this.#queues.live]) {
      const { head } = queue
      if (head === undefined || head.isCompressing || this.options.leaderOf(queue.topic, queue.partition) !== node) continue
      if (restsUntil(head, node) > now || !queue.mayLeave(head, node)) continue
      if (!this.#hasPlace(head, size)) break
      if (this.compressing.isLarge(head, compressed)) {
        this.compressing.closeElsewhere(head)
        continue
      }
      if (!head.isSealed) compressed += head.heldSize
      this.compressing.close(head)
      // Compressed, it may be larger than was expected. Then it is the next request's.
      if (!this.#hasPlace(head, size)) break
      size += head.size
      queue.leave(head, node)
      this.#onWay.left(node)
      drained.push(head)
      this.#queues.hadItsTurn(queue)
    }
    for (const batch of drained) batch.trim()
    return drained
  }

  #hasPlace(batch: Batch<C>, besides: number): boolean {
    return besides === 0 || besides + batch.size <= this.options.maxRequestSize
  }

  /** The batch is no longer on its way. */
  arrived(batch: Batch<C>): void {
    if (batch.onWay && batch.triedAt !== undefined) this.#onWay.arrived(batch.triedAt)
    this.#queues.of(batch.topic, batch.partition).arrived(batch)
  }

  /** It is sent again before anything behind it that has not left, to the same node not before this time. */
  again(batch: Batch<C>, notBefore: number): void {
    batch.notBefore = notBefore
    this.#queues.of(batch.topic, batch.partition).returned(batch)
  }

  /** The broker misses what is in front of the batch: it is to be sent again, or its fate cannot be found out. */
  outOfOrder(batch: Batch<C>): 'again' | 'unknown' {
    return this.#queues.of(batch.topic, batch.partition).outOfOrder(batch)
  }

  /**
   * The end of a batch; a second one changes nothing. Gives what can be told now, in the order of the partition's records: maybe not this
   * one yet, or others that waited for it.
   */
  settle(settlement: Settlement<C>): readonly Settlement<C>[] {
    const { topic, partition } = settlement.batch
    const queue = this.#queues.of(topic, partition)
    const told = queue.settle(settlement)
    this.#leaveIfEmpty(queue)
    return told
  }

  /** What became of a batch whose end was told while it was on its way. */
  late(batch: Batch<C>, fate: Fate): void {
    const queue = this.#queues.of(batch.topic, batch.partition)
    queue.late(batch, fate)
    this.#leaveIfEmpty(queue)
  }

  /** The parts take the place of a batch that was refused for its size, and keep its numbers. */
  divide(batch: Batch<C>, parts: readonly Batch<C>[]): void {
    this.#queues.of(batch.topic, batch.partition).divide(batch, parts)
    this.#compressed(parts)
  }

  /** Others, with numbers of their own, take the place of a batch of which nothing was appended. */
  substitute(batch: Batch<C>, by: readonly Batch<C>[]): void {
    this.#queues.of(batch.topic, batch.partition).substitute(batch, by)
    this.#compressed(by)
  }

  #compressed(batches: readonly Batch<C>[]): void {
    for (const batch of batches) this.compressing.learnFrom(batch)
    for (const batch of batches) batch.trim()
  }

  /** Nobody will say what becomes of the batch: it counts as settled. */
  forget(batch: Batch<C>): void {
    batch.told = true
    this.arrived(batch)
    this.late(batch, 'unknown')
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

  /** The topic was deleted, and there is another of its name: its logs know nobody. */
  madeAnew(topic: string): void {
    for (const queue of this.#queues.ofTopic(topic)) queue.madeAnew()
  }

  /** The topic refused a batch of so many bytes: from now on its batches grow to half of that. */
  refusedSize(topic: string, size: number): void {
    this.#growth.refusedSize(topic, size)
    this.compressing.forget(topic)
  }

  /** What was not acknowledged within the delivery timeout, to be settled; also what is on its way, and keeps its place until it arrives. */
  expired(now: number): Batch<C>[] {
    const isDue = ({ createdAt }: Batch<C>): boolean => createdAt + this.options.deliveryTimeout <= now
    const due: Batch<C>[] = []
    // Every look asks, and nearly never is there any: no list but the answer.
    for (const queue of this.#queues.live) {
      const { oldest } = queue
      if (oldest !== undefined && isDue(oldest)) due.push(...queue.unsettled.filter(isDue))
    }
    return due
  }

  /** Everything that is not settled and not on its way. */
  get waiting(): Batch<C>[] {
    return [...this.#queues.live].flatMap(({ waiting }) => waiting)
  }

  get unsettled(): Batch<C>[] {
    return [...this.#queues.live].flatMap(({ unsettled }) => unsettled)
  }

  /**
   * Until when a batch takes records; when that is over it is sealed, and the answer is Infinity. All of them expire with the oldest: while
   * a node is away, the last record of a batch that grew for minutes would fail seconds after it came.
   */
  #sealWhenOld(open: Batch<C>, now: number): number {
    const until = open.createdAt + Math.max(this.linger, this.options.deliveryTimeout * OPEN_SHARE)
    if (until > now) return until
    if (this.compressing.isLarge(open)) this.compressing.closeElsewhere(open)
    else this.compressing.close(open)
    return Infinity
  }

  #dueTime(queue: PartitionQueue<C>, head: Batch<C>, leader: number | undefined): number {
    const full = head.isSealed || head !== queue.last || head.size >= this.#growth.enoughFor(queue)
    const leaves = full || this.pressed || this.#hurries > 0
    return Math.max(restsUntil(head, leader), head.createdAt + (leaves ? 0 : this.#lingersFor(leader)))
  }

  #lingersFor(leader: number | undefined): number {
    const isBusy = leader !== undefined && this.#onWay.isBusy(leader)
    return this.options.linger === 'adaptive' && !isBusy ? 0 : this.linger
  }
}

/** A new leader need not be spared for what the old one did: it is tried at once (KIP-951). */
const restsUntil = ({ notBefore, triedAt }: Batch, leader: number | undefined): number => (leader === triedAt ? notBefore : 0)

/** The record went into the batch that was open, or into a new one. */
function grownBy<C>(queue: PartitionQueue<C>, open: Batch<C> | undefined, sizeBefore: number): number {
  const { last } = queue
  return last === open ? (last?.size ?? 0) - sizeBefore : (last?.size ?? 0)
}

/** A batch that nobody will hear of again gives back what it took. */
function first<C>(batch: Batch<C>, record: BatchedRecord<C>, timestamp: number, contents: number): boolean {
  try {
    return batch.append(record, timestamp, contents)
  } catch (error) {
    batch.settle()
    throw error
  }
}
