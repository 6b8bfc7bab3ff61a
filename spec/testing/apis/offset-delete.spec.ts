import { OffsetCommitRequest } from '../../../lib/generated/messages/OffsetCommitRequest'
import { OffsetCommitResponse } from '../../../lib/generated/messages/OffsetCommitResponse'
import { OffsetDeleteRequest } from '../../../lib/generated/messages/OffsetDeleteRequest'
import { OffsetDeleteResponse } from '../../../lib/generated/messages/OffsetDeleteResponse'
import { OffsetFetchRequest } from '../../../lib/generated/messages/OffsetFetchRequest'
import { OffsetFetchResponse } from '../../../lib/generated/messages/OffsetFetchResponse'
import { groupClients } from '../support/group-clients'
import { nameOf } from '../support/group-members'

const TOPICS = ['orders', 'bills']

function started() {
  const clients = groupClients({ brokers: 2, configs: { 'offsets.topic.num.partitions': '1' } })
  const node = clients.coordinator()
  const commit = (member: { readonly memberId?: string; readonly generationIdOrMemberEpoch?: number } = {}): void => {
    const partitions = [0, 1].map((partitionIndex) => ({ partitionIndex, committedOffset: 5n, committedMetadata: null }))
    const topics = TOPICS.map((name) => ({ name, partitions }))
    clients.ask(node)(OffsetCommitRequest, OffsetCommitResponse, { groupId: 'g', topics, memberId: '', ...member }, 9)
  }
  const forget = (names: readonly string[], { groupId = 'g', from = node } = {}) => {
    const topics = names.map((name) => ({ name, partitions: [{ partitionIndex: 0 }, { partitionIndex: 9 }] }))
    const answer = clients.ask(from)(OffsetDeleteRequest, OffsetDeleteResponse, { groupId, topics })
    const partitions = answer.topics.map(({ name, partitions: each }) => [name, ...each.map(({ errorCode }) => nameOf(errorCode))])
    return { error: nameOf(answer.errorCode), partitions }
  }
  const committed = (): readonly string[] => {
    const { groups } = clients.ask(node)(OffsetFetchRequest, OffsetFetchResponse, { groups: [{ groupId: 'g', topics: null }] }, 9)
    const topics = groups[0]?.topics ?? []
    return topics.flatMap(({ name, partitions }) => partitions.map(({ partitionIndex }) => `${name}/${String(partitionIndex)}`))
  }
  return { ...clients, node, commit, forget, committed }
}

const ALL = ['orders/0', 'orders/1', 'bills/0', 'bills/1']

describe('OffsetDelete', () => {
  it('forgets the offsets of a group that has no members', () => {
    const { commit, forget, committed } = started()
    commit()
    const first = forget(['orders', 'nowhere'])

    expect(first).toEqual({
      error: 'NONE',
      partitions: [
        ['orders', 'NONE', 'UNKNOWN_TOPIC_OR_PARTITION'],
        ['nowhere', 'UNKNOWN_TOPIC_OR_PARTITION', 'UNKNOWN_TOPIC_OR_PARTITION'],
      ],
    })
    expect(forget(['orders']).partitions).toEqual([['orders', 'NONE', 'UNKNOWN_TOPIC_OR_PARTITION']])
    expect(committed()).toEqual(ALL.slice(1))
  })

  it('spares those of topics that members want', () => {
    const { soleMember, commit, forget, committed } = started()
    const { memberId } = soleMember()
    commit({ memberId, generationIdOrMemberEpoch: 1 })

    expect(forget(['orders', 'bills']).partitions.map(([name, first]) => [name, first])).toEqual([
      ['orders', 'GROUP_SUBSCRIBED_TO_TOPIC'],
      ['bills', 'NONE'],
    ])
    expect(committed()).toEqual(['orders/0', 'orders/1', 'bills/1'])
  })

  it('forgets nothing of a group whose members are no consumers', () => {
    const { soleMember, commit, forget, committed } = started()
    const { memberId } = soleMember({ protocolType: 'connect' })
    commit({ memberId, generationIdOrMemberEpoch: 1 })

    expect(forget(['orders'])).toEqual({ error: 'NON_EMPTY_GROUP', partitions: [] })
    expect(committed()).toEqual(ALL)
  })

  it('refuses a group that is not there, has no name, or is looked after elsewhere', () => {
    const { node, commit, forget } = started()
    commit()

    expect(forget(['orders'], { groupId: 'nobody' }).error).toBe('GROUP_ID_NOT_FOUND')
    expect(forget(['orders'], { groupId: '' }).error).toBe('INVALID_GROUP_ID')
    expect(forget(['orders'], { from: node === 1 ? 2 : 1 })).toEqual({ error: 'NOT_COORDINATOR', partitions: [] })
  })

  it('answers with the error that was ordered, for the group or for a partition', () => {
    const { cluster, commit, forget, committed } = started()
    commit()
    cluster.next('OffsetDelete').fail('COORDINATOR_NOT_AVAILABLE')
    cluster.next('OffsetDelete', { topic: 'bills', partition: 0 }).fail('TOPIC_AUTHORIZATION_FAILED')

    expect(forget(['orders'])).toEqual({ error: 'COORDINATOR_NOT_AVAILABLE', partitions: [] })
    expect(forget(['bills']).partitions).toEqual([['bills', 'TOPIC_AUTHORIZATION_FAILED', 'UNKNOWN_TOPIC_OR_PARTITION']])
    expect(committed()).toEqual(ALL)
  })
})
