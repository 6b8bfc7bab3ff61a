import { ErrorCode } from '../../../lib/generated/error-codes'
import { MetadataRequest } from '../../../lib/generated/messages/MetadataRequest'
import { MetadataResponse } from '../../../lib/generated/messages/MetadataResponse'
import { OffsetCommitRequest } from '../../../lib/generated/messages/OffsetCommitRequest'
import type { OffsetCommitRequestInput } from '../../../lib/generated/messages/OffsetCommitRequest'
import { OffsetCommitResponse } from '../../../lib/generated/messages/OffsetCommitResponse'
import { OffsetFetchRequest } from '../../../lib/generated/messages/OffsetFetchRequest'
import { OffsetFetchResponse } from '../../../lib/generated/messages/OffsetFetchResponse'
import { groupClients } from '../support/group-clients'
import type { GroupClients } from '../support/group-clients'
import { nameOf } from '../support/group-members'

const VERSIONS = [2, 3, 4, 5, 6, 7, 8, 9, 10]

const at = (partitionIndex: number, committedOffset = 5n, committedMetadata: string | null = 'm') => ({
  ...{ partitionIndex, committedOffset, committedMetadata },
  committedLeaderEpoch: 3,
})

type Commit = Partial<OffsetCommitRequestInput>

function started(options?: Parameters<typeof groupClients>[0]) {
  const clients = groupClients(options)
  const node = clients.coordinator()
  const topicId = (name: string): string => topicIdOf(clients, name)
  const commit = (some: Commit = {}, version = 9): OffsetCommitResponse =>
    clients.ask(node)(
      OffsetCommitRequest,
      OffsetCommitResponse,
      { groupId: 'g', memberId: '', topics: [{ name: 'orders', partitions: [at(0)] }], ...some },
      version,
    )
  const errorsOf = (some: Commit = {}, version = 9): readonly string[] =>
    commit(some, version).topics.flatMap(({ partitions }) => partitions.map(({ errorCode }) => nameOf(errorCode)))
  return { ...clients, node, topicId, commit, errorsOf, committed: () => committedIn(clients, node) }
}

function topicIdOf({ ask }: GroupClients, name: string): string {
  const { topics } = ask()(MetadataRequest, MetadataResponse, { topics: [{ name }] })
  return topics[0]?.topicId ?? ''
}

/** `topic/partition = offset (leader epoch, metadata)` of all that the group has committed. */
function committedIn({ ask }: GroupClients, node: number): readonly string[] {
  const { groups } = ask(node)(OffsetFetchRequest, OffsetFetchResponse, { groups: [{ groupId: 'g', topics: null }] }, 9)
  return groups.flatMap(({ topics }) =>
    topics.flatMap(({ name, partitions }) =>
      partitions.map(
        ({ partitionIndex, committedOffset, committedLeaderEpoch, metadata }) =>
          `${name}/${String(partitionIndex)} = ${String(committedOffset)} (${String(committedLeaderEpoch)}, ${metadata ?? 'null'})`,
      ),
    ),
  )
}

describe('OffsetCommit', () => {
  it('names a topic that stands twice in the request once, if something was refused before the coordinator was asked', () => {
    const { commit } = started()
    const twice = (first: number) => [
      { name: 'orders', partitions: [at(0)] },
      { name: 'orders', partitions: [at(first)] },
    ]
    const told = (topics: Commit['topics']) =>
      commit({ ...(topics && { topics }) }).topics.map(
        ({ name, partitions }) => `${name} ${partitions.map((each) => each.partitionIndex).join()}`,
      )
    expect(told(twice(1))).toEqual(['orders 0', 'orders 1'])
    expect(told(twice(99))).toEqual(['orders 99,0'])
  })

  it.each(VERSIONS)('keeps what a consumer commits that is in no group, in version %i', (version) => {
    const { topicId, commit, committed } = started()
    const topic = version >= 10 ? { topicId: topicId('orders') } : { name: 'orders' }
    const { topics } = commit({ topics: [{ ...topic, partitions: [at(0), at(1, 7n, null)] }] }, version)

    expect(topics).toMatchObject([{ ...topic, partitions: [0, 1].map((partitionIndex) => ({ partitionIndex, errorCode: 0 })) }])
    expect(committed()).toEqual([`orders/0 = 5 (${version >= 6 ? '3' : '-1'}, m)`, `orders/1 = 7 (${version >= 6 ? '3' : '-1'}, )`])
  })

  it('keeps what a member of the current generation commits, and its session with it', () => {
    const { time, soleMember, errorsOf, heartbeat, committed } = started()
    const { memberId } = soleMember()
    const commits = [1, 2, 3].map(() => {
      time.advance(9000)
      return errorsOf({ memberId, generationIdOrMemberEpoch: 1 })
    })

    expect(commits).toEqual([['NONE'], ['NONE'], ['NONE']])
    expect(heartbeat(memberId, 1)).toBe('NONE')
    expect(committed()).toEqual(['orders/0 = 5 (3, m)'])
  })

  it.each([
    ['somebody who is in no group while others are', {}, 'UNKNOWN_MEMBER_ID'],
    ['somebody who is not in the group', { memberId: 'nobody', generationIdOrMemberEpoch: 1 }, 'UNKNOWN_MEMBER_ID'],
    ['a member of another generation', { memberId: 'self', generationIdOrMemberEpoch: 0 }, 'ILLEGAL_GENERATION'],
    ['a member under an unknown instance', { memberId: 'self', groupInstanceId: 'two', generationIdOrMemberEpoch: 1 }, 'UNKNOWN_MEMBER_ID'],
  ] as const)('refuses %s', (_, some, error) => {
    const { soleMember, errorsOf, committed } = started()
    const { memberId } = soleMember()
    const self = 'memberId' in some && some.memberId === 'self' ? { ...some, memberId } : some

    expect(errorsOf(self)).toEqual([error])
    expect(committed()).toEqual([])
  })

  it('refuses a member of a group that is not there', () => {
    const { errorsOf } = started()
    const member = { memberId: 'm', generationIdOrMemberEpoch: 1 }

    expect([errorsOf(member, 9), errorsOf(member, 8)]).toEqual([['GROUP_ID_NOT_FOUND'], ['ILLEGAL_GENERATION']])
  })

  it('has members wait while their leader assigns', () => {
    const { time, soleMember, join, errorsOf } = started()
    const { memberId } = soleMember()
    join({ memberId })
    time.advance(1)

    expect(errorsOf({ memberId, generationIdOrMemberEpoch: 2 })).toEqual(['REBALANCE_IN_PROGRESS'])
  })

  it('judges each partition by itself', () => {
    const { errorsOf, committed } = started()
    const partitions = [at(0), at(9), at(1, 7n, 'x'.repeat(4097)), at(-1)]
    const topics = [
      { name: 'orders', partitions },
      { name: 'nowhere', partitions: [at(0)] },
      { name: 'bills', partitions: [at(1, 8n, 'x'.repeat(4096))] },
    ]

    // What is refused at once stands first in its topic.
    expect(errorsOf({ topics })).toEqual([
      ...['UNKNOWN_TOPIC_OR_PARTITION', 'UNKNOWN_TOPIC_OR_PARTITION', 'NONE', 'OFFSET_METADATA_TOO_LARGE'],
      ...['UNKNOWN_TOPIC_OR_PARTITION', 'NONE'],
    ])
    expect(committed()).toEqual(['orders/0 = 5 (3, m)', `bills/1 = 8 (3, ${'x'.repeat(4096)})`])
  })

  it('says from version 10 on that nothing has the id', () => {
    const { errorsOf, topicId } = started()
    const topics = [topicId('orders'), 'AAAAAAAAAAAAAAAAAAAAQQ'].map((id) => ({ topicId: id, partitions: [at(0)] }))

    expect(errorsOf({ topics }, 10)).toEqual(['UNKNOWN_TOPIC_ID', 'NONE'])
  })

  it('looks at the group only when there is something to commit', () => {
    const { errorsOf } = started()
    const nowhere = { topics: [{ name: 'nowhere', partitions: [at(0)] }], memberId: 'm', generationIdOrMemberEpoch: 1 }

    expect(errorsOf(nowhere)).toEqual(['UNKNOWN_TOPIC_OR_PARTITION'])
  })

  it('sends members to the group’s coordinator', () => {
    const { ask, node } = started({ brokers: 2 })
    const asked = { groupId: 'g', memberId: '', topics: [{ name: 'orders', partitions: [at(0)] }] }
    const { topics } = ask(node === 1 ? 2 : 1)(OffsetCommitRequest, OffsetCommitResponse, asked, 9)

    expect(topics[0]?.partitions[0]?.errorCode).toBe(ErrorCode.NOT_COORDINATOR)
  })

  it('answers with the error that was ordered, for the partition that it was ordered for', () => {
    const { cluster, errorsOf, committed } = started()
    cluster.next('OffsetCommit', { topic: 'orders', partition: 1 }).fail('COORDINATOR_LOAD_IN_PROGRESS')

    expect(errorsOf({ topics: [{ name: 'orders', partitions: [at(0), at(1)] }] })).toEqual(['COORDINATOR_LOAD_IN_PROGRESS', 'NONE'])
    expect(committed()).toEqual(['orders/0 = 5 (3, m)'])
  })
})
