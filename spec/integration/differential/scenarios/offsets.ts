/** Offsets that groups commit, at every version, by members and by nobody; and who coordinates. */
import { FIND_COORDINATOR, JOIN_GROUP, newestOf, OFFSET_COMMIT, OFFSET_DELETE, OFFSET_FETCH, SYNC_GROUP, versionsOf } from '../support/apis'
import type { At, Pair } from '../support/pair'
import { mapPair, same } from '../support/pair'
import type { Chance } from '../support/chance'
import type { Client } from '../support/client'
import { scenario } from '../support/scenario'
import type { Scenario } from '../support/scenario'
import { createTopics } from '../support/topics'
import type { Topic } from '../support/topics'

const UNKNOWN: Topic = { name: 'offsets-unknown', id: same('YWJjZGVmZ2hpamtsbW5vcA') }
const NAMELESS: Topic = { name: '', id: same('AAAAAAAAAAAAAAAAAAAAAA') }

interface Commit {
  readonly topic: Topic
  readonly partition?: number
  readonly offset?: bigint
  readonly leaderEpoch?: number
  readonly metadata?: string | null
}

interface Committer {
  readonly groupId: string
  readonly generation?: number
  readonly memberId?: string | Pair<string>
  readonly groupInstanceId?: string | null
}

const commit = (client: Client, version: number, committer: Committer, commits: readonly Commit[]) => {
  const { groupId, generation = -1, memberId = '', groupInstanceId = null } = committer
  return client.tell(OFFSET_COMMIT, version, (at) => ({
    ...{ groupId, generationIdOrMemberEpoch: generation, groupInstanceId, retentionTimeMs: -1n },
    memberId: typeof memberId === 'string' ? memberId : at(memberId),
    topics: commits.map(({ topic, partition = 0, offset = 5n, leaderEpoch = -1, metadata = '' }) => ({
      ...{ name: topic.name, topicId: at(topic.id) },
      partitions: [{ partitionIndex: partition, committedOffset: offset, committedLeaderEpoch: leaderEpoch, committedMetadata: metadata }],
    })),
  }))
}

interface Wanted {
  readonly topic: Topic
  readonly partitions: readonly number[]
}

interface Fetching {
  /** From version 8 on several. */
  readonly groups: readonly string[]
  /** Null: everything. */
  readonly wanted: readonly Wanted[] | null
  readonly requireStable?: boolean
  readonly memberId?: string | null
  readonly memberEpoch?: number
}

const fetchOffsets = (client: Client, version: number, { groups: groupIds, wanted, ...options }: Fetching) => {
  const { requireStable = false, memberId = null, memberEpoch = -1 } = options
  return client.tell(OFFSET_FETCH, version, (at) => {
    const byName = wanted?.map(({ topic, partitions }) => ({ name: topic.name, partitionIndexes: partitions })) ?? null
    const byId = wanted?.map(({ topic, partitions }) => ({ name: topic.name, topicId: at(topic.id), partitionIndexes: partitions })) ?? null
    const groups = groupIds.map((groupId) => ({ groupId, memberId, memberEpoch, topics: byId }))
    return version < 8
      ? { groupId: groupIds[0] ?? '', topics: byName, groups: [], requireStable }
      : { groupId: '', topics: [], groups, requireStable }
  })
}

const someCommit = (chance: Chance, topics: readonly Topic[]): Commit => ({
  topic: chance.pick([...topics, ...topics, UNKNOWN]),
  partition: chance.pick([0, 0, 1, 1, 2, 3, -1]),
  offset: BigInt(chance.pick([0, 1, 17, 2 ** 40, -1, -2])),
  leaderEpoch: chance.pick([-1, 0, 3]),
  metadata: chance.pick([null, '', 'some', 'ä']),
})

export const offsets: readonly Scenario[] = [
  scenario('FindCoordinator', async ({ client }) => {
    const asker = client()
    const keys = ['a', '', 'b'.repeat(300), 'ä', 'x:y:0']
    for (const version of versionsOf(FIND_COORDINATOR)) {
      for (const keyType of version === 0 ? [0] : [0, 1, 2, 3, -1]) {
        if (version < 4) {
          for (const key of keys) await asker.tell(FIND_COORDINATOR, version, { key, keyType })
          continue
        }
        await asker.tell(FIND_COORDINATOR, version, { keyType, coordinatorKeys: keys })
        await asker.tell(FIND_COORDINATOR, version, { keyType, coordinatorKeys: [] })
        await asker.tell(FIND_COORDINATOR, version, { keyType, coordinatorKeys: ['a', 'a'] })
      }
    }
  }),

  scenario('offsets of a group without members', async ({ chance, client }) => {
    const asker = client()
    const topics = await createTopics(asker, ['offsets-a', 'offsets-b'], { partitions: 3 })
    const [a = UNKNOWN, b = UNKNOWN] = topics
    const everything: readonly Wanted[] = [
      { topic: a, partitions: [0, 1, 2, 3] },
      { topic: b, partitions: [2, 0] },
      { topic: UNKNOWN, partitions: [0] },
    ]
    for (const version of versionsOf(OFFSET_COMMIT)) {
      const groupId = `memberless-${version}`
      await fetchOffsets(asker, 1 + (version % 10), { groups: [groupId], wanted: everything })
      await commit(asker, version, { groupId }, [{ topic: a, offset: 1n }])
      await commit(asker, version, { groupId }, [{ topic: a, partition: 1, metadata: 'x'.repeat(4096) }])
      await commit(asker, version, { groupId }, [{ topic: a, partition: 2, metadata: 'x'.repeat(4097) }])
      await commit(asker, version, { groupId }, [])
      await commit(asker, version, { groupId }, [{ topic: UNKNOWN }, { topic: NAMELESS }, { topic: b, partition: 9 }])
      for (const committer of [{ memberId: 'stranger' }, { generation: 3 }, { generation: 3, memberId: 'stranger' }]) {
        await commit(asker, version, { groupId, ...committer }, [{ topic: a }])
        await commit(asker, version, { groupId: `${groupId}-new`, ...committer }, [{ topic: a }])
      }
      if (version >= 7) await commit(asker, version, { groupId, groupInstanceId: 'nobody' }, [{ topic: a }])
      await commit(asker, version, { groupId: '' }, [{ topic: a }])
      for (let i = 0; i < 6; i++) await commit(asker, version, { groupId }, [someCommit(chance, topics), someCommit(chance, topics)])
      for (const each of versionsOf(OFFSET_FETCH)) {
        await fetchOffsets(asker, each, { groups: [groupId], wanted: everything })
        if (each >= 2) await fetchOffsets(asker, each, { groups: [groupId], wanted: null })
        await fetchOffsets(asker, each, { groups: [groupId], wanted: [] })
        if (each >= 7) await fetchOffsets(asker, each, { groups: [groupId], wanted: everything, requireStable: true })
      }
    }
    for (const version of versionsOf(OFFSET_FETCH)) {
      await fetchOffsets(asker, version, { groups: ['never-committed'], wanted: everything })
      if (version >= 2) await fetchOffsets(asker, version, { groups: ['never-committed'], wanted: null })
      await fetchOffsets(asker, version, { groups: [''], wanted: everything })
      if (version < 8) continue
      await fetchOffsets(asker, version, { groups: ['memberless-2', 'never-committed', 'memberless-3'], wanted: everything })
      await fetchOffsets(asker, version, { groups: ['memberless-2', 'memberless-3'], wanted: null })
      await fetchOffsets(asker, version, { groups: ['memberless-2', 'memberless-2'], wanted: everything })
      await fetchOffsets(asker, version, { groups: [], wanted: everything })
      if (version < 9) continue
      await fetchOffsets(asker, version, { groups: ['memberless-2'], wanted: everything, memberId: 'stranger', memberEpoch: 1 })
      await fetchOffsets(asker, version, { groups: ['never-committed'], wanted: everything, memberId: 'stranger', memberEpoch: 1 })
    }
  }),

  scenario('offsets that members commit', async ({ client }) => {
    const asker = client()
    const [a = UNKNOWN] = await createTopics(asker, ['offsets-of-members'], { partitions: 2 })
    for (const version of versionsOf(OFFSET_COMMIT)) {
      const groupId = `members-${version}`
      const joinGroup = (memberId: (at: At) => string) =>
        asker.ask(JOIN_GROUP, newestOf(JOIN_GROUP), (at) => ({
          ...{ groupId, sessionTimeoutMs: 30_000, rebalanceTimeoutMs: 30_000, protocolType: 'consumer', memberId: memberId(at) },
          protocols: [{ name: 'range', metadata: Buffer.from('range') }],
        }))
      const memberId = mapPair(await joinGroup(() => ''), (answer) => answer.memberId)
      await joinGroup((at) => at(memberId))
      await commit(asker, version, { groupId, generation: 1, memberId }, [{ topic: a, offset: 2n }])
      const assignments = (at: At) => [{ memberId: at(memberId), assignment: Buffer.from('x') }]
      await asker.ask(SYNC_GROUP, 4, (at) => ({ groupId, generationId: 1, memberId: at(memberId), assignments: assignments(at) }))
      await commit(asker, version, { groupId, generation: 1, memberId }, [{ topic: a, offset: 3n, leaderEpoch: 0, metadata: 'm' }])
      const wrong: readonly Omit<Committer, 'groupId'>[] = [
        { generation: 2, memberId },
        { generation: 0, memberId },
        { generation: -1, memberId },
        { generation: 1, memberId: 'stranger' },
        { generation: 1, memberId: '' },
        { generation: -1, memberId: '' },
        { generation: -1, memberId: 'stranger' },
      ]
      for (const committer of wrong) await commit(asker, version, { groupId, ...committer }, [{ topic: a, partition: 1, offset: 9n }])
      if (version >= 7)
        await commit(asker, version, { groupId, generation: 1, memberId, groupInstanceId: 'nobody' }, [{ topic: a, offset: 9n }])
      for (const each of versionsOf(OFFSET_FETCH))
        await fetchOffsets(asker, each, { groups: [groupId], wanted: [{ topic: a, partitions: [0, 1] }] })
      const deleted = [
        { name: a.name, partitions: [{ partitionIndex: 0 }, { partitionIndex: 7 }] },
        { name: 'unknown', partitions: [{ partitionIndex: 0 }] },
      ]
      await asker.tell(OFFSET_DELETE, 0, { groupId, topics: deleted })
      await asker.tell(OFFSET_DELETE, 0, { groupId: `memberless-${version}`, topics: deleted })
      await asker.tell(OFFSET_DELETE, 0, { groupId: 'never', topics: deleted })
      await asker.tell(OFFSET_DELETE, 0, { groupId: '', topics: deleted })
      await asker.tell(OFFSET_DELETE, 0, { groupId, topics: [] })
      await fetchOffsets(asker, 8, { groups: [groupId, `memberless-${version}`], wanted: null })
    }
  }),
]
