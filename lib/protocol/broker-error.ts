/** From the number that a broker answers to an error that says what to do. */
import { BrokerError } from '../errors'
import { errorCodeFacts } from '../generated/error-codes'

/** What to do next, by Kafka's name of the error; errors that only time or the retry heals have none. */
const hints: Readonly<Record<string, string>> = {
  UNKNOWN_TOPIC_OR_PARTITION: 'create the topic, or allow the broker to (auto.create.topics.enable)',
  UNKNOWN_TOPIC_ID: 'the topic was deleted, perhaps made anew under the same name',
  INVALID_TOPIC_EXCEPTION: "a topic's name has 1 to 249 letters, digits, '.', '_' or '-'",
  LEADER_NOT_AVAILABLE: 'an election is under way, or no replica of the partition is alive',
  NOT_LEADER_OR_FOLLOWER: 'the leader has moved; metadata is refreshed',
  TOPIC_AUTHORIZATION_FAILED: 'ask for an ACL that allows this principal to WRITE and DESCRIBE the topic',
  CLUSTER_AUTHORIZATION_FAILED: 'ask for an ACL that allows this principal the operation on the cluster',
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: 'ask for an ACL that allows this principal to WRITE the transactional id',
  MESSAGE_TOO_LARGE: "make the record smaller, or raise the topic's max.message.bytes",
  RECORD_LIST_TOO_LARGE: "the batch is larger than the topic's segment.bytes: lower maxBatchSize",
  NOT_ENOUGH_REPLICAS: 'fewer replicas are in sync than min.insync.replicas asks for: bring brokers back, or lower it',
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: 'it was written, but to fewer replicas than min.insync.replicas asks for',
  INVALID_REQUIRED_ACKS: "acks is 0, 1 or 'all'",
  INVALID_TIMESTAMP: "the timestamp lies further from the broker's clock than message.timestamp.before.max.ms or .after.max.ms allows",
  INVALID_RECORD: 'the broker checks records of this topic: a compacted topic needs keys, and the timestamp must be plausible',
  UNSUPPORTED_COMPRESSION_TYPE: 'the broker is too old for this compression, or the topic does not allow it: choose another',
  UNSUPPORTED_FOR_MESSAGE_FORMAT: 'the topic keeps an old message format: upgrade its message.format.version',
  UNSUPPORTED_VERSION: 'broker and client share no version of this request: is the broker too old?',
  POLICY_VIOLATION: "the cluster's own policy forbids it: ask whoever runs it",
  KAFKA_STORAGE_ERROR: "a disk of the broker failed; see the broker's log",
  INVALID_REPLICATION_FACTOR: 'more replicas were asked for than there are brokers',
  INVALID_PARTITIONS: 'the number of partitions must be above 0, and may only grow',
  TOPIC_ALREADY_EXISTS: 'use it, or choose another name',
  SASL_AUTHENTICATION_FAILED: 'check username, password and mechanism',
  UNSUPPORTED_SASL_MECHANISM: 'the listener does not offer this mechanism (sasl.enabled.mechanisms)',
  ILLEGAL_SASL_STATE: 'the listener did not expect authentication: is it the right port?',
  SECURITY_DISABLED: 'the cluster has no authorizer',
  PRODUCER_FENCED: 'another producer with the same transactionalId has taken over',
  INVALID_PRODUCER_EPOCH: 'another producer with the same transactionalId may have taken over',
  UNKNOWN_PRODUCER_ID: 'the broker no longer knows this producer: its records are older than the retention',
  OUT_OF_ORDER_SEQUENCE_NUMBER: 'a batch before this one is missing in the log',
  THROTTLING_QUOTA_EXCEEDED: 'a quota is exhausted: send less, or ask for a higher one',
  UNKNOWN_SERVER_ERROR: "see the broker's log",
}

/**
 * The error for a broker's code. `what` says whose it is and begins the sentence: `Topic 'orders'`, `orders-3 on node 1`; `detail` is the
 * broker's own message, when it sent one. A code that this library does not know is an UNKNOWN_SERVER_ERROR that keeps its number.
 */
export function brokerError(errorCode: number, what: string, detail?: string | null): BrokerError {
  const facts = errorCodeFacts(errorCode)
  const sentence = [`${what}: ${facts.name} (${String(errorCode)})`, detail, hints[facts.name]]
  return new BrokerError(sentence.filter(Boolean).join(': '), facts)
}
