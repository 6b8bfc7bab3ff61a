/**
 * InitProducerId 0–5. Gives a producer its id and epoch.
 *
 * - Without a transactional id: a new producer id each time, at epoch 0; each broker counts through blocks of its own.
 * - With one: the next epoch of its producer id. Whoever had the id before is shut out, and a transaction that he left open is aborted
 *   first: CONCURRENT_TRANSACTIONS until that is done. From 3 on a producer may say who it believes to be (KIP-360), and is told when
 *   somebody else took over: PRODUCER_FENCED, before 4 INVALID_PRODUCER_EPOCH. When the epochs are used up, a new producer id.
 * - Version 6 (two-phase commit) is not stable in Kafka 4.4, whose brokers end the connection: so here.
 * - Stricter: nothing. Laxer: a broker never lacks producer ids (COORDINATOR_LOAD_IN_PROGRESS while Kafka's fetches a block).
 */
import { ErrorCode } from '../../generated/error-codes'
import { InitProducerIdRequest } from '../../generated/messages/InitProducerIdRequest'
import { InitProducerIdResponse } from '../../generated/messages/InitProducerIdResponse'
import { handler } from '../broker/handler'
import type { Ask } from '../broker/handler'
import { brokerNumber } from '../state/configs/configs'
import { NO_EPOCH, NO_PRODUCER_ID } from '../state/transactions/transaction'
import { nobody } from '../state/transactions/transactions'
import type { Identified, InitialiseRequest } from '../state/transactions/transactions'
import { fencedSince, refusalOf } from './transaction-coordinator'

const FENCED_SINCE = 4

export const initProducerId = handler({ request: InitProducerIdRequest, response: InitProducerIdResponse }, (request, ask) => ({
  ...identify(request, ask),
  throttleTimeMs: 0,
}))

function identify(request: InitProducerIdRequest, ask: Ask): Identified {
  const { transactionalId, transactionTimeoutMs: timeoutMs, producerId, producerEpoch } = request
  if ((producerId === NO_PRODUCER_ID) !== (producerEpoch === NO_EPOCH)) return nobody(ErrorCode.INVALID_REQUEST)
  const expected = producerId === NO_PRODUCER_ID ? undefined : { producerId, producerEpoch }
  return transactionalId === null ? idempotent(ask) : transactional({ transactionalId, timeoutMs, expected }, ask)
}

function idempotent(ask: Ask): Identified {
  const errorCode = ask.errorFor()
  if (errorCode !== ErrorCode.NONE) return nobody(errorCode)
  return { errorCode, producerId: ask.cluster.transactions.newProducerId(ask.node.id), producerEpoch: 0 }
}

function transactional(request: InitialiseRequest, ask: Ask): Identified {
  if (request.transactionalId === '') return nobody(ErrorCode.INVALID_REQUEST)
  const longest = brokerNumber(ask.cluster, 'transaction.max.timeout.ms')
  if (request.timeoutMs <= 0 || request.timeoutMs > longest) return nobody(ErrorCode.INVALID_TRANSACTION_TIMEOUT)
  const refusal = refusalOf(request.transactionalId, ask)
  if (refusal !== ErrorCode.NONE) return nobody(refusal)
  const { errorCode, ...identity } = ask.cluster.transactions.initialise(request)
  return { errorCode: fencedSince(FENCED_SINCE, ask, errorCode), ...identity }
}
