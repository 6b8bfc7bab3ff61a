/**
 * OffsetForLeaderEpoch 2–4. Where the log of a leader epoch ends: how a consumer finds out that the log was cut off behind it (KIP-320).
 *
 * - The largest epoch that is known and not beyond the one that is asked for; −1 and −1 when nothing is known of it.
 * - Only the leader answers; the client's leader epoch is checked. Neither stricter nor laxer than Kafka, but for authorization.
 */
import { ErrorCode } from '../../generated/error-codes'
import { OffsetForLeaderEpochRequest } from '../../generated/messages/OffsetForLeaderEpochRequest'
import type { OffsetForLeaderPartition } from '../../generated/messages/OffsetForLeaderEpochRequest'
import { OffsetForLeaderEpochResponse } from '../../generated/messages/OffsetForLeaderEpochResponse'
import type { EpochEndOffsetInput } from '../../generated/messages/OffsetForLeaderEpochResponse'
import { handler } from '../broker/handler'
import type { Ask } from '../broker/handler'
import { leaderError } from './leader-epoch'

export const offsetForLeaderEpoch = handler(
  { request: OffsetForLeaderEpochRequest, response: OffsetForLeaderEpochResponse },
  (request, ask) => {
    const topics = request.topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map((asked) => answer(topic, asked, ask)),
    }))
    return { throttleTimeMs: 0, topics }
  },
)

function answer(
  topic: string,
  { partition: index, currentLeaderEpoch, leaderEpoch }: OffsetForLeaderPartition,
  ask: Ask,
): EpochEndOffsetInput {
  const partition = ask.cluster.partition(topic, index)
  const ordered = ask.errorFor(topic, index)
  if (ordered !== ErrorCode.NONE) return refused(index, ordered)
  if (partition === undefined) return refused(index, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
  const errorCode = leaderError(partition, ask.node.id, currentLeaderEpoch)
  if (errorCode !== ErrorCode.NONE) return refused(index, errorCode)
  const { epoch, endOffset } = partition.log.epochs.endOf(leaderEpoch, partition.log.endOffset)
  return { partition: index, errorCode, leaderEpoch: epoch, endOffset }
}

const refused = (partition: number, errorCode: number): EpochEndOffsetInput => ({ partition, errorCode, leaderEpoch: -1, endOffset: -1n })
