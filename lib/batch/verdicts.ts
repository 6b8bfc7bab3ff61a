/**
 * What the error of a partition in a Produce answer means for its batch.
 *
 *   retry       send it again after a pause
 *   refresh     the same, and ask for metadata: this broker does not lead the partition, or does not know it
 *   split       send its records again in smaller batches; a record alone fails
 *   isolate     the records that it names fail, the others are sent again; an answer says so, and no code
 *   resequence  the log misses what is in front of it: send it again, maybe under another number
 *   duplicate   the log has it already: delivered
 *   fatal       of an idempotent producer nothing will be taken any more; else it fails
 *   fail        its records fail
 */
import { errorCodeFacts } from '../generated/error-codes'

export type Verdict = 'retry' | 'refresh' | 'split' | 'isolate' | 'resequence' | 'duplicate' | 'fatal' | 'fail'

export interface Judgement {
  readonly verdict: Verdict
  /** The answer does not prove that the batch was not appended. */
  readonly doubtful: boolean
}

/**
 * Where the error's class does not say it all, by Kafka's names. In doubt is what a broker also answers after it has appended: when
 * replicas are slow, or the partition moved away or its disk failed while it waited for them (DelayedProduce).
 */
const TABLE: Readonly<Record<string, Partial<Judgement>>> = {
  UNKNOWN_SERVER_ERROR: { doubtful: true },
  UNKNOWN_TOPIC_OR_PARTITION: { doubtful: true },
  LEADER_NOT_AVAILABLE: { doubtful: true },
  NOT_LEADER_OR_FOLLOWER: { doubtful: true },
  REQUEST_TIMED_OUT: { doubtful: true },
  REPLICA_NOT_AVAILABLE: { doubtful: true },
  NETWORK_EXCEPTION: { doubtful: true },
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: { doubtful: true },
  KAFKA_STORAGE_ERROR: { doubtful: true },
  FENCED_LEADER_EPOCH: { doubtful: true },
  MESSAGE_TOO_LARGE: { verdict: 'split' },
  OUT_OF_ORDER_SEQUENCE_NUMBER: { verdict: 'resequence' },
  UNKNOWN_PRODUCER_ID: { verdict: 'resequence' },
  DUPLICATE_SEQUENCE_NUMBER: { verdict: 'duplicate' },
  CLUSTER_AUTHORIZATION_FAILED: { verdict: 'fatal' },
  UNSUPPORTED_VERSION: { verdict: 'fatal' },
  INVALID_PRODUCER_ID_MAPPING: { verdict: 'fatal' },
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: { verdict: 'fatal' },
  PRODUCER_FENCED: { verdict: 'fatal' },
}

export function judge(errorCode: number): Judgement {
  const { name, retriable, invalidMetadata } = errorCodeFacts(errorCode)
  const byClass = invalidMetadata ? 'refresh' : retriable ? 'retry' : 'fail'
  return { verdict: byClass, doubtful: false, ...TABLE[name] }
}
