/**
 * All transactional ids of the cluster, as their coordinators keep them: KIP-98, KIP-360, KIP-890. Which broker may be asked is looked
 * at by the apis.
 *
 * - Stricter: a transaction is aborted when its time is over; Kafka looks every 10 s.
 * - Stricter: a coordinator that does not run is found out at once; Kafka's brokers wait for it (`request.timeout.ms`).
 * - Laxer: nothing is written to the log of `__transaction_state`, and a coordinator that moved knows everything at once, so that
 *   COORDINATOR_LOAD_IN_PROGRESS is never its own answer.
 */
import { concat } from 'rxjs'
import type { Subscription } from 'rxjs'
import { ErrorCode } from '../../../generated/error-codes'
import type { NodeId } from '../../../record'
import type { Settings } from '../../settings'
import { coordinatorPartition } from '../internal-topics'
import { NO_LEADER } from '../partition'
import type { Partition } from '../partition'
import { ProducerIds } from './producer-ids'
import type { Topic } from '../topic'
import { NO_EPOCH, NO_PRODUCER_ID, Transaction, isExhausted } from './transaction'
import type { ProducerIdentity, TopicPartition } from './transaction'
import { endVerdict } from './transaction-endings'
import type { EndRequest } from './transaction-endings'
import { initialisationOf } from './transaction-initialising'
import { isLed, isWritable, passed, whenWritable, writeMarkers } from './transaction-markers'
import type { MarkerTargets } from './transaction-markers'
import { TRANSACTION_STATES } from './transaction-states'

export interface TransactionSurroundings extends MarkerTargets {
  readonly settings: Settings
  readonly topics: ReadonlyMap<string, Topic>
}

/** Who a client is from now on, or why not; without an identity where there is an error. */
export interface Identified extends ProducerIdentity {
  readonly errorCode: number
}

export interface InitialiseRequest {
  readonly transactionalId: string
  readonly timeoutMs: number
  /** What the client believes it is (KIP-360); undefined: it begins. */
  readonly expected: ProducerIdentity | undefined
}

/** A transactional batch, or offsets, and where they are to go. */
export interface Admission extends ProducerIdentity, TopicPartition {
  readonly transactionalId: string
  /** Produce 12 and TxnOffsetCommit 5 add the partition by themselves (KIP-890); older ones find that it was added. */
  readonly implicit: boolean
}

const A_WEEK = 604_800_000

/** What a client that produces may not understand; it is told something that makes it come again and look for nobody. */
const TRY_AGAIN: ReadonlySet<number> = new Set([
  ErrorCode.COORDINATOR_NOT_AVAILABLE,
  ErrorCode.NETWORK_EXCEPTION,
  ErrorCode.CONCURRENT_TRANSACTIONS,
])

export class Transactions {
  readonly #surroundings: TransactionSurroundings
  readonly #byId = new Map<string, Transaction>()
  readonly #producerIds = new ProducerIds()
  /** The time-outs of the open ones. */
  readonly #limits = new Map<Transaction, Subscription>()

  constructor(surroundings: TransactionSurroundings) {
    this.#surroundings = surroundings
  }

  /** Those that are not forgotten; nobody is told of the others any more. */
  get all(): readonly Transaction[] {
    return [...this.#byId.keys()].flatMap((id) => this.find(id) ?? [])
  }

  /** Undefined for an id that nobody has used, or not for long (`transactional.id.expiration.ms`). */
  find(transactionalId: string): Transaction | undefined {
    const transaction = this.#byId.get(transactionalId)
    if (transaction === undefined || !this.#isForgotten(transaction)) return transaction
    transaction.die(this.#now)
    this.#byId.delete(transactionalId)
    return undefined
  }

  /** For a producer without transactions. */
  newProducerId(broker: NodeId): bigint {
    return this.#producerIds.next(broker)
  }

  /** Gives a client its identity, and shuts out whoever had it before. */
  initialise({ transactionalId, timeoutMs, expected }: InitialiseRequest): Identified {
    const transaction = this.find(transactionalId) ?? this.#create(transactionalId)
    if (transaction === undefined) return nobody(ErrorCode.NOT_COORDINATOR)
    const found = initialisationOf(transaction, expected)
    if (found.type === 'refuse') return nobody(found.error)
    if (!this.#canKeep(transaction)) return nobody(ErrorCode.COORDINATOR_NOT_AVAILABLE)
    if (found.type === 'takeOver') {
      this.#shutOut(transaction)
      return nobody(ErrorCode.CONCURRENT_TRANSACTIONS)
    }
    const identity = this.#identityOf(transaction, found.type)
    const formerEpoch = found.type === 'same' ? transaction.formerEpoch : found.formerEpoch
    transaction.initialise(identity, { formerEpoch, timeoutMs, now: this.#now })
    return { errorCode: ErrorCode.NONE, ...identity }
  }

  /** Takes partitions into the transaction, and begins it with the first ones. */
  add(transactionalId: string, identity: ProducerIdentity, partitions: readonly TopicPartition[]): number {
    const transaction = this.find(transactionalId)
    if (transaction?.writing !== undefined) return ErrorCode.CONCURRENT_TRANSACTIONS
    const error = errorOfHolder(transaction, identity)
    if (transaction === undefined || error !== ErrorCode.NONE) return error
    const begins = transaction.state !== 'Ongoing'
    if (!begins && partitions.every((each) => transaction.has(each))) return ErrorCode.NONE
    if (!this.#canKeep(transaction)) return ErrorCode.COORDINATOR_NOT_AVAILABLE
    transaction.add(partitions, this.#now)
    if (begins) this.#limit(transaction)
    return ErrorCode.NONE
  }

  /** For each of the partitions whether it was taken in. */
  verify(transactionalId: string, identity: ProducerIdentity, partitions: readonly TopicPartition[]): readonly number[] {
    const transaction = this.find(transactionalId)
    const holder = errorOfHolder(transaction, identity)
    const error = holder === ErrorCode.NONE && transaction?.writing !== undefined ? ErrorCode.CONCURRENT_TRANSACTIONS : holder
    return partitions.map((each) => {
      if (error !== ErrorCode.NONE) return error
      return transaction?.has(each) === true ? ErrorCode.NONE : ErrorCode.TRANSACTION_ABORTABLE
    })
  }

  /** What another broker finds out when it asks the coordinator before it appends: ErrorCode.NONE, or the error. */
  join({ transactionalId, producerId, producerEpoch, topic, partition, implicit }: Admission): number {
    const home = this.#homeOf(transactionalId)
    if (home === undefined || home.leader === NO_LEADER) return ErrorCode.COORDINATOR_NOT_AVAILABLE
    if (!isLed(home, this.#surroundings)) return ErrorCode.NETWORK_EXCEPTION
    if (transactionalId === '') return ErrorCode.INVALID_REQUEST
    const identity = { producerId, producerEpoch }
    const where = [{ topic, partition }]
    const error = implicit ? this.add(transactionalId, identity, where) : (this.verify(transactionalId, identity, where)[0] ?? 0)
    return error === ErrorCode.PRODUCER_FENCED ? ErrorCode.INVALID_PRODUCER_EPOCH : error
  }

  /**
   * Whether Produce may append a transactional batch: ErrorCode.NONE or the error. A client that speaks a version before 11 does not
   * know TRANSACTION_ABORTABLE and is told INVALID_TXN_STATE instead.
   */
  admit(batch: Admission): number {
    const error = this.join(batch)
    if (error === ErrorCode.CONCURRENT_TRANSACTIONS && batch.implicit) return error
    return TRY_AGAIN.has(error) ? ErrorCode.NOT_ENOUGH_REPLICAS : error
  }

  /** Commits or aborts. The markers follow; under transaction version 2 the client is somebody new from now on. */
  end(transactionalId: string, request: EndRequest): Identified {
    const transaction = this.find(transactionalId)
    if (transaction === undefined) return nobody(ErrorCode.INVALID_PRODUCER_ID_MAPPING)
    const verdict = endVerdict(transaction, request)
    if (verdict.type === 'error') return nobody(verdict.errorCode)
    if (verdict.type === 'end') {
      if (!this.#canKeep(transaction)) return nobody(ErrorCode.COORDINATOR_NOT_AVAILABLE)
      this.#end(transaction, request)
    }
    return request.version === 1 ? nobody(ErrorCode.NONE) : { errorCode: ErrorCode.NONE, ...transaction.successor }
  }

  get #now(): number {
    return this.#surroundings.clock.timestamp()
  }

  #homeOf(transactionalId: string): Partition | undefined {
    return coordinatorPartition(this.#surroundings.topics, 'transaction', transactionalId)
  }

  #create(transactionalId: string): Transaction | undefined {
    const home = this.#homeOf(transactionalId)
    if (home === undefined) return undefined
    const transaction = new Transaction({ transactionalId, home, producerId: this.newProducerId(home.leader), now: this.#now })
    this.#byId.set(transactionalId, transaction)
    return transaction
  }

  #identityOf({ producerId, producerEpoch, home }: Transaction, type: 'next' | 'same' | 'rotate'): ProducerIdentity {
    if (type === 'rotate') return { producerId: this.newProducerId(home.leader), producerEpoch: 0 }
    return { producerId, producerEpoch: type === 'next' ? producerEpoch + 1 : producerEpoch }
  }

  /** Whether what becomes of it would be written down safely. */
  #canKeep({ home }: Transaction): boolean {
    return isWritable(home, this.#surroundings)
  }

  #isForgotten({ state, updatedAt }: Transaction): boolean {
    const longest = Number(this.#surroundings.settings.configs['transactional.id.expiration.ms'] ?? A_WEEK)
    return TRANSACTION_STATES[state].expires === true && updatedAt <= this.#now - longest
  }

  /** From now on its time runs. */
  #limit(transaction: Transaction): void {
    const { home, timeoutMs } = transaction
    const over = concat(passed(this.#surroundings.clock, timeoutMs), whenWritable(home, this.#surroundings))
    this.#limits.set(transaction, over.subscribe({ complete: () => this.#shutOut(transaction) }))
  }

  /** Aborts what somebody else has begun, who can then neither go on nor end it. */
  #shutOut(transaction: Transaction): void {
    transaction.fence(this.#now)
    this.#end(transaction, { how: 'abort', version: this.#surroundings.settings.transactionVersion === 2 ? 2 : 1 })
  }

  #end(transaction: Transaction, { how, version }: Pick<EndRequest, 'how' | 'version'>): void {
    this.#limits.get(transaction)?.unsubscribe()
    this.#limits.delete(transaction)
    if (version === 1) transaction.prepare(how, this.#now)
    else transaction.prepareNextEpoch(how, this.#now, this.#successorOf(transaction))
    writeMarkers(transaction, how, this.#surroundings).subscribe({ complete: () => transaction.complete(how, this.#now) })
  }

  #successorOf({ producerEpoch, home }: Transaction): bigint {
    return isExhausted(producerEpoch) ? this.newProducerId(home.leader) : NO_PRODUCER_ID
  }
}

export const nobody = (errorCode: number): Identified => ({ errorCode, producerId: NO_PRODUCER_ID, producerEpoch: NO_EPOCH })

function errorOfHolder(transaction: Transaction | undefined, { producerId, producerEpoch }: ProducerIdentity): number {
  if (transaction?.producerId !== producerId) return ErrorCode.INVALID_PRODUCER_ID_MAPPING
  return transaction.producerEpoch === producerEpoch ? ErrorCode.NONE : ErrorCode.PRODUCER_FENCED
}
