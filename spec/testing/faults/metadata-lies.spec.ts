import { ErrorCode } from '../../../lib/generated/error-codes'
import { MetadataRequest } from '../../../lib/generated/messages/MetadataRequest'
import type { MetadataRequestInput } from '../../../lib/generated/messages/MetadataRequest'
import { MetadataResponse } from '../../../lib/generated/messages/MetadataResponse'
import { describeTopics, world } from '../support/world'

describe('Metadata that is', () => {
  it('stale: it knows nothing of what changed since', () => {
    const { cluster, talkTo, time } = world()
    const lie = cluster.staleMetadata()
    cluster.broker(1).stop()
    cluster.createTopic('new', 1)
    cluster.addPartitions('orders', 2)
    const asked = describeTopics(talkTo(2), 'orders', 'new')
    time.advance(1)
    const { brokers, topics, controllerId } = asked.answer
    expect([brokers.map(({ nodeId }) => nodeId), controllerId]).toEqual([[1, 2, 3], 1])
    expect(topics.map(({ name, errorCode }) => [name, errorCode])).toEqual([
      ['orders', ErrorCode.NONE],
      ['new', ErrorCode.UNKNOWN_TOPIC_OR_PARTITION],
    ])
    expect(topics[0]?.partitions).toMatchObject([{ leaderId: 1, leaderEpoch: 0, isrNodes: [1, 2, 3] }])

    lie.end()
    const again = describeTopics(talkTo(2), 'orders')
    time.advance(1)
    expect(again.answer.brokers.map(({ nodeId }) => nodeId)).toEqual([2, 3])
    expect(again.answer.topics[0]?.partitions).toHaveLength(3)
    expect(again.answer.topics[0]?.partitions[0]).toMatchObject({ leaderId: 2, leaderEpoch: 1, isrNodes: [2, 3] })
  })

  it('stale: also to those who ask for all topics, or by an id', () => {
    const { cluster, talkTo } = world({ topics: { orders: 1, other: 1 } })
    const ask = talkTo()
    const said = (topics: MetadataRequestInput['topics'], version?: number) =>
      ask(MetadataRequest, MetadataResponse, { topics }, version).topics.map(({ name, errorCode, partitions }) => [
        ...[name, errorCode, partitions.length],
      ])
    const ids = ask(MetadataRequest, MetadataResponse, { topics: null }).topics.map(({ topicId }) => topicId)
    cluster.staleMetadata()
    cluster.deleteTopic('orders')
    cluster.createTopic('new', 1)
    const both = ['orders', 'other'].map((name) => [name, ErrorCode.NONE, 1])
    expect([said(null), said([], 0), said(ids.map((topicId) => ({ topicId, name: null })))]).toEqual([both, both, both])
  })

  it('stale: a partition that nobody led goes on to be led by nobody', () => {
    const { cluster, talkTo, time } = world({ brokers: 2, topics: { orders: { partitions: 1, assignment: [[1]] } } })
    cluster.broker(1).stop()
    cluster.staleMetadata()
    cluster.broker(1).start()
    const asked = describeTopics(talkTo(2), 'orders')
    time.advance(1)
    expect(asked.answer.topics[0]?.partitions).toMatchObject([
      { errorCode: ErrorCode.LEADER_NOT_AVAILABLE, leaderId: -1, isrNodes: [1], offlineReplicas: [1] },
    ])
  })

  it('stale on one broker only', () => {
    const { cluster, talkTo, time } = world()
    cluster.staleMetadata({ node: 2 })
    cluster.elect('orders', 0, 3)
    const asked = [2, 3].map((node) => describeTopics(talkTo(node), 'orders'))
    time.advance(1)
    expect(asked.map(({ answer }) => answer.topics[0]?.partitions[0]?.leaderId)).toEqual([1, 3])
  })

  it('empty: as from a broker that has just started', () => {
    const { cluster, talkTo, time } = world()
    cluster.emptyMetadata()
    const ask = talkTo()
    const asked = describeTopics(ask, 'orders')
    time.advance(1)
    expect(ask(MetadataRequest, MetadataResponse, { topics: null }).topics).toEqual([])
    expect(asked.answer).toMatchObject({
      brokers: [],
      topics: [{ name: 'orders', errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, partitions: [] }],
    })
  })

  it('of unreachable hosts: nobody listens there', () => {
    const { cluster, talkTo, time } = world()
    cluster.unreachableHosts()
    const asked = describeTopics(talkTo(), 'orders')
    time.advance(1)
    const errors: string[] = []
    for (const { host, port } of asked.answer.brokers)
      cluster.transport.connect({ host, port }).subscribe({ error: (error: unknown) => errors.push(String(error)) })
    time.advance(1)
    expect(errors).toHaveLength(3)
  })

  it.each(['staleMetadata', 'emptyMetadata', 'unreachableHosts'] as const)(
    'false does not lose a record: %s for half a minute',
    async (lie) => {
      const { cluster, send, time } = world()
      cluster[lie]()
      cluster.elect('orders', 0, 3)
      cluster.after(30_000, () => cluster.heal())
      const deliveries = send(['a'])
      await time.settle()
      expect(deliveries.map(({ type }) => type)).toEqual(['delivered'])
      expect([time.now >= 30_000, time.now < 35_000, cluster.unused()]).toEqual([true, true, []])
    },
  )
})
