import { apis } from '../../../lib/generated/apis'
import { messages } from '../../../lib/generated/messages'
import type { MessageName } from '../../../lib/generated/messages'
import { handlers } from '../../../lib/testing/apis/all'
import { namedTopics } from '../../../lib/testing/faults/named-topics'

const topicId = '1f8KkO4NTRPaCWtEmm3vWw'

describe('namedTopics', () => {
  it.each([
    ['Produce', { topicData: [{ name: 't', partitionData: [{ index: 3, records: null }] }] }],
    ['Fetch', { topics: [{ topic: 't', partitions: [{ partition: 3, fetchOffset: 0n, partitionMaxBytes: 1 }] }] }],
    ['ListOffsets', { replicaId: -1, topics: [{ name: 't', partitions: [{ partitionIndex: 3, timestamp: 0n }] }] }],
    ['OffsetCommit', { topics: [{ name: 't', partitions: [{ partitionIndex: 3 }] }] }],
    ['OffsetFetch', { groups: [{ groupId: 'g', topics: [{ name: 't', partitionIndexes: [3] }] }] }],
    ['AddPartitionsToTxn', { v3AndBelowTopics: [{ name: 't', partitions: [3] }] }],
    ['AddPartitionsToTxn', { transactions: [{ topics: [{ name: 't', partitions: [3] }] }] }],
    ['TxnOffsetCommit', { topics: [{ name: 't', partitions: [{ partitionIndex: 3 }] }] }],
    ['OffsetForLeaderEpoch', { topics: [{ topic: 't', partitions: [{ partition: 3, leaderEpoch: 0 }] }] }],
  ])('finds topic and partition of %s', (_api, request) => {
    expect(namedTopics(request)).toEqual([{ name: 't', topicId: undefined, partitions: [3] }])
  })

  it.each([
    ['Metadata', { topics: [{ name: 't' }] }],
    ['CreateTopics', { topics: [{ name: 't', numPartitions: 1 }] }],
    ['CreatePartitions', { topics: [{ name: 't', count: 3 }] }],
    ['DeleteTopics', { topics: [], topicNames: ['t'] }],
    [
      'DescribeConfigs',
      {
        resources: [
          { resourceType: 2, resourceName: 't' },
          { resourceType: 4, resourceName: '1' },
        ],
      },
    ],
  ])('finds the topic of %s', (_api, request) => {
    expect(namedTopics(request)).toEqual([{ name: 't', topicId: undefined, partitions: undefined }])
  })

  it('gives the id where there is no name', () => {
    const request = { topics: [{ name: null, topicId }] }
    expect(namedTopics(request)).toEqual([{ name: undefined, topicId, partitions: undefined }])
  })

  it('tells a request for all topics from one for none', () => {
    expect(namedTopics({ topics: null })).toBeUndefined()
    expect(namedTopics({ groups: [{ groupId: 'g', topics: null }] })).toBeUndefined()
    expect(namedTopics({ topics: [] })).toEqual([])
    expect(namedTopics({ groupId: 'g' })).toEqual([])
  })

  /** Lists of a request that are of something else. */
  const OTHERS = new Set([
    'groups',
    'transactions',
    'resources',
    'members',
    'protocols',
    'assignments',
    'groupsNames',
    'keys',
    'coordinatorKeys',
  ])

  it('knows the name that every api of the cluster has for a list of topics', () => {
    const lists = [...handlers.values()].flatMap(({ api }) => {
      const { request } = apis[api]
      return Object.entries(messages[request as MessageName].create() as unknown as Record<string, unknown>)
        .filter(([name, value]) => (Array.isArray(value) || value === null) && /topic/i.test(name) && !OTHERS.has(name))
        .map(([name]) => [api, name] as const)
    })
    expect(lists.length).toBeGreaterThan(8)
    for (const [api, name] of lists) {
      const element = name === 'topicNames' ? 't' : { name: 't' }
      expect([api, name, namedTopics({ [name]: [element] })]).toEqual([api, name, [expect.objectContaining({ name: 't' })]])
    }
  })
})
