/**
 * Asks the coordinator before a transactional batch begins a transaction in a partition (KIP-890). Once the transaction has records
 * there, nobody needs to be asked.
 *
 * From Produce 12 on the batch itself joins its partition to the transaction; while the transaction before it is still being ended, the
 * broker tries again for a moment instead of sending the client away.
 */
import { Observable, of } from 'rxjs'
import { ErrorCode } from '../../generated/error-codes'
import type { Ask } from '../broker/handler'
import type { BatchProducer } from '../state/log/batch-stamp'
import { brokerConfig, brokerNumber } from '../state/configs/configs'
import type { Candidate } from './produce-entries'
import { refusal } from './produce-outcome'
import type { Outcome } from './produce-outcome'

/** A batch joins its partition to the transaction. */
const IMPLICIT = 12
/** Clients know TRANSACTION_ABORTABLE. */
const WITH_ABORTABLE = 11

/** Those that may not be appended, and why. */
export type Refusals = ReadonlyMap<Candidate, Outcome>

interface Transactional extends Candidate {
  readonly transactional: BatchProducer
}

const NONE: Refusals = new Map()

const MESSAGES: ReadonlyMap<number, string> = new Map([
  [ErrorCode.INVALID_TXN_STATE, 'The partition is not part of the transaction'],
  [ErrorCode.NOT_ENOUGH_REPLICAS, 'The coordinator could not say whether the partition is part of the transaction'],
])

const isTransactional = (candidate: Candidate): candidate is Transactional => candidate.transactional !== undefined

/** Whether batches of more than one producer are to go into the same transaction. */
export function hasSeveralProducers(candidates: readonly Candidate[]): boolean {
  const names = candidates
    .filter(isTransactional)
    .map(({ transactional: { producerId, producerEpoch } }) => `${String(producerId)} ${String(producerEpoch)}`)
  return new Set(names).size > 1
}

export function admissions(candidates: readonly Candidate[], transactionalId: string | null, ask: Ask): Observable<Refusals> {
  const transactional = candidates.filter(isTransactional)
  if (transactional.length === 0 || transactionalId === null || !isVerified(ask)) return of(NONE)
  const { clock } = ask.cluster
  const patience = Math.min(
    brokerNumber(ask.cluster, 'add.partitions.to.txn.retry.backoff.max.ms'),
    brokerNumber(ask.cluster, 'request.timeout.ms'),
  )
  const backoff = brokerNumber(ask.cluster, 'add.partitions.to.txn.retry.backoff.ms')

  return new Observable((subscriber) => {
    const deadline = clock.now() + patience
    let cancel = (): void => undefined
    const attempt = (): void => {
      const refused = refusalsOf(transactional, transactionalId, ask)
      if (isWorthAnotherTry(refused, ask) && clock.now() < deadline) {
        cancel = clock.schedule(backoff, attempt)
        return
      }
      subscriber.next(refused)
      subscriber.complete()
    }
    attempt()
    return () => cancel()
  })
}

const isVerified = ({ version, cluster }: Ask): boolean =>
  version >= IMPLICIT || brokerConfig(cluster, 'transaction.partition.verification.enable') === 'true'

const isWorthAnotherTry = (refused: Refusals, { version }: Ask): boolean =>
  version >= IMPLICIT && [...refused.values()].some(({ errorCode }) => errorCode === ErrorCode.CONCURRENT_TRANSACTIONS)

const refusalsOf = (candidates: readonly Transactional[], transactionalId: string, ask: Ask): Refusals =>
  new Map(
    candidates.flatMap((candidate) => {
      const errorCode = errorOf(candidate, transactionalId, ask)
      return errorCode === ErrorCode.NONE ? [] : [[candidate, refusal(errorCode, { errorMessage: MESSAGES.get(errorCode) ?? null })]]
    }),
  )

function errorOf({ topic, partition, transactional }: Transactional, transactionalId: string, ask: Ask): number {
  if (partition.leader !== ask.node.id) return ErrorCode.NOT_LEADER_OR_FOLLOWER
  if (partition.isFenced(transactional)) return ErrorCode.INVALID_PRODUCER_EPOCH
  if (partition.hasOpenTransaction(transactional)) return ErrorCode.NONE
  const implicit = ask.version >= IMPLICIT
  partition.awaitAdmission(transactional, { implicit })
  const { producerId, producerEpoch } = transactional
  const where = { topic: topic.name, partition: partition.index }
  const error = ask.cluster.transactions.admit({ transactionalId, producerId, producerEpoch, implicit, ...where })
  return error === ErrorCode.TRANSACTION_ABORTABLE && ask.version < WITH_ABORTABLE ? ErrorCode.INVALID_TXN_STATE : error
}
