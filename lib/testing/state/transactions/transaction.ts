/** A transactional id as its coordinator remembers it: who may write under it, and how far its transaction is. */
import type { Partition } from '../partition'
import { COMPLETE, PREPARE, TRANSACTION_STATES } from './transaction-states'
import type { Ending, TransactionState } from './transaction-states'

export const NO_PRODUCER_ID = -1n
export const NO_EPOCH = -1

const LARGEST_EPOCH = 32_767

/** No client gets the largest epoch: whoever holds the one before can still be fenced. */
export const isExhausted = (epoch: number): boolean => epoch >= LARGEST_EPOCH - 1

export interface ProducerIdentity {
  readonly producerId: bigint
  readonly producerEpoch: number
}

export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

export interface TransactionOptions {
  readonly transactionalId: string
  readonly producerId: bigint
  /** The partition of `__transaction_state` that it belongs to; whoever leads it is the coordinator. */
  readonly home: Partition
  /** Wall-clock milliseconds. */
  readonly now: number
}

interface Initialised {
  readonly formerEpoch: number
  readonly timeoutMs: number
  readonly now: number
}

export class Transaction {
  readonly transactionalId: string
  readonly home: Partition
  producerId: bigint
  /** −1 until somebody was given one. */
  producerEpoch = NO_EPOCH
  /** The producer id before the last change of anything; another one only right after the id itself has changed. */
  formerProducerId = NO_PRODUCER_ID
  /** The epoch before the last one that its own holder asked for; −1 when somebody else took over. */
  formerEpoch = NO_EPOCH
  /** Of the producer that comes after the markers that are under way, when the epochs of this one are used up. */
  nextProducerId = NO_PRODUCER_ID
  timeoutMs = 0
  /** Wall-clock time when its first partition was added; −1 while there is none. */
  startedAt = -1
  updatedAt: number
  /** What was written to, or may be; by `topic-partition`. */
  readonly partitions = new Map<string, TopicPartition>()
  #state: TransactionState = 'Empty'

  constructor({ transactionalId, producerId, home, now }: TransactionOptions) {
    this.transactionalId = transactionalId
    this.producerId = producerId
    this.home = home
    this.updatedAt = now
  }

  get state(): TransactionState {
    return this.#state
  }

  /** What its markers say that are under way; undefined when there are none. */
  get writing(): Ending | undefined {
    return TRANSACTION_STATES[this.#state].writes
  }

  has({ topic, partition }: TopicPartition): boolean {
    return this.partitions.has(keyOf(topic, partition))
  }

  /** Somebody may write under this identity, and nothing is open. */
  initialise({ producerId, producerEpoch }: ProducerIdentity, { formerEpoch, timeoutMs, now }: Initialised): void {
    this.#enter('Empty', now)
    this.producerId = producerId
    this.producerEpoch = producerEpoch
    this.formerEpoch = formerEpoch
    this.timeoutMs = timeoutMs
    this.startedAt = -1
    this.partitions.clear()
  }

  add(partitions: readonly TopicPartition[], now: number): void {
    if (this.#state !== 'Ongoing') this.startedAt = now
    this.#enter('Ongoing', now)
    for (const each of partitions) this.partitions.set(keyOf(each.topic, each.partition), each)
  }

  /** From here on whoever began the transaction cannot end it. */
  fence(now: number): void {
    this.#enter('PrepareEpochFence', now)
  }

  /** Transaction versions 0 and 1: the epoch stays, unless the one who asks is to be shut out. */
  prepare(how: Ending, now: number): void {
    if (this.#state === 'PrepareEpochFence') {
      this.producerEpoch = nextEpoch(this.producerEpoch)
      this.formerEpoch = NO_EPOCH
    }
    this.#enter(PREPARE[how], now)
  }

  /** Transaction version 2: the epoch grows; `nextProducerId` when there is no epoch left after it. */
  prepareNextEpoch(how: Ending, now: number, nextProducerId: bigint): void {
    if (this.#state !== 'Ongoing' && this.#state !== 'PrepareEpochFence') this.startedAt = now
    this.#enter(PREPARE[how], now)
    this.formerEpoch = this.producerEpoch
    this.producerEpoch = nextEpoch(this.producerEpoch)
    this.nextProducerId = nextProducerId
  }

  /** Who may go on when the markers are written. */
  get successor(): ProducerIdentity {
    const { nextProducerId, producerId, producerEpoch } = this
    return nextProducerId === NO_PRODUCER_ID ? { producerId, producerEpoch } : { producerId: nextProducerId, producerEpoch: 0 }
  }

  /** All markers are written. */
  complete(how: Ending, now: number): void {
    const { producerId, producerEpoch } = this.successor
    this.#enter(COMPLETE[how], now)
    this.producerId = producerId
    this.producerEpoch = producerEpoch
    this.nextProducerId = NO_PRODUCER_ID
    this.partitions.clear()
  }

  die(now: number): void {
    this.#enter('Dead', now)
  }

  #enter(state: TransactionState, now: number): void {
    if (!TRANSACTION_STATES[state].from.includes(this.#state)) throw new Error(`A transaction cannot go from ${this.#state} to ${state}`)
    this.#state = state
    this.formerProducerId = this.producerId
    this.updatedAt = now
  }
}

const nextEpoch = (epoch: number): number => Math.min(epoch + 1, LARGEST_EPOCH)

const keyOf = (topic: string, partition: number): string => `${topic}-${String(partition)}`
