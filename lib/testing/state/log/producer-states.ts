/**
 * What a partition remembers of its idempotent and transactional producers (KIP-98, KIP-360, KIP-890): the last five batches of each,
 * which transactions are open, and so what is to be said to the next batch.
 *
 * Where it differs from Apache Kafka: a replica that takes over knows all five batches, where Kafka's may know the last one only. A
 * producer that was silent for too long is forgotten at its next batch, by the broker's clock; Kafka does so at the next round of a
 * timer, and goes by the timestamps of the records.
 */
import { recordBatch } from '../../../batch/record-batch'
import type { BatchHeader } from '../../../batch/batch-header'
import { isControl, isTransactional } from './batch-stamp'
import type { BatchProducer } from './batch-stamp'
import type { Marker } from './marker-batch'
import { OpenTransactions } from './open-transactions'
import type { StoredBatch } from './stored-batch'
import { appended, isOpen, placeOf, UNKNOWN_PRODUCER } from './producer-state'
import type { Admission, KnownPlace, ProducerState } from './producer-state'
import { refusalOf } from './sequence-rules'
import type { Refused } from './sequence-rules'

export type SequenceVerdict = { readonly type: 'next' } | Duplicate | Refused

/** It is in the log already. */
export interface Duplicate extends KnownPlace {
  readonly type: 'duplicate'
}

/** A transaction that was open in this partition and is not any more. */
export interface EndedTransaction {
  readonly firstOffset: bigint
  readonly aborted: boolean
}

/** Milliseconds of the broker's clock. */
export interface ProducerTime {
  readonly now: number
  /** Who was not seen since is forgotten (producer.id.expiration.ms). */
  readonly expired: number
}

const NEXT: SequenceVerdict = { type: 'next' }
const NO_PRODUCER = -1n

/** So many producers are kept before anybody looks whether some were silent for too long. */
const SMALLEST_ROOM = 1024

export class ProducerStates {
  readonly #producers = new Map<bigint, ProducerState>()
  readonly #admissions = new Map<bigint, Admission>()
  #transactions = new OpenTransactions()
  #room = SMALLEST_ROOM

  get firstUnstableOffset(): bigint | undefined {
    return this.#transactions.firstUnstableOffset
  }

  get size(): number {
    return this.#producers.size
  }

  /** What the partition says to a batch of a client. A producer that was not seen since `expired` is somebody new. */
  verdict(batch: BatchProducer, expired: number): SequenceVerdict {
    if (batch.producerId <= NO_PRODUCER) return NEXT
    this.#forget(batch.producerId, expired)
    const state = this.#producers.get(batch.producerId)
    const place = state && placeOf(state, batch)
    if (place !== undefined) return { type: 'duplicate', ...place }
    return refusalOf({ batch, state: state ?? UNKNOWN_PRODUCER, admission: this.#admissions.get(batch.producerId) }) ?? NEXT
  }

  /** Whether the producer has written to this partition within a transaction that is still open. */
  hasOpenTransaction({ producerId, producerEpoch }: BatchProducer): boolean {
    const state = this.#producers.get(producerId)
    return state !== undefined && isOpen(state) && state.epoch === producerEpoch
  }

  /** Whether a later epoch of the producer has written here. */
  isFenced({ producerId, producerEpoch }: BatchProducer): boolean {
    return producerEpoch < (this.#producers.get(producerId) ?? UNKNOWN_PRODUCER).epoch
  }

  /**
   * A batch is to begin a transaction here, if the coordinator lets it: until one does, batches behind the lowest such sequence are
   * refused, so that they do not overtake it (KIP-890). `implicit`: the partition joins the transaction by the batch itself.
   */
  awaitAdmission(batch: BatchProducer, { implicit }: { readonly implicit: boolean }): void {
    const { producerId, producerEpoch: epoch, baseSequence: lowestSequence } = batch
    const known = this.#admissions.get(producerId)
    if (known === undefined) this.#admissions.set(producerId, { epoch, lowestSequence, implicit })
    else if (epoch > known.epoch || (epoch === known.epoch && lowestSequence < known.lowestSequence)) {
      this.#admissions.set(producerId, { ...known, epoch, lowestSequence })
    }
  }

  /** Takes note of what is in the log from now on, whoever wrote it. */
  append(batch: StoredBatch, { now, expired }: ProducerTime): EndedTransaction | undefined {
    const { header } = batch
    if (header.producerId <= NO_PRODUCER) return undefined
    if (this.#producers.size >= this.#room) this.#forgetAll(expired)
    return isControl(header) ? this.#endWith(batch, now) : this.#takeIn(header, now)
  }

  /** Whether a marker comes from a coordinator or of an epoch that is out of date. */
  refuses(marker: Marker): boolean {
    const { epoch, coordinatorEpoch } = this.#producers.get(marker.producerId) ?? UNKNOWN_PRODUCER
    return marker.producerEpoch < epoch || marker.coordinatorEpoch < coordinatorEpoch
  }

  /** All in-sync replicas have the log up to here. */
  replicated(highWatermark: bigint): void {
    this.#transactions.replicated(highWatermark)
  }

  copy(): ProducerStates {
    const copy = new ProducerStates()
    for (const [id, state] of this.#producers) copy.#producers.set(id, state)
    copy.#transactions = this.#transactions.copy()
    return copy
  }

  #takeIn(batch: BatchHeader, now: number): undefined {
    const before = this.#producers.get(batch.producerId) ?? UNKNOWN_PRODUCER
    const after = appended(before, batch, now)
    this.#producers.set(batch.producerId, after)
    if (!isTransactional(batch)) return undefined
    if (!isOpen(before) && after.openSince !== undefined) this.#transactions.begin(after.openSince)
    this.#admissions.delete(batch.producerId)
    return undefined
  }

  #endWith({ bytes, header: { producerId, producerEpoch }, lastOffset }: StoredBatch, now: number): EndedTransaction | undefined {
    const [record] = recordBatch.decode(bytes).records
    const before = this.#producers.get(producerId) ?? UNKNOWN_PRODUCER
    this.#producers.set(producerId, {
      epoch: producerEpoch,
      coordinatorEpoch: record?.marker?.coordinatorEpoch ?? before.coordinatorEpoch,
      seenAt: now,
      openSince: undefined,
      batches: producerEpoch === before.epoch ? before.batches : [],
    })
    this.#endAdmission(producerId, producerEpoch)
    if (before.openSince === undefined) return undefined
    this.#transactions.end({ firstOffset: before.openSince, lastOffset })
    return { firstOffset: before.openSince, aborted: record?.marker?.type === 'abort' }
  }

  /** With implicit joining a marker of the same epoch may come after the first batch of the next transaction was announced. */
  #endAdmission(producerId: bigint, epoch: number): void {
    const admission = this.#admissions.get(producerId)
    if (admission?.implicit === true && admission.epoch === epoch) return
    this.#admissions.delete(producerId)
  }

  /** Not at every batch: the more are kept, the longer until the next time. */
  #forgetAll(expired: number): void {
    for (const producerId of [...this.#producers.keys()]) this.#forget(producerId, expired)
    this.#room = Math.max(SMALLEST_ROOM, 2 * this.#producers.size)
  }

  #forget(producerId: bigint, expired: number): void {
    const state = this.#producers.get(producerId)
    if (state !== undefined && !isOpen(state) && state.seenAt <= expired) this.#producers.delete(producerId)
  }
}
