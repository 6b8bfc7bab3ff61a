import { ErrorCode } from '../../../lib/generated/error-codes'
import { MetadataRequest } from '../../../lib/generated/messages/MetadataRequest'
import { MetadataResponse } from '../../../lib/generated/messages/MetadataResponse'
import { OffsetCommitRequest } from '../../../lib/generated/messages/OffsetCommitRequest'
import { OffsetCommitResponse } from '../../../lib/generated/messages/OffsetCommitResponse'
import { OffsetFetchRequest } from '../../../lib/generated/messages/OffsetFetchRequest'
import type { OffsetFetchRequestInput } from '../../../lib/generated/messages/OffsetFetchRequest'
import { OffsetFetchResponse } from '../../../lib/generated/messages/OffsetFetchResponse'
import { groupClients } from '../support/group-clients'

const VERSIONS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
const NOTHING = { committedOffset: -1n, committedLeaderEpoch: -1, metadata: '', errorCode: 0 }

/** `g` has committed 5 in the first partition of `orders`, and 6 in the second of `bills`. */
function started(options?: Parameters<typeof groupClients>[0]) {
  const clients = groupClients(options)
  const node = clients.coordinator()
  const at = (partitionIndex: number, committedOffset: bigint) => ({
    ...{ partitionIndex, committedOffset, committedLeaderEpoch: 3, committedMetadata: 'm' },
  })
  const topics = [
    { name: 'orders', partitions: [at(0, 5n)] },
    { name: 'bills', partitions: [at(1, 6n)] },
  ]
  clients.ask(node)(OffsetCommitRequest, OffsetCommitResponse, { groupId: 'g', memberId: '', topics }, 9)
  const metadata = clients.ask()(MetadataRequest, MetadataResponse, { topics: null })
  const topicId = (name: string): string => metadata.topics.find((topic) => topic.name === name)?.topicId ?? ''
  const fetch = (asked: OffsetFetchRequestInput, version: number): OffsetFetchResponse =>
    clients.ask(node)(OffsetFetchRequest, OffsetFetchResponse, asked, version)
  return { ...clients, node, topicId, fetch }
}

const asked = (version: number, topics: readonly { readonly name: string; readonly partitionIndexes: readonly number[] }[] | null) =>
  version < 8 ? { groupId: 'g', topics } : { groups: [{ groupId: 'g', topics }] }

const topicsOf = ({ topics, groups: [group] }: OffsetFetchResponse, version: number) => (version < 8 ? topics : (group?.topics ?? []))

describe('OffsetFetch', () => {
  it.each(VERSIONS.filter((version) => version < 10))('tells what was committed in version %i', (version) => {
    const { fetch } = started()
    const answer = fetch(
      asked(version, [
        { name: 'orders', partitionIndexes: [0, 1, 9] },
        { name: 'nowhere', partitionIndexes: [0] },
      ]),
      version,
    )
    const five = { ...NOTHING, committedOffset: 5n, committedLeaderEpoch: version >= 5 ? 3 : -1, metadata: 'm' }

    expect(topicsOf(answer, version)).toMatchObject([
      { name: 'orders', partitions: [five, NOTHING, NOTHING].map((each, i) => ({ ...each, partitionIndex: [0, 1, 9][i] })) },
      { name: 'nowhere', partitions: [NOTHING] },
    ])
  })

  it.each(VERSIONS.filter((version) => version >= 2))('tells all that was committed in version %i', (version) => {
    const { fetch, topicId } = started()
    const names = version >= 10 ? ['orders', 'bills'].map((name) => ({ topicId: topicId(name) })) : [{ name: 'orders' }, { name: 'bills' }]

    expect(topicsOf(fetch(asked(version, null), version), version)).toMatchObject([
      { ...names[0], partitions: [{ partitionIndex: 0, committedOffset: 5n }] },
      { ...names[1], partitions: [{ partitionIndex: 1, committedOffset: 6n }] },
    ])
  })

  it('tells of topics by their ids in version 10, and those that nothing has come last', () => {
    const { fetch, topicId } = started()
    const unknown = 'AAAAAAAAAAAAAAAAAAAAQQ'
    const topics = [unknown, topicId('orders')].map((id) => ({ topicId: id, partitionIndexes: [0] }))
    const { groups } = fetch({ groups: [{ groupId: 'g', topics }] }, 10)

    expect(groups).toMatchObject([
      {
        errorCode: 0,
        topics: [
          { topicId: topicId('orders'), partitions: [{ committedOffset: 5n, errorCode: 0 }] },
          { topicId: unknown, partitions: [{ ...NOTHING, errorCode: ErrorCode.UNKNOWN_TOPIC_ID }] },
        ],
      },
    ])
  })

  it('tells of several groups, each by itself', () => {
    const { fetch } = started({ configs: { 'offsets.topic.num.partitions': '1' } })
    const topics = [{ name: 'orders', partitionIndexes: [0] }]
    const { groups } = fetch({ groups: ['g', 'nobody'].map((groupId) => ({ groupId, memberId: 'm', memberEpoch: 7, topics })) }, 9)

    expect(groups).toMatchObject([
      { groupId: 'g', errorCode: 0, topics: [{ partitions: [{ committedOffset: 5n }] }] },
      { groupId: 'nobody', errorCode: 0, topics: [{ partitions: [NOTHING] }] },
    ])
  })

  it.each(VERSIONS)('sends whoever asks in version %i to the group’s coordinator', (version) => {
    const { ask, node } = started({ brokers: 2 })
    const topics = [{ name: 'orders', partitionIndexes: [0] }]
    const answer = ask(node === 1 ? 2 : 1)(OffsetFetchRequest, OffsetFetchResponse, asked(version, topics), version)
    const { errorCode, groups, topics: answered } = answer
    const refused = { errorCode: ErrorCode.NOT_COORDINATOR }

    if (version >= 8) expect(groups).toMatchObject([{ groupId: 'g', topics: [], ...refused }])
    else if (version >= 2) expect({ errorCode, topics: answered }).toEqual({ ...refused, topics: [] })
    else expect(answered).toMatchObject([{ name: 'orders', partitions: [{ ...NOTHING, ...refused }] }])
  })

  it('answers with the error that was ordered, for the group or for a partition', () => {
    const { cluster, fetch } = started()
    const topics = [{ name: 'orders', partitionIndexes: [0, 1] }]
    cluster.next('OffsetFetch').fail('COORDINATOR_LOAD_IN_PROGRESS')
    cluster.next('OffsetFetch', { topic: 'orders', partition: 0 }).fail('UNSTABLE_OFFSET_COMMIT')
    const group = fetch(asked(9, topics), 9)
    const partition = fetch(asked(9, topics), 9)

    expect(group.groups).toMatchObject([{ errorCode: ErrorCode.COORDINATOR_LOAD_IN_PROGRESS, topics: [] }])
    expect(partition.groups).toMatchObject([
      { errorCode: 0, topics: [{ partitions: [{ ...NOTHING, errorCode: ErrorCode.UNSTABLE_OFFSET_COMMIT }, NOTHING] }] },
    ])
  })
})
