/**
 * Where the cluster in the process answers otherwise than Apache Kafka 4.4.0, and means to. A row is one field of one api, with both
 * answers; a row that no answer needed fails the suite.
 */
import { apis } from '../../../lib/generated/apis'
import type { ApiName } from '../../../lib/generated/apis'
import type { AcceptedDifference, OwnWords } from './support/judge'

/** What no producer and no consumer of classic groups asks. */
const NOT_SPOKEN: readonly ApiName[] = [
  'WriteTxnMarkers',
  'DescribeAcls',
  'CreateAcls',
  'DeleteAcls',
  'AlterConfigs',
  'AlterReplicaLogDirs',
  'DescribeLogDirs',
  'CreateDelegationToken',
  'RenewDelegationToken',
  'ExpireDelegationToken',
  'DescribeDelegationToken',
  'ElectLeaders',
  'AlterPartitionReassignments',
  'ListPartitionReassignments',
  'DescribeClientQuotas',
  'AlterClientQuotas',
  'DescribeUserScramCredentials',
  'AlterUserScramCredentials',
  'DescribeQuorum',
  'UpdateFeatures',
  'DescribeProducers',
  'UnregisterBroker',
  'ConsumerGroupHeartbeat',
  'ConsumerGroupDescribe',
  'ShareGroupHeartbeat',
  'ShareGroupDescribe',
  'ShareFetch',
  'ShareAcknowledge',
  'AddRaftVoter',
  'RemoveRaftVoter',
  'InitializeShareGroupState',
  'ReadShareGroupState',
  'WriteShareGroupState',
  'DeleteShareGroupState',
  'ReadShareGroupStateSummary',
  'StreamsGroupHeartbeat',
  'StreamsGroupDescribe',
  'DescribeShareGroupOffsets',
  'AlterShareGroupOffsets',
  'DeleteShareGroupOffsets',
  'StreamsGroupTopologyDescriptionUpdate',
  'UnregisterController',
]

/** They come with apis that are not spoken. */
const FEATURES = ['group.version', 'share.version', 'streams.version']

const lacks = (path: string, versions: readonly [number, number], reason: string): AcceptedDifference => ({
  ...{ api: 'ApiVersions', versions, path, reason },
  ...{ theirs: 'there', ours: undefined },
})

const emptied = (field: string, theirs: AcceptedDifference['theirs'], ours: AcceptedDifference['ours']): readonly AcceptedDifference[] => [
  {
    ...{ api: 'ListOffsets', versions: [11, 11], path: `topics[].partitions[].${field}`, theirs, ours },
    reason: 'The latest record of a log whose records were all deleted: Kafka still names one from before its beginning.',
  },
]

export const ACCEPTED: readonly AcceptedDifference[] = [
  {
    ...{ api: 'Heartbeat', versions: [4, 4], path: '(outcome)' },
    ...{ theirs: 'answered 000000010000000000001900', ours: 'closed' },
    reason: 'Text that is no UTF-8 is refused by our codecs; Kafka reads a replacement for each byte that is none.',
  },
  ...emptied('timestamp', 1_700_000_000_023n, -1n),
  ...emptied('offset', 23n, -1n),
  ...emptied('leaderEpoch', 0, -1),
  ...NOT_SPOKEN.map((name) => lacks(`apiKeys[${apis[name].apiKey}]`, [0, 5], `${name} is not spoken`)),
  ...FEATURES.map((name) => lacks(`supportedFeatures[${name}]`, [4, 5], `${name} belongs to apis that are not spoken`)),
  ...FEATURES.map((name) => lacks(`finalizedFeatures[${name}]`, [3, 5], `${name} belongs to apis that are not spoken`)),
]

const ownWords = (api: ApiName, versions: readonly [number, number], path: string): OwnWords => ({ api, versions, path, reason: OURS })

const OURS = 'A text for people, in words of our own.'

export const OWN_WORDS: readonly OwnWords[] = [
  ownWords('Produce', [8, 13], 'responses[].partitionResponses[].recordErrors[].batchIndexErrorMessage'),
  ownWords('Produce', [8, 13], 'responses[].partitionResponses[].errorMessage'),
  ownWords('CreateTopics', [2, 7], 'topics[].errorMessage'),
  ownWords('CreatePartitions', [0, 3], 'results[].errorMessage'),
  ownWords('DeleteTopics', [5, 6], 'responses[].errorMessage'),
  ownWords('DescribeConfigs', [1, 4], 'results[].errorMessage'),
  ownWords('IncrementalAlterConfigs', [0, 1], 'responses[].errorMessage'),
  ownWords('FindCoordinator', [1, 3], 'errorMessage'),
  ownWords('FindCoordinator', [4, 6], 'coordinators[].errorMessage'),
  ownWords('SaslAuthenticate', [0, 2], 'errorMessage'),
  ownWords('DescribeCluster', [1, 2], 'errorMessage'),
]
