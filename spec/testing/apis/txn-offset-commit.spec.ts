import { OffsetFetchRequest } from '../../../lib/generated/messages/OffsetFetchRequest'
import { OffsetFetchResponse } from '../../../lib/generated/messages/OffsetFetchResponse'
import { TxnOffsetCommitRequest } from '../../../lib/generated/messages/TxnOffsetCommitRequest'
import { TxnOffsetCommitResponse } from '../../../lib/generated/messages/TxnOffsetCommitResponse'
import { MetadataRequest } from '../../../lib/generated/messages/MetadataRequest'
import { MetadataResponse } from '../../../lib/generated/messages/MetadataResponse'
import { testCluster } from '../../../lib/testing/test-cluster'
import { virtualTime } from '../../../lib/testing/virtual-time'
import { errorName, transacting } from '../support/transacting'

function started(brokers = 1) {
  const time = virtualTime()
  const cluster = testCluster({ brokers, topics: { orders: 2 }, scheduler: time.scheduler })
  const producer = transacting(cluster, { time })
  /** `partition: offset`, or the error. */
  const fetched = (options: { requireStable?: boolean } = {}): Record<number, string> => {
    const request = { groups: [{ groupId: 'group', topics: [{ name: 'orders', partitionIndexes: [0, 1] }] }], ...options }
    const [group] = producer.ask(OffsetFetchRequest, OffsetFetchResponse, request, 9).groups
    const partitions = group?.topics[0]?.partitions ?? []
    return Object.fromEntries(
      partitions.map((each) => [each.partitionIndex, each.errorCode === 0 ? String(each.committedOffset) : errorName(each.errorCode)]),
    )
  }
  return { time, cluster, ...producer, fetched }
}

describe('TxnOffsetCommit', () => {
  it.each([0, 1, 2, 3, 4])('commits offsets with the transaction that they were added to, in version %i', (version) => {
    const { initialise, addOffsets, commitOffsets, end, fetched, time } = started()
    const who = initialise()
    addOffsets(who)

    expect(commitOffsets(who, { 'orders-0': 5n, 'orders-1': 6n }, { version })).toEqual({ 'orders-0': 'NONE', 'orders-1': 'NONE' })
    const before = [fetched(), fetched({ requireStable: true })]
    end('commit', who, 4)
    time.advance(0)

    expect(before).toEqual([
      { 0: '-1', 1: '-1' },
      { 0: 'UNSTABLE_OFFSET_COMMIT', 1: 'UNSTABLE_OFFSET_COMMIT' },
    ])
    expect(fetched({ requireStable: true })).toEqual({ 0: '5', 1: '6' })
  })

  it('forgets the offsets of a transaction that aborts', () => {
    const { initialise, commitOffsets, end, fetched, time } = started()
    const who = initialise()
    commitOffsets(who, { 'orders-0': 5n })
    end('abort', who)
    time.advance(0)

    expect(fetched({ requireStable: true })).toEqual({ 0: '-1', 1: '-1' })
  })

  it.each([
    [0, 'INVALID_TXN_STATE'],
    [3, 'INVALID_TXN_STATE'],
    [4, 'TRANSACTION_ABORTABLE'],
  ])('refuses what was not added: version %i says %s', (version, error) => {
    const { initialise, commitOffsets, state } = started()

    expect(commitOffsets(initialise(), { 'orders-0': 5n }, { version })).toEqual({ 'orders-0': error })
    expect(state()).toBe('Empty')
  })

  it('adds the partition of the group by itself from version 5 on', () => {
    const { initialise, commitOffsets, describe: described } = started()

    expect(commitOffsets(initialise(), { 'orders-0': 5n }, { version: 5 })).toEqual({ 'orders-0': 'NONE' })
    expect(described()).toMatchObject({ transactionState: 'Ongoing', topics: [{ topic: '__consumer_offsets', partitions: [47] }] })
  })

  it('knows topics by their ids from version 6 on', () => {
    const { ask, initialise, fetched, end, time } = started()
    const { producerId, producerEpoch } = initialise()
    const topicId = ask(MetadataRequest, MetadataResponse, { topics: [{ name: 'orders' }] }).topics[0]?.topicId
    const nowhere = 'AAAAAAAAAAAAAAAAAAAAEA'
    const partitions = [0, 9].map((partitionIndex) => ({ partitionIndex, committedOffset: 5n, committedMetadata: 'm' }))
    const topics = [topicId, nowhere].map((id) => ({ topicId: id ?? '', partitions }))
    const request = { transactionalId: 'tx', groupId: 'group', producerId, producerEpoch, topics }
    const answer = ask(TxnOffsetCommitRequest, TxnOffsetCommitResponse, request, 6)
    end('commit', { producerId, producerEpoch })
    time.advance(0)

    expect(answer.topics.map((topic) => [topic.topicId, ...topic.partitions.map(({ errorCode }) => errorName(errorCode))])).toEqual([
      [topicId, 'NONE', 'UNKNOWN_TOPIC_OR_PARTITION'],
      [nowhere, 'UNKNOWN_TOPIC_ID', 'UNKNOWN_TOPIC_ID'],
    ])
    expect(fetched()).toEqual({ 0: '5', 1: '-1' })
  })

  it('takes the partitions that are there, and names the others', () => {
    const { initialise, commitOffsets, state } = started()
    const who = initialise()

    expect(commitOffsets(who, { 'nowhere-0': 1n })).toEqual({ 'nowhere-0': 'UNKNOWN_TOPIC_OR_PARTITION' })
    expect(state()).toBe('Empty')
    expect(commitOffsets(who, { 'orders-0': 5n, 'orders-9': 1n })).toEqual({
      'orders-0': 'NONE',
      'orders-9': 'UNKNOWN_TOPIC_OR_PARTITION',
    })
  })

  it.each([3, 5])('shuts out an epoch that is over, and strangers, in version %i', (version) => {
    const { initialise, addOffsets, commitOffsets } = started()
    const old = initialise()
    const who = initialise()
    addOffsets(who)

    expect(commitOffsets(old, { 'orders-0': 5n }, { version })).toEqual({ 'orders-0': 'INVALID_PRODUCER_EPOCH' })
    expect(commitOffsets({ ...who, producerId: 99n }, { 'orders-0': 5n }, { version })).toEqual({
      'orders-0': 'INVALID_PRODUCER_ID_MAPPING',
    })
    expect(commitOffsets(who, { 'orders-0': 5n }, { version })).toEqual({ 'orders-0': 'NONE' })
  })

  it('looks at the member of the group from version 3 on', () => {
    const { initialise, commitOffsets } = started()
    const who = initialise()
    const member = { memberId: 'somebody', generationIdOrMemberEpoch: 3 }

    expect(commitOffsets(who, { 'orders-0': 5n }, { ...member, groupId: 'nobodies' })).toEqual({ 'orders-0': 'ILLEGAL_GENERATION' })
    expect(commitOffsets(who, { 'orders-0': 5n }, { groupId: 'nobodies' })).toEqual({ 'orders-0': 'NONE' })
    expect(commitOffsets(who, { 'orders-0': 5n }, { ...member, groupId: 'nobodies' })).toEqual({ 'orders-0': 'UNKNOWN_MEMBER_ID' })
    expect(commitOffsets(who, { 'orders-0': 5n }, { groupId: '' })).toEqual({ 'orders-0': 'INVALID_GROUP_ID' })
  })

  it('is answered by the coordinator of the group, not by that of the transactional id', () => {
    const { cluster, time, coordinator } = started(3)
    const producer = (node: number) => transacting(cluster, { time, node })
    const who = producer(coordinator.transaction).initialise()
    const errors = [1, 2, 3].map((node) => producer(node).commitOffsets(who, { 'orders-0': 5n })['orders-0'])

    expect(errors).toEqual([1, 2, 3].map((node) => (node === coordinator.group ? 'NONE' : 'NOT_COORDINATOR')))
  })

  it.each([
    [1, 'COORDINATOR_NOT_AVAILABLE'],
    [2, 'COORDINATOR_LOAD_IN_PROGRESS'],
    [5, 'COORDINATOR_LOAD_IN_PROGRESS'],
  ])('lets the producer try again while the coordinator of the transaction does not run: version %i says %s', (version, error) => {
    const { cluster, time, coordinator } = started(3)
    const who = transacting(cluster, { time, node: coordinator.transaction }).initialise()
    const { commitOffsets } = transacting(cluster, { time, node: coordinator.group })
    cluster.broker(coordinator.transaction).pause()

    expect(coordinator.group).not.toBe(coordinator.transaction)
    expect(commitOffsets(who, { 'orders-0': 5n }, { version })).toEqual({ 'orders-0': error })
  })
})
