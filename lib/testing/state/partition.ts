/**
 * A partition: who leads it, who follows, what its log holds, and how much of it consumers may see.
 *
 * There is one log, and a note of how much of it each replica has. A replica that runs copies at once; one that does not stays where
 * it was. When another replica takes over, the log falls back to what that one had, and with it all that was concluded from it.
 */
import { Subject } from 'rxjs'
import type { NodeId } from '../../record'
import { AbortedTransactions } from './log/aborted-transactions'
import type { AbortedTransaction } from './log/aborted-transactions'
import { producerIn } from './log/batch-stamp'
import type { BatchProducer, BatchTime } from './log/batch-stamp'
import { markerBatch } from './log/marker-batch'
import type { Marker } from './log/marker-batch'
import { PartitionLog } from './log/partition-log'
import { ProducerStates } from './log/producer-states'
import type { Duplicate, ProducerTime } from './log/producer-states'
import { ReplicaProgress } from './replica-progress'
import type { Refused } from './log/sequence-rules'
import type { StoredBatch } from './log/stored-batch'

export const NO_LEADER = -1

/** producer.id.expiration.ms */
const PRODUCER_ID_EXPIRATION = 86_400_000

export interface PartitionOptions {
  readonly topic: string
  readonly index: number
  readonly replicas: readonly NodeId[]
  /** Bytes that the log keeps at most; older batches go. */
  readonly retentionBytes: number
  /** Wall-clock milliseconds of the brokers. Default: always 0. */
  readonly timestamp?: () => number
  /** min.insync.replicas of the topic. Default 1. */
  readonly minIsr?: () => number
  /** producer.id.expiration.ms, milliseconds. Default: a day. */
  readonly producerExpiration?: () => number
}

export interface AppendOptions {
  /** What the batch is to say of its time; default: what it says. */
  readonly time?: BatchTime | undefined
}

export type Appended = { readonly type: 'appended'; readonly batch: StoredBatch } | Duplicate | Refused

export class Partition {
  readonly topic: string
  readonly index: number
  readonly replicas: readonly NodeId[]
  readonly log: PartitionLog
  leader: NodeId
  leaderEpoch = 0
  isr: readonly NodeId[]
  /** Says that something changed which somebody may wait for: the end of the log, the high watermark, the leader. */
  readonly changed$ = new Subject<void>()

  readonly #options: Required<Pick<PartitionOptions, 'timestamp' | 'minIsr' | 'producerExpiration'>>
  readonly #progress: ReplicaProgress
  readonly #aborted = new AbortedTransactions()
  #producers = new ProducerStates()
  /** What was known of producers where the log begins: together with the log it gives what is known now. */
  readonly #producersAtStart = new ProducerStates()
  #highWatermark = 0n
  #epochStartOffset = 0n

  constructor({ topic, index, replicas, retentionBytes, ...options }: PartitionOptions) {
    this.topic = topic
    this.index = index
    this.replicas = replicas
    this.isr = replicas
    this.leader = replicas[0] ?? NO_LEADER
    this.#options = { timestamp: () => 0, minIsr: () => 1, producerExpiration: () => PRODUCER_ID_EXPIRATION, ...options }
    this.#progress = new ReplicaProgress(replicas)
    this.log = new PartitionLog({ retentionBytes, dropped: (batch) => this.#beginAfter(batch) })
    this.log.epochs.assign(this.leaderEpoch, 0n)
  }

  /** What all in-sync replicas have: consumers see no more. */
  get highWatermark(): bigint {
    return this.#highWatermark
  }

  /** Where the log ended when its leader took over. */
  get epochStartOffset(): bigint {
    return this.#epochStartOffset
  }

  /** The first offset of a transaction that is not decided everywhere, or the high watermark: read_committed sees no more. */
  get lastStableOffset(): bigint {
    const unstable = this.#producers.firstUnstableOffset
    if (unstable === undefined || unstable >= this.#highWatermark) return this.#highWatermark
    return unstable < this.log.startOffset ? this.log.startOffset : unstable
  }

  /** How many replicas have to be in sync for a write with acks=all. */
  get minIsr(): number {
    return Math.min(this.#options.minIsr(), this.replicas.length)
  }

  /** How much of the log a replica has; consumers may read from followers too. */
  endOffsetOf(replica: NodeId): bigint {
    return this.#progress.endOf(replica)
  }

  /** Takes one batch of a client that was looked at before, unless it is there already or its producer may not write it. */
  append(batch: Uint8Array, { time }: AppendOptions = {}): Appended {
    const producer = producerIn(batch)
    const verdict = producer && this.#producers.verdict(producer, this.#time.expired)
    if (verdict !== undefined && verdict.type !== 'next') return verdict
    const stored = this.#write(batch, time)
    this.changed$.next()
    return { type: 'appended', batch: stored }
  }

  /** Whether the batch belongs to a transaction that has records here already: then the coordinator knows of it. */
  hasOpenTransaction(batch: BatchProducer): boolean {
    return this.#producers.hasOpenTransaction(batch)
  }

  /** Whether a later epoch of the batch's producer has written here. */
  isFenced(batch: BatchProducer): boolean {
    return this.#producers.isFenced(batch)
  }

  /** The batch is to begin a transaction here, if the coordinator lets it; `append` says to others that they come too early. */
  awaitAdmission(batch: BatchProducer, options: { readonly implicit: boolean }): void {
    this.#producers.awaitAdmission(batch, options)
  }

  /** Ends a producer's transaction here, unless the epoch or the coordinator is out of date. Whoever calls waits until somebody leads. */
  writeMarker(marker: Marker): void {
    if (this.#producers.refuses(marker)) return
    this.#write(markerBatch(marker, this.#options.timestamp()))
    this.changed$.next()
  }

  /** Transactions that were aborted and have records from `from` on, and before `to`. */
  abortedTransactions(from: bigint, to: bigint): readonly AbortedTransaction[] {
    return this.#aborted.between(from, to)
  }

  /** Which replicas run. An in-sync one that does not holds the high watermark where it is. */
  follow(alive: ReadonlySet<NodeId>): void {
    this.#progress.setAlive(alive)
    this.#catchUp()
    this.changed$.next()
  }

  /** The next epoch begins under this leader. One that was not in sync becomes the only one that is. */
  changeLeader(leader: NodeId): void {
    this.leader = leader
    this.leaderEpoch++
    if (leader !== NO_LEADER) {
      this.#fallBackTo(this.#progress.endOf(leader))
      this.#epochStartOffset = this.log.endOffset
      this.log.epochs.assign(this.leaderEpoch, this.#epochStartOffset)
      if (!this.isr.includes(leader)) this.isr = [leader]
      this.#catchUp()
    }
    this.changed$.next()
  }

  changeIsr(isr: readonly NodeId[]): void {
    this.isr = isr
    this.#advance()
    this.changed$.next()
  }

  /** Nothing before `offset` can be read any more (DeleteRecords). It must not lie above the high watermark. */
  deleteBefore(offset: bigint): void {
    this.log.beginAt(offset)
    this.#aborted.beginAt(this.log.startOffset)
    this.changed$.next()
  }

  get #time(): ProducerTime {
    const now = this.#options.timestamp()
    return { now, expired: now - this.#options.producerExpiration() }
  }

  /** The log begins behind this batch, which all replicas have. */
  #beginAfter(batch: StoredBatch): void {
    this.#producersAtStart.append(batch, this.#time)
    this.#producersAtStart.replicated(batch.lastOffset + 1n)
  }

  #write(batch: Uint8Array, time?: BatchTime): StoredBatch {
    const stored = this.log.append(batch, this.leaderEpoch, time)
    this.#conclude(stored)
    this.#progress.copy(this.leader, this.log.endOffset)
    this.#advance()
    return stored
  }

  /** What follows from a batch that is in the log. */
  #conclude(batch: StoredBatch): void {
    const ended = this.#producers.append(batch, this.#time)
    if (ended?.aborted === true) {
      this.#aborted.add({ producerId: batch.producerId, firstOffset: ended.firstOffset, lastOffset: batch.lastOffset })
    }
  }

  /** Replicas that run copy from a leader that runs. */
  #catchUp(): void {
    if (this.leader === NO_LEADER) return
    this.#progress.copy(this.leader, this.log.endOffset)
    this.#advance()
  }

  /** The high watermark only grows, and not at all below min.insync.replicas (KIP-966). */
  #advance(): void {
    const common = this.#progress.common(this.isr)
    if (this.isr.length < this.minIsr || common <= this.#highWatermark) return
    this.#highWatermark = common
    this.#producers.replicated(common)
    this.log.retain(common)
    this.#aborted.beginAt(this.log.startOffset)
  }

  #fallBackTo(endOffset: bigint): void {
    if (endOffset >= this.log.endOffset) return
    this.log.truncateTo(endOffset)
    this.#aborted.truncateTo(endOffset)
    this.#progress.truncateTo(endOffset)
    if (this.#highWatermark > endOffset) this.#highWatermark = endOffset
    this.#producers = this.#producersAtStart.copy()
    for (const batch of this.log.batches) this.#producers.append(batch, this.#time)
    this.#producers.replicated(this.#highWatermark)
  }
}
