/**
 * AddOffsetsToTxn 0–4. Takes a group's offsets into a transaction, before they are committed in it (transaction versions 0 and 1):
 * into it goes the partition of `__consumer_offsets` that the group belongs to.
 *
 * - Before 2, INVALID_PRODUCER_EPOCH stands for PRODUCER_FENCED.
 * - Whether the group is there is not looked at, as in Kafka. Stricter, laxer: nothing.
 */
import { ErrorCode } from '../../generated/error-codes'
import { AddOffsetsToTxnRequest } from '../../generated/messages/AddOffsetsToTxnRequest'
import { AddOffsetsToTxnResponse } from '../../generated/messages/AddOffsetsToTxnResponse'
import { handler } from '../broker/handler'
import { fencedSince, partitionOfOffsets, refusalOf } from './transaction-coordinator'

const FENCED_SINCE = 2

export const addOffsetsToTxn = handler({ request: AddOffsetsToTxnRequest, response: AddOffsetsToTxnResponse }, (request, ask) => {
  const { transactionalId, groupId, producerId, producerEpoch } = request
  const refusal = refusalOf(transactionalId, ask)
  if (refusal !== ErrorCode.NONE) return { throttleTimeMs: 0, errorCode: refusal }
  const errorCode = ask.cluster.transactions.add(transactionalId, { producerId, producerEpoch }, [partitionOfOffsets(groupId, ask)])
  return { throttleTimeMs: 0, errorCode: fencedSince(FENCED_SINCE, ask, errorCode) }
})
