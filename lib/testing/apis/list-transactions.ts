/**
 * ListTransactions 0–2. The transactional ids that this broker coordinates, as filtered: by state, by producer id, from 1 on by how long
 * ago they began, from 2 on by a pattern (KIP-1152).
 *
 * - States that are none are named in the answer, and filter by themselves: a request that names nothing else finds nothing.
 * - An id without a transaction began a millisecond before 1970, so that any duration finds it: as in Kafka.
 * - The pattern is read as a regular expression of JavaScript; Kafka reads it as one of Java. INVALID_REGULAR_EXPRESSION for what is none.
 */
import { ErrorCode } from '../../generated/error-codes'
import { ListTransactionsRequest } from '../../generated/messages/ListTransactionsRequest'
import { ListTransactionsResponse } from '../../generated/messages/ListTransactionsResponse'
import { handler } from '../broker/handler'
import type { Ask } from '../broker/handler'
import type { Transaction } from '../state/transactions/transaction'
import { isTransactionState } from '../state/transactions/transaction-states'

export const listTransactions = handler({ request: ListTransactionsRequest, response: ListTransactionsResponse }, (request, ask) => {
  const { stateFilters, transactionalIdPattern } = request
  const pattern = patternOf(transactionalIdPattern ?? '')
  const errorCode = pattern === undefined ? ErrorCode.INVALID_REGULAR_EXPRESSION : ask.errorFor()
  if (pattern === undefined || errorCode !== ErrorCode.NONE)
    return { throttleTimeMs: 0, errorCode, unknownStateFilters: [], transactionStates: [] }
  const found = ask.cluster.transactions.all.filter((each) => each.home.leader === ask.node.id && isAskedFor(each, request, ask))
  return {
    throttleTimeMs: 0,
    errorCode,
    unknownStateFilters: stateFilters.filter((name) => !isTransactionState(name)),
    transactionStates: found
      .filter(({ transactionalId }) => pattern.test(transactionalId))
      .map(({ transactionalId, producerId, state }) => ({ transactionalId, producerId, transactionState: state })),
  }
})

/** Matches the whole of an id, and any id when there is no pattern. Undefined when it is no pattern. */
function patternOf(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern === '' ? '' : `^(?:${pattern})$`, 'su')
  } catch {
    return undefined
  }
}

function isAskedFor({ state, producerId, startedAt }: Transaction, request: ListTransactionsRequest, { cluster }: Ask): boolean {
  const { stateFilters, producerIdFilters, durationFilter } = request
  const isShort = durationFilter >= 0n && BigInt(cluster.clock.timestamp() - startedAt) <= durationFilter
  const isOfState = stateFilters.length === 0 || stateFilters.includes(state)
  return isOfState && !isShort && (producerIdFilters.length === 0 || producerIdFilters.includes(producerId))
}
