/**
 * The numbers of an idempotent producer in one partition, by which the broker keeps every batch once and in order (KIP-98, KIP-360):
 *
 *     steady ──a batch failed, or the log misses one──► broken ──nothing is on its way: another epoch, numbers from 0──► steady
 *
 * Where it is stricter than Java's: a number that was sent belongs to its batch for ever, unless the broker has proved that it took
 * nothing. Java rewrites also what it never heard of again, and may double it.
 */
import type { ProducerNumber } from '../batch/batch-header'
import type { Fate, InFront, Numbered, Sequencer } from '../batch/sequencer'
import type { ProducerEpoch, ProducerEpochs } from './producer-epochs'
import { isBefore, sequenceAfter } from './sequence'

/**
 * Brokers know the last five batches of a producer again (ProducerStateEntry.NUM_BATCHES_TO_RETAIN): whatever is in doubt must be one of them,
 * so also those count that were acknowledged behind it.
 */
const WINDOW = 5

/** Brokers forget a producer that was silent for a day by default (producer.id.expiration.ms); nobody sets it below this. */
const REMEMBERED_MS = 3_600_000

export const producerSequencer = (epochs: ProducerEpochs): Sequencer => new ProducerSequencer(epochs)

class ProducerSequencer implements Sequencer {
  private own: ProducerEpoch | undefined
  private next = 0
  /**
   * When the batch was made that the log took last. A log that does not know the producer takes any number for the first: until it has
   * shown that it knows, a second batch could be taken although the first was refused.
   */
  private provenAt = -Infinity
  /** A number may be missing in the log, and with it everything behind would be refused. */
  private broken = false
  /** The lowest number that is missing for certain. What is behind it is not in the log either. */
  private hole: number | undefined
  /** What has numbers may be in a log that did not know them, and took whatever came first: a hole proves nothing. */
  private isAnew = false

  constructor(private readonly epochs: ProducerEpochs) {}

  mayLeave(batch: Numbered, { onWay, sinceOldest }: InFront): boolean {
    if (batch.number !== undefined && this.keepsNumber(batch)) return onWay === 0
    if (this.broken) return onWay === 0 && this.epochs.after(this.own) !== undefined
    if (onWay > 0) return sinceOldest < WINDOW && batch.createdAt - this.provenAt < REMEMBERED_MS
    return this.epochs.current() !== undefined
  }

  leaves(batch: Numbered, alone: readonly Numbered[]): void {
    if (batch.number !== undefined && this.keepsNumber(batch)) return
    const epoch = this.broken ? this.epochs.after(this.own) : isQuiet(alone) ? this.epochs.current() : this.own
    if (epoch !== undefined && epoch !== this.own) this.begin(epoch, alone)
    if (this.own === undefined) throw new Error('A batch leaves before the producer has an id')
    const { producerId, producerEpoch } = this.own
    batch.numberAs({ producerId, producerEpoch, baseSequence: this.next })
    this.next = sequenceAfter(this.next, batch.recordCount)
  }

  madeAnew(): void {
    this.provenAt = -Infinity
    this.hole = undefined
    this.isAnew = true
  }

  returned(): void {
    this.provenAt = -Infinity
  }

  divided({ number }: Numbered, parts: readonly Numbered[]): void {
    if (number === undefined) return
    let { baseSequence } = number
    for (const part of parts) {
      part.numberAs({ ...number, baseSequence })
      baseSequence = sequenceAfter(baseSequence, part.recordCount)
    }
  }

  ended({ number, recordCount, createdAt }: Numbered, fate: Fate): void {
    if (number === undefined || !this.isOwn(number)) return
    if (fate === 'appended') return this.appended(sequenceAfter(number.baseSequence, recordCount), createdAt)
    this.broken = true
    if (fate !== 'refused' || this.isAnew) return
    if (this.hole === undefined || isBefore(number.baseSequence, this.hole)) this.hole = number.baseSequence
  }

  outOfOrder(batch: Numbered, isFirst: boolean): 'again' | 'unknown' {
    // Something in front is not in the log yet. Once it is, this one fits.
    if (!isFirst) return 'again'
    this.broken = true
    return this.keepsNumber(batch) ? 'unknown' : 'again'
  }

  private appended(until: number, createdAt: number): void {
    this.provenAt = Math.max(this.provenAt, createdAt)
    // Also what was given up before is in the log then, since it took this one behind it.
    if (until === this.next) this.mend()
  }

  private mend(): void {
    this.broken = false
    this.hole = undefined
    this.isAnew = false
  }

  /** It may be in the log: what was not proved to be refused, unless it stands behind something that was. */
  private keepsNumber({ doubtful, number }: Numbered): boolean {
    if (!this.broken) return true
    if (!doubtful || number === undefined) return false
    return this.hole === undefined || !this.isOwn(number) || !isBefore(this.hole, number.baseSequence)
  }

  /**
   * Everything gets another number: a log that misses what stands in front has taken nothing behind it. One that was made anew may have, and
   * what is in doubt keeps its number there: in the epoch that is over it will be refused, and its fate is unknown.
   */
  private begin(epoch: ProducerEpoch, alone: readonly Numbered[]): void {
    for (const batch of alone) {
      const isKept = batch.doubtful && (this.isAnew || (batch.number !== undefined && !this.isOwn(batch.number)))
      if (batch.number !== undefined && !isKept) batch.numberAs(undefined)
    }
    if (epoch.producerId !== this.own?.producerId) this.provenAt = -Infinity
    this.own = epoch
    this.next = 0
    this.mend()
  }

  private isOwn({ producerId, producerEpoch }: ProducerNumber): boolean {
    return producerId === this.own?.producerId && producerEpoch === this.own.producerEpoch
  }
}

/** Nothing has a number that it will keep: the moment to follow when another partition has made the epoch grow. */
const isQuiet = (alone: readonly Numbered[]): boolean => alone.length > 0 && alone.every(({ number }) => number === undefined)
