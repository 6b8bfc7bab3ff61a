/** What each field of an answer is compared as; whatever is not named here must be equal, in the same order. */
import type { ApiName } from '../../../../lib/generated/apis'

export interface Rule {
  readonly api: ApiName
  /** With `[]` for every index. */
  readonly path: string
}

/** Values that differ by nature and are kept one to one, by what they name. */
export interface BoundField extends Rule {
  readonly kind: BoundKind
}

export type BoundKind = 'cluster id' | 'host' | 'port' | 'topic id' | 'producer id' | 'member id' | 'session id'

/** An array whose order means nothing: Kafka's comes out of a hash map, or says which order in no word. */
export interface UnorderedField extends Rule {
  /** The field that tells its elements apart, bound or not; the next one where it is empty. None: its elements are plain values. */
  readonly key: readonly string[]
}

const bound = (kind: BoundKind, fields: Readonly<Partial<Record<ApiName, readonly string[]>>>): BoundField[] =>
  Object.entries(fields).flatMap(([api, paths]) => paths.map((path) => ({ kind, api: api as ApiName, path })))

export const BOUND: readonly BoundField[] = [
  ...bound('cluster id', { Metadata: ['clusterId'], DescribeCluster: ['clusterId'] }),
  ...bound('host', { Metadata: ['brokers[].host'], DescribeCluster: ['brokers[].host'], FindCoordinator: ['host', 'coordinators[].host'] }),
  ...bound('port', { Metadata: ['brokers[].port'], DescribeCluster: ['brokers[].port'], FindCoordinator: ['port', 'coordinators[].port'] }),
  ...bound('topic id', {
    Metadata: ['topics[].topicId'],
    CreateTopics: ['topics[].topicId'],
    DeleteTopics: ['responses[].topicId'],
    DescribeTopicPartitions: ['topics[].topicId'],
    Produce: ['responses[].topicId'],
    Fetch: ['responses[].topicId'],
    OffsetCommit: ['topics[].topicId'],
    OffsetFetch: ['groups[].topics[].topicId'],
    TxnOffsetCommit: ['topics[].topicId'],
  }),
  ...bound('producer id', {
    InitProducerId: ['producerId'],
    EndTxn: ['producerId'],
    DescribeTransactions: ['transactionStates[].producerId'],
    ListTransactions: ['transactionStates[].producerId'],
    Fetch: ['responses[].partitions[].abortedTransactions[].producerId', 'responses[].partitions[].records.batches[].producerId'],
  }),
  ...bound('session id', { Fetch: ['sessionId'] }),
  ...bound('member id', {
    JoinGroup: ['memberId', 'leader', 'members[].memberId'],
    LeaveGroup: ['members[].memberId'],
    DescribeGroups: ['groups[].members[].memberId'],
  }),
]

export const UNORDERED: readonly UnorderedField[] = [
  { api: 'ApiVersions', path: 'apiKeys', key: ['apiKey'] },
  { api: 'ApiVersions', path: 'supportedFeatures', key: ['name'] },
  { api: 'ApiVersions', path: 'finalizedFeatures', key: ['name'] },
  { api: 'Metadata', path: 'topics', key: ['name', 'topicId'] },
  { api: 'Metadata', path: 'topics[].partitions', key: ['partitionIndex'] },
  { api: 'Produce', path: 'responses', key: ['name', 'topicId'] },
  { api: 'Produce', path: 'responses[].partitionResponses', key: ['index'] },
  { api: 'DescribeConfigs', path: 'results[].configs', key: ['name'] },
  { api: 'CreateTopics', path: 'topics[].configs', key: ['name'] },
  { api: 'JoinGroup', path: 'members', key: ['metadata'] },
  { api: 'DescribeGroups', path: 'groups[].members', key: ['groupInstanceId', 'clientId'] },
  { api: 'ListTransactions', path: 'transactionStates', key: ['transactionalId'] },
  { api: 'ListConfigResources', path: 'configResources', key: ['resourceName'] },
  { api: 'ListGroups', path: 'groups', key: ['groupId'] },
  { api: 'ListOffsets', path: 'topics', key: ['name'] },
  { api: 'ListOffsets', path: 'topics[].partitions', key: ['partitionIndex'] },
  { api: 'OffsetCommit', path: 'topics', key: ['name', 'topicId'] },
  { api: 'OffsetCommit', path: 'topics[].partitions', key: ['partitionIndex'] },
  { api: 'OffsetFetch', path: 'topics', key: ['name'] },
  { api: 'OffsetFetch', path: 'topics[].partitions', key: ['partitionIndex'] },
  { api: 'OffsetFetch', path: 'groups[].topics', key: ['name', 'topicId'] },
  { api: 'OffsetFetch', path: 'groups[].topics[].partitions', key: ['partitionIndex'] },
  { api: 'DeleteRecords', path: 'topics', key: ['name'] },
  { api: 'OffsetDelete', path: 'topics[].partitions', key: ['partitionIndex'] },
  { api: 'DescribeTransactions', path: 'transactionStates[].topics', key: ['topic'] },
  { api: 'DescribeTransactions', path: 'transactionStates[].topics[].partitions', key: [] },
  { api: 'AddPartitionsToTxn', path: 'resultsByTopicV3AndBelow', key: ['name'] },
  { api: 'AddPartitionsToTxn', path: 'resultsByTopicV3AndBelow[].resultsByPartition', key: ['partitionIndex'] },
  { api: 'AddPartitionsToTxn', path: 'resultsByTransaction[].topicResults', key: ['name'] },
  { api: 'AddPartitionsToTxn', path: 'resultsByTransaction[].topicResults[].resultsByPartition', key: ['partitionIndex'] },
  { api: 'CreatePartitions', path: 'results', key: ['name'] },
  { api: 'DeleteTopics', path: 'responses', key: ['name', 'topicId'] },
]

/** Counters that each side counts in its own way: none on both sides, or never less than before. */
export const GROWING: readonly Rule[] = [{ api: 'ApiVersions', path: 'finalizedFeaturesEpoch' }]

/** When a broker appended: each must have been within the run, and within a moment of the other. */
export const APPEND_TIMES: readonly Rule[] = [
  { api: 'Produce', path: 'responses[].partitionResponses[].logAppendTimeMs' },
  { api: 'Fetch', path: 'responses[].partitions[].records.batches[].baseTimestamp' },
  { api: 'Fetch', path: 'responses[].partitions[].records.batches[].maxTimestamp' },
  { api: 'DescribeTransactions', path: 'transactionStates[].transactionStartTimeMs' },
  { api: 'Fetch', path: 'responses[].partitions[].records.batches[].records[].timestamp' },
  { api: 'ListOffsets', path: 'topics[].partitions[].timestamp' },
]
