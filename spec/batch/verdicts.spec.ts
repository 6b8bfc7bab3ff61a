import { judge } from '../../lib/batch/verdicts'
import type { Verdict } from '../../lib/batch/verdicts'
import { errorCodes } from '../../lib/generated/error-codes'

/** What Kafka's own producer does, error by error (Sender, TransactionManager, Errors). */
const table: Readonly<Record<Exclude<Verdict, 'isolate'>, Readonly<Record<string, number>>>> = {
  retry: {
    CORRUPT_MESSAGE: 2,
    REQUEST_TIMED_OUT: 7,
    NOT_ENOUGH_REPLICAS: 19,
    NOT_ENOUGH_REPLICAS_AFTER_APPEND: 20,
    UNKNOWN_LEADER_EPOCH: 75,
    THROTTLING_QUOTA_EXCEEDED: 89,
  },
  refresh: {
    UNKNOWN_TOPIC_OR_PARTITION: 3,
    LEADER_NOT_AVAILABLE: 5,
    NOT_LEADER_OR_FOLLOWER: 6,
    REPLICA_NOT_AVAILABLE: 9,
    NETWORK_EXCEPTION: 13,
    KAFKA_STORAGE_ERROR: 56,
    FENCED_LEADER_EPOCH: 74,
    UNKNOWN_TOPIC_ID: 100,
    INCONSISTENT_TOPIC_ID: 103,
  },
  split: { MESSAGE_TOO_LARGE: 10 },
  fail: {
    UNKNOWN_SERVER_ERROR: -1,
    INVALID_TOPIC_EXCEPTION: 17,
    RECORD_LIST_TOO_LARGE: 18,
    INVALID_REQUIRED_ACKS: 21,
    TOPIC_AUTHORIZATION_FAILED: 29,
    INVALID_TIMESTAMP: 32,
    UNSUPPORTED_FOR_MESSAGE_FORMAT: 43,
    POLICY_VIOLATION: 44,
    INVALID_PRODUCER_EPOCH: 47,
    INVALID_TXN_STATE: 48,
    UNSUPPORTED_COMPRESSION_TYPE: 76,
    INVALID_RECORD: 87,
  },
  resequence: { OUT_OF_ORDER_SEQUENCE_NUMBER: 45, UNKNOWN_PRODUCER_ID: 59 },
  duplicate: { DUPLICATE_SEQUENCE_NUMBER: 46 },
  fatal: {
    CLUSTER_AUTHORIZATION_FAILED: 31,
    UNSUPPORTED_VERSION: 35,
    INVALID_PRODUCER_ID_MAPPING: 49,
    TRANSACTIONAL_ID_AUTHORIZATION_FAILED: 53,
    PRODUCER_FENCED: 90,
  },
}

const rows = Object.entries(table).flatMap(([verdict, errors]) =>
  Object.entries(errors).map(([name, code]) => [name, code, verdict] as const),
)

describe('the verdict on an error of a Produce answer', () => {
  it.each(rows)('%s (%i): %s', (name, code, verdict) => {
    expect(errorCodes.find(({ errorCode }) => errorCode === code)?.name).toBe(name)
    expect(judge(code).verdict).toBe(verdict)
  })

  it('on one that this version does not know is to fail, as for an unknown server error', () => {
    expect([judge(9999).verdict, judge(-77).verdict]).toEqual(['fail', 'fail'])
  })

  it.each([
    ['a broker answers that only before it appends', [2, 10, 17, 18, 19, 29, 45, 87, 100], false],
    ['a broker answers that also after it has appended', [-1, 3, 6, 7, 20, 56], true],
  ])('leaves open whether the batch is in the log when %s', (_when, codes, doubtful) => {
    expect(codes.map((code) => judge(code).doubtful)).toEqual(codes.map(() => doubtful))
  })
})
