/**
 * EndTxn 0–5. Commits or aborts a transaction; the markers are written after the answer.
 *
 * - Until 4 (transaction versions 0 and 1) the epoch stays. From 5 on (version 2, KIP-890) it grows with each end, and the answer names
 *   the identity that the producer goes on with: after the last epoch, a new producer id. Which it is goes by the version of the
 *   request alone, whatever the cluster's own transaction version is: so does Kafka.
 * - Asked for once more by one who missed the answer, it is answered as before. While the markers are written: CONCURRENT_TRANSACTIONS.
 * - Before 2, INVALID_PRODUCER_EPOCH stands for PRODUCER_FENCED.
 * - Stricter, laxer: nothing.
 */
import { ErrorCode } from '../../generated/error-codes'
import { EndTxnRequest } from '../../generated/messages/EndTxnRequest'
import { EndTxnResponse } from '../../generated/messages/EndTxnResponse'
import { handler } from '../broker/handler'
import type { Ask } from '../broker/handler'
import { nobody } from '../state/transactions/transactions'
import type { Identified } from '../state/transactions/transactions'
import { fencedSince, refusalOf } from './transaction-coordinator'

const FENCED_SINCE = 2
/** The first version that ends an epoch with each transaction. */
const NEXT_EPOCH_SINCE = 5

export const endTxn = handler({ request: EndTxnRequest, response: EndTxnResponse }, (request, ask) => ({
  ...end(request, ask),
  throttleTimeMs: 0,
}))

function end({ transactionalId, producerId, producerEpoch, committed }: EndTxnRequest, ask: Ask): Identified {
  const refusal = refusalOf(transactionalId, ask)
  if (refusal !== ErrorCode.NONE) return nobody(refusal)
  const version = ask.version >= NEXT_EPOCH_SINCE ? 2 : 1
  const how = committed ? 'commit' : 'abort'
  const { errorCode, ...identity } = ask.cluster.transactions.end(transactionalId, { producerId, producerEpoch, how, version })
  return { errorCode: fencedSince(FENCED_SINCE, ask, errorCode), ...identity }
}
