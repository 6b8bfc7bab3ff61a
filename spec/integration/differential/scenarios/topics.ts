/** Topics made, grown and deleted, in ways good and bad, at every version; and what is said about them and the cluster. */
import {
  CREATE_PARTITIONS,
  CREATE_TOPICS,
  DELETE_TOPICS,
  DESCRIBE_CLUSTER,
  DESCRIBE_TOPIC_PARTITIONS,
  FETCH,
  METADATA,
  newestOf,
  OFFSET_COMMIT,
  OFFSET_FETCH,
  PRODUCE,
  versionsOf,
} from '../support/apis'
import type { Chance } from '../support/chance'
import { aRecord, batchOf } from '../support/batches'
import type { At } from '../support/pair'
import { fetching, producing } from '../support/producing'
import { scenario } from '../support/scenario'
import type { Scenario } from '../support/scenario'
import { awaitNoTopics, awaitTopics, createTopic, createTopics } from '../support/topics'
import type { Topic } from '../support/topics'

const UNKNOWN_ID = 'YWJjZGVmZ2hpamtsbW5vcA'
const ZERO_ID = 'AAAAAAAAAAAAAAAAAAAAAA'
const BAD_NAMES = ['', '.', '..', 'a b', 'a/b', 'x'.repeat(250), 'ä']

interface Wish {
  readonly name: string
  readonly numPartitions: number
  readonly replicationFactor: number
  readonly assignments: readonly { readonly partitionIndex: number; readonly brokerIds: readonly number[] }[]
  readonly configs: readonly { readonly name: string; readonly value: string | null }[]
}

const wish = (name: string, more: Partial<Wish> = {}): Wish => ({
  ...{ name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] },
  ...more,
})

const config = (name: string, value: string | null): Partial<Wish> => ({ configs: [{ name, value }] })

const assigned = (...assignments: readonly (readonly [number, readonly number[]])[]): Partial<Wish> => ({
  numPartitions: -1,
  replicationFactor: -1,
  assignments: assignments.map(([partitionIndex, brokerIds]) => ({ partitionIndex, brokerIds })),
})

/** Each is refused, or is made in a way of its own. */
const ODD_WISHES: readonly Partial<Wish>[] = [
  { numPartitions: 0 },
  { numPartitions: -1 },
  { numPartitions: -2 },
  { numPartitions: 3, replicationFactor: -1 },
  { replicationFactor: 0 },
  { replicationFactor: 2 },
  { replicationFactor: -2 },
  { replicationFactor: 32767 },
  assigned([0, [1]]),
  assigned([0, [1]], [1, [1]]),
  assigned([1, [1]]),
  assigned([0, [1]], [2, [1]]),
  assigned([0, [2]]),
  assigned([0, [1, 1]]),
  assigned([0, []]),
  assigned([-1, [1]]),
  { ...assigned([0, [1]]), numPartitions: 1 },
  { ...assigned([0, [1]]), replicationFactor: 1 },
  config('cleanup.policy', 'compact'),
  config('cleanup.policy', 'compact,delete'),
  config('cleanup.policy', 'neither'),
  config('cleanup.policy', null),
  config('retention.ms', '1000'),
  config('retention.ms', 'soon'),
  config('retention.ms', '-2'),
  config('max.message.bytes', '-1'),
  config('max.message.bytes', '1000000'),
  config('min.insync.replicas', '0'),
  config('min.insync.replicas', '2'),
  config('compression.type', 'zip'),
  config('compression.type', 'zstd'),
  config('message.timestamp.type', 'LogAppendTime'),
  config('message.timestamp.type', 'Never'),
  config('there.is.no.such.config', '1'),
  config('', 'x'),
  {
    configs: [config('retention.ms', '1').configs?.[0], config('segment.bytes', '20000000').configs?.[0]].filter(
      (each) => each !== undefined,
    ),
  },
]

const create = (topics: readonly Wish[], more: { readonly validateOnly?: boolean } = {}) => ({ topics, timeoutMs: 10_000, ...more })

const pickWish = (chance: Chance, name: string): Wish => wish(name, chance.pick(ODD_WISHES))

export const topics: readonly Scenario[] = [
  scenario('CreateTopics, good and bad', async ({ chance, client }) => {
    const asker = client()
    for (const version of versionsOf(CREATE_TOPICS)) {
      const name = `create-${version}`
      await asker.ask(CREATE_TOPICS, version, create([wish(name, { numPartitions: chance.between(1, 3) })], { validateOnly: true }))
      await asker.ask(CREATE_TOPICS, version, create([wish(name, { numPartitions: chance.between(1, 3) })]))
      await asker.ask(CREATE_TOPICS, version, create([wish(name)]))
      await asker.ask(CREATE_TOPICS, version, create([wish(name)], { validateOnly: true }))
      await asker.ask(CREATE_TOPICS, version, create([]))
      for (const bad of BAD_NAMES) await asker.tell(CREATE_TOPICS, version, create([wish(bad)]))
      for (const [i, odd] of ODD_WISHES.entries()) {
        await asker.tell(CREATE_TOPICS, version, create([wish(`create-${version}-only-${i}`, odd)], { validateOnly: true }))
        if (version === 2 || version === 7) await asker.tell(CREATE_TOPICS, version, create([wish(`create-${version}-odd-${i}`, odd)]))
      }
      const several = [1, 2, 3].map((i) => pickWish(chance, `create-${version}-several-${i}`))
      await asker.ask(CREATE_TOPICS, version, create([...several, wish(`create-${version}-good`)]))
      await asker.ask(
        CREATE_TOPICS,
        version,
        create([wish(`create-${version}-twice`), wish(`create-${version}-twice`), wish(`create-${version}-once`)]),
      )
      await asker.ask(CREATE_TOPICS, version, create([wish(`create.${version}`), wish(`create_${version}`)]))
    }
    await awaitTopics(asker, ['create-2-good', 'create-7-good'], 1)
  }),

  scenario('CreatePartitions, good and bad', async ({ chance, client }) => {
    const asker = client()
    const grow = (
      ...grown: readonly {
        readonly name: string
        readonly count: number
        readonly assignments?: readonly { readonly brokerIds: readonly number[] }[] | null
      }[]
    ) => ({
      topics: grown.map((each) => ({ assignments: null, ...each })),
      timeoutMs: 10_000,
      validateOnly: false,
    })
    for (const version of versionsOf(CREATE_PARTITIONS)) {
      const [name, other] = [`grow-${version}`, `grow-${version}-other`]
      await createTopics(asker, [name, other], { partitions: 2 })
      const ask = (request: ReturnType<typeof grow>) => asker.tell(CREATE_PARTITIONS, version, request)
      await ask({ ...grow({ name, count: 4 }), validateOnly: true })
      for (const count of chance.shuffled([0, -1, 1, 2, -5])) await ask(grow({ name, count }))
      await ask(grow({ name: `${name}-unknown`, count: 3 }))
      await ask(grow({ name: '', count: 3 }))
      await ask(grow({ name, count: 3, assignments: [{ brokerIds: [2] }] }))
      await ask(grow({ name, count: 3, assignments: [{ brokerIds: [1, 1] }] }))
      await ask(grow({ name, count: 3, assignments: [{ brokerIds: [] }] }))
      await ask(grow({ name, count: 3, assignments: [] }))
      await ask(grow({ name, count: 4, assignments: [{ brokerIds: [1] }] }))
      await ask(grow({ name, count: 3, assignments: [{ brokerIds: [1] }, { brokerIds: [1] }] }))
      await ask(grow({ name, count: 3 }, { name, count: 4 }))
      await ask(grow({ name: other, count: 1 }, { name, count: 3, assignments: [{ brokerIds: [1] }] }))
      await ask(grow({ name, count: 5 }))
      await ask(grow())
      await awaitTopics(asker, [name], 5)
    }
  }),

  scenario('DeleteTopics, by name and by id', async ({ client }) => {
    const asker = client()
    for (const version of versionsOf(DELETE_TOPICS)) {
      const names = ['a', 'b', 'c', 'd'].map((letter) => `delete-${version}-${letter}`)
      const made = await createTopics(asker, names)
      const [a = '', b = '', c = '', d = ''] = names
      const byName = (...deleted: readonly string[]) => ({
        ...(version >= 6 ? { topics: deleted.map((name) => ({ name, topicId: ZERO_ID })) } : { topicNames: deleted }),
        timeoutMs: 10_000,
      })
      await asker.tell(DELETE_TOPICS, version, byName())
      await asker.tell(DELETE_TOPICS, version, byName(`${a}-unknown`))
      await asker.tell(DELETE_TOPICS, version, byName('', 'a b'))
      await asker.tell(DELETE_TOPICS, version, byName(a, a))
      await asker.tell(DELETE_TOPICS, version, byName(a))
      await asker.tell(DELETE_TOPICS, version, byName(a, b))
      if (version >= 6) {
        const id = made[2]?.id ?? { theirs: '', ours: '' }
        const byId = (wanted: readonly { readonly name: string | null; readonly topicId: string }[]) => ({
          topics: wanted,
          timeoutMs: 10_000,
        })
        await asker.tell(DELETE_TOPICS, version, byId([{ name: null, topicId: UNKNOWN_ID }]))
        await asker.tell(DELETE_TOPICS, version, byId([{ name: null, topicId: ZERO_ID }]))
        await asker.tell(DELETE_TOPICS, version, (at) => byId([{ name: c, topicId: at(id) }]))
        await asker.tell(DELETE_TOPICS, version, byId([{ name: c, topicId: UNKNOWN_ID }]))
        await asker.tell(DELETE_TOPICS, version, (at) =>
          byId([
            { name: null, topicId: at(id) },
            { name: null, topicId: at(id) },
          ]),
        )
        await asker.tell(DELETE_TOPICS, version, (at) =>
          byId([
            { name: null, topicId: at(id) },
            { name: c, topicId: ZERO_ID },
          ]),
        )
        await asker.tell(DELETE_TOPICS, version, (at) => byId([{ name: null, topicId: at(id) }]))
      }
      await asker.tell(DELETE_TOPICS, version, byName(d, c))
      await awaitNoTopics(asker, names)
    }
  }),

  scenario('a topic made anew has another id, and nothing of the one before', async ({ client }) => {
    const asker = client()
    const before: Topic[] = []
    const offsets = (version: number) => (at: At) => ({
      groups: [{ groupId: 'again', topics: version < 10 ? null : before.map(({ id }) => ({ topicId: at(id), partitionIndexes: [0] })) }],
    })
    for (let i = 0; i < 3; i++) {
      const topic = await createTopic(asker, 'again', { partitions: i + 1 })
      before.push(topic)
      for (const { id } of before) {
        const each = { name: 'again', id }
        await asker.tell(METADATA, newestOf(METADATA), (at) => ({ topics: [{ name: null, topicId: at(id) }] }))
        for (const version of [12, 13])
          await asker.tell(PRODUCE, version, producing([{ topic: each, records: batchOf({ records: [aRecord('again')] }) }]))
        for (const version of [12, 13, 18]) await asker.tell(FETCH, version, fetching([{ topic: each }]))
        for (const version of [9, 10]) await asker.tell(OFFSET_FETCH, version, offsets(version))
        await asker.tell(OFFSET_COMMIT, 10, (at) => ({
          ...{ groupId: 'again', memberId: '', generationIdOrMemberEpoch: -1 },
          topics: [{ topicId: at(id), partitions: [{ partitionIndex: 0, committedOffset: 5n, committedMetadata: '' }] }],
        }))
      }
      for (const version of [9, 10]) await asker.tell(OFFSET_FETCH, version, offsets(version))
      await asker.ask(DELETE_TOPICS, newestOf(DELETE_TOPICS), { topics: [{ name: 'again', topicId: ZERO_ID }], timeoutMs: 10_000 })
      await awaitNoTopics(asker, ['again'])
      // The coordinator hears of it a moment later.
      await asker.until(OFFSET_FETCH, 9, { groups: [{ groupId: 'again', topics: null }] }, ({ groups }) => groups[0]?.topics.length === 0)
    }
  }),

  scenario('DescribeCluster and DescribeTopicPartitions', async ({ client }) => {
    const asker = client()
    await createTopics(asker, ['described-a', 'described-b', 'described-c'], { partitions: 3 })
    for (const version of versionsOf(DESCRIBE_CLUSTER)) {
      for (const includeClusterAuthorizedOperations of [true, false]) {
        for (const endpointType of [1, 2, 3]) {
          if (version === 0 && endpointType !== 1) continue
          for (const includeFencedBrokers of [true, false]) {
            await asker.tell(DESCRIBE_CLUSTER, version, { includeClusterAuthorizedOperations, endpointType, includeFencedBrokers })
          }
        }
      }
    }
    const names = ['described-b', 'described-a', 'unknown', 'a b', 'described-a'].map((name) => ({ name }))
    for (const responsePartitionLimit of [2000, 1, 2, 4, 0, -1]) {
      await asker.tell(DESCRIBE_TOPIC_PARTITIONS, 0, { topics: names, responsePartitionLimit })
      for (const [topicName, partitionIndex] of [
        ['described-a', 1],
        ['described-b', 0],
        ['described-a', 7],
        ['described-aa', 0],
        ['described-b', -1],
      ] as const) {
        const cursor = { topicName, partitionIndex }
        await asker.tell(DESCRIBE_TOPIC_PARTITIONS, 0, { topics: names.slice(0, 3), responsePartitionLimit, cursor })
      }
    }
  }),
]
