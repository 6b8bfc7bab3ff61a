import { ErrorCode } from '../../../lib/generated/error-codes'
import { DescribeTopicPartitionsRequest } from '../../../lib/generated/messages/DescribeTopicPartitionsRequest'
import { DescribeTopicPartitionsResponse } from '../../../lib/generated/messages/DescribeTopicPartitionsResponse'
import type { TestClusterOptions } from '../../../lib/testing/settings'
import { administrated, nameOf } from '../support/admin'

interface Asked {
  readonly names?: readonly string[]
  readonly limit?: number
  readonly from?: readonly [topicName: string, partitionIndex: number]
}

function asking(options: TestClusterOptions = {}) {
  const { ask, ...rest } = administrated({ topics: { b: 3, a: 2, c: 1 }, ...options })
  const page = ({ names = [], limit = 100, from }: Asked = {}) =>
    ask(DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse, {
      topics: names.map((name) => ({ name })),
      responsePartitionLimit: limit,
      cursor: from === undefined ? null : { topicName: from[0], partitionIndex: from[1] },
    })
  const told = (asked: Asked = {}) =>
    page(asked).topics.map(({ name, partitions }) => [name, partitions.map(({ partitionIndex }) => partitionIndex)])
  return { ...rest, page, told }
}

describe('DescribeTopicPartitions', () => {
  it('tells all topics in the order of their names', () => {
    expect(asking().told()).toEqual([
      ['a', [0, 1]],
      ['b', [0, 1, 2]],
      ['c', [0]],
    ])
  })

  it('tells of a partition what metadata tells, and that nobody but those in sync may lead it', () => {
    const { time, cluster, page, topic } = asking({ brokers: 3, topics: { orders: { partitions: 1, replicationFactor: 2 } } })
    cluster.broker(2).kill()
    time.advance(20_000)
    const [orders] = page().topics

    expect(orders).toMatchObject({ name: 'orders', topicId: topic('orders').topicId, isInternal: false, topicAuthorizedOperations: 3576 })
    expect(orders?.partitions).toMatchObject([
      { leaderId: 1, replicaNodes: [1, 2], isrNodes: [1], offlineReplicas: [2], eligibleLeaderReplicas: [], lastKnownElr: [] },
    ])
  })

  it('tells so many partitions at a time, and where to go on', () => {
    const { page, told } = asking()
    const pages: unknown[] = []
    let from: Asked['from']
    do {
      const asked: Asked = { limit: 2, ...(from && { from }) }
      pages.push(told(asked))
      const { nextCursor } = page(asked)
      from = nextCursor === null ? undefined : [nextCursor.topicName, nextCursor.partitionIndex]
    } while (from !== undefined)

    expect(pages).toEqual([
      [['a', [0, 1]]],
      [['b', [0, 1]]],
      [
        ['b', [2]],
        ['c', [0]],
      ],
    ])
  })

  it('tells no more at a time than the brokers are set to, and one partition at least', () => {
    const { page } = asking({ configs: { 'max.request.partition.size.limit': '1' } })

    expect([page(), page({ limit: 0 })]).toMatchObject([
      { topics: { length: 1 }, nextCursor: { topicName: 'a', partitionIndex: 1 } },
      { topics: { length: 1 }, nextCursor: { topicName: 'a', partitionIndex: 1 } },
    ])
  })

  it('tells topics that are not there only to who asks for them by name', () => {
    const { page } = asking()
    const errors = page({ names: ['nonsense', 'b:d', 'c', 'c'] }).topics.map(({ name, errorCode }) => [name, nameOf(errorCode)])

    expect(errors).toEqual([
      ['b:d', 'INVALID_TOPIC_EXCEPTION'],
      ['c', 'NONE'],
      ['nonsense', 'UNKNOWN_TOPIC_OR_PARTITION'],
    ])
    expect(page({ from: ['bb', 0] }).topics.map(({ name }) => name)).toEqual(['c'])
  })

  it.each<[string, Asked]>([
    ['points at a topic that was not asked for', { names: ['a'], from: ['b', 0] }],
    ['points before the first partition', { names: ['a'], from: ['a', -1] }],
  ])('refuses a cursor that %s', (_, asked) => {
    expect(asking().page(asked)).toMatchObject({ topics: [{ name: 'a', errorCode: ErrorCode.INVALID_REQUEST }], nextCursor: null })
  })

  it('has nothing behind the last partition', () => {
    expect(asking().told({ names: ['a'], from: ['a', 9] })).toEqual([['a', []]])
  })

  it('says errors that were ordered', () => {
    const { cluster, page } = asking()
    cluster.next('DescribeTopicPartitions', { topic: 'a' }).fail('TOPIC_AUTHORIZATION_FAILED')

    expect(page({ names: ['a', 'c'] }).topics).toMatchObject([
      { errorCode: ErrorCode.TOPIC_AUTHORIZATION_FAILED, partitions: [] },
      { errorCode: 0, partitions: { length: 1 } },
    ])
  })
})
