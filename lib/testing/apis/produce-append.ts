/** The moment at which a leader takes a batch, or does not: replicas, rules of the topic, sequence numbers, in this order. */
import { ErrorCode } from '../../generated/error-codes'
import type { Ask } from '../broker/handler'
import { judgeBatch } from '../state/log/batch-judge'
import { timestampTypeOf } from '../state/log/batch-stamp'
import type { Appended, Partition } from '../state/partition'
import type { Candidate } from './produce-entries'
import { refusal, success } from './produce-outcome'
import type { Outcome } from './produce-outcome'
import { topicBatchRules } from './topic-batch-rules'

export const ACKS_ALL = -1

/** Kafka's own tools may write into internal topics. */
const ADMIN_CLIENT = '__admin_client'

/** Errors with which Kafka does not say where the log begins. */
const SILENT: ReadonlySet<number> = new Set([ErrorCode.MESSAGE_TOO_LARGE, ErrorCode.RECORD_LIST_TOO_LARGE, ErrorCode.CORRUPT_MESSAGE])

export function appendBatch({ topic, partition, batch }: Candidate, acks: number, ask: Ask): Outcome {
  const { log } = partition
  if (topic.isInternal && ask.clientId !== ADMIN_CLIENT) return refusal(ErrorCode.INVALID_TOPIC_EXCEPTION)
  if (partition.leader !== ask.node.id) return refusal(ErrorCode.NOT_LEADER_OR_FOLLOWER)
  const told = { logStartOffset: log.startOffset }
  if (acks === ACKS_ALL && partition.isr.length < partition.minIsr) return refusal(ErrorCode.NOT_ENOUGH_REPLICAS, told)
  const judged = judgeBatch(batch, topicBatchRules(ask.cluster, topic))
  if (judged.type === 'refused') return refusal(judged.errorCode, { ...judged, ...(SILENT.has(judged.errorCode) ? {} : told) })
  return outcomeOf(partition.append(judged.bytes, { time: judged.time }), partition, ask)
}

function outcomeOf(appended: Appended, partition: Partition, { cluster }: Ask): Outcome {
  const { topic, index, log } = partition
  const logStartOffset = log.startOffset
  switch (appended.type) {
    case 'refused':
      return refusal(appended.errorCode, { logStartOffset })
    case 'duplicate':
      // Kafka gives the time of the records here even where they carry their own.
      return success({ ...appended, logAppendTimeMs: appended.timestamp, logStartOffset })
    case 'appended': {
      const { lastOffset, header } = appended.batch
      const { baseOffset, maxTimestamp, recordCount, size } = header
      cluster.appended$.next({ topic, partition: index, records: recordCount, bytes: size, baseOffset })
      const logAppendTimeMs = timestampTypeOf(header) === 'append' ? maxTimestamp : -1
      return success({ baseOffset, lastOffset, logAppendTimeMs, logStartOffset })
    }
  }
}
