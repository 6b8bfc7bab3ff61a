/** Topics that come, grow, change and go, and whoever writes to them and reads them meanwhile, by name and by ids old and new. */
import {
  CREATE_PARTITIONS,
  CREATE_TOPICS,
  DELETE_RECORDS,
  DELETE_TOPICS,
  DESCRIBE_CONFIGS,
  FETCH,
  INCREMENTAL_ALTER_CONFIGS,
  LIST_OFFSETS,
  METADATA,
  OFFSET_COMMIT,
  OFFSET_FETCH,
  PRODUCE,
  versionsOf,
} from '../support/apis'
import { batchOf, someRecords } from '../support/batches'
import type { Chance } from '../support/chance'
import type { Client } from '../support/client'
import { same } from '../support/pair'
import { fetching, producing, readBack } from '../support/producing'
import { scenario } from '../support/scenario'
import type { Scenario } from '../support/scenario'
import { awaitNoTopics, awaitTopics } from '../support/topics'
import type { Topic } from '../support/topics'

const NAMES = ['random-topics-a', 'random-topics-b', 'random-topics-c']
const STEPS = 300
const GROUP = 'random-topics'
const TOPIC_RESOURCE = 2
/** Set for the topic itself. */
const OF_TOPIC = 1
const MOST_PARTITIONS = 4
const CONFIGS = [
  ['max.message.bytes', '120'],
  ['max.message.bytes', '100000'],
  ['message.timestamp.type', 'LogAppendTime'],
  ['message.timestamp.type', 'CreateTime'],
  ['compression.type', 'gzip'],
  ['compression.type', 'producer'],
  ['cleanup.policy', 'compact'],
  ['cleanup.policy', 'delete'],
  ['min.insync.replicas', '2'],
  ['min.insync.replicas', '1'],
] as const

/** What there is, and what was there before: topics of any time may be asked for. */
interface World {
  readonly chance: Chance
  readonly client: Client
  /** How many partitions each has. */
  readonly present: Map<string, number>
  readonly ever: Topic[]
}

const changes = ({ chance, client, present, ever }: World): readonly (() => Promise<void>)[] => [
  async () => {
    const [name, partitions] = [chance.pick(NAMES), chance.between(1, 3)]
    const topics = [{ name, numPartitions: partitions, replicationFactor: 1, assignments: [], configs: [] }]
    await client.ask(CREATE_TOPICS, chance.pick(versionsOf(CREATE_TOPICS)), { topics, timeoutMs: 5000 })
    if (present.has(name)) return
    present.set(name, partitions)
    ever.push(...(await awaitTopics(client, [name], partitions)))
  },
  async () => {
    const [name, count] = [chance.pick(NAMES), chance.between(1, MOST_PARTITIONS)]
    const topics = [{ name, count, assignments: null }]
    await client.ask(CREATE_PARTITIONS, chance.pick(versionsOf(CREATE_PARTITIONS)), { topics, timeoutMs: 5000, validateOnly: false })
    const before = present.get(name)
    if (before === undefined || count <= before) return
    present.set(name, count)
    await awaitTopics(client, [name], count)
  },
  async () => {
    const name = chance.pick(NAMES)
    const topics = [{ name, topicId: 'AAAAAAAAAAAAAAAAAAAAAA' }]
    await client.ask(DELETE_TOPICS, chance.pick(versionsOf(DELETE_TOPICS)), { topics, topicNames: [name], timeoutMs: 5000 })
    present.delete(name)
    await awaitNoTopics(client, [name], MOST_PARTITIONS)
  },
  async () => {
    const [name, [config, value]] = [chance.pick(NAMES), chance.pick(CONFIGS)]
    const resources = [{ resourceType: TOPIC_RESOURCE, resourceName: name, configs: [{ name: config, configOperation: 0, value }] }]
    await client.ask(INCREMENTAL_ALTER_CONFIGS, 1, { resources, validateOnly: false })
    const asked = { resources: [{ resourceType: TOPIC_RESOURCE, resourceName: name, configurationKeys: [config] }] }
    if (!present.has(name)) return
    // A broker hears of it a moment later.
    await client.until(DESCRIBE_CONFIGS, 4, asked, ({ results }) => {
      const [found] = results[0]?.configs ?? []
      return found?.value === value && found.configSource === OF_TOPIC
    })
  },
]

const uses = ({ chance, client, ever }: World): readonly (() => Promise<unknown>)[] => {
  const topic = chance.pick(ever)
  const [partition, offset] = [chance.below(MOST_PARTITIONS), BigInt(chance.below(12))]
  const write = () => {
    const records = batchOf({ records: someRecords(chance, chance.between(1, 4)), compression: chance.pick(['none', 'gzip', 'lz4']) })
    return client.tell(
      PRODUCE,
      chance.pick(versionsOf(PRODUCE)),
      producing([{ topic, partition, records }], { acks: chance.pick([-1, 1]) }),
    )
  }
  const read = () => client.tell(FETCH, chance.pick(versionsOf(FETCH)), fetching([{ topic, partition, offset }]))
  return [
    write,
    write,
    write,
    read,
    read,
    () => {
      const timestamp = chance.pick([-1n, -2n, 1_700_000_000_000n])
      const topics = [{ name: topic.name, partitions: [{ partitionIndex: partition, timestamp }] }]
      return client.tell(LIST_OFFSETS, chance.pick(versionsOf(LIST_OFFSETS)), { replicaId: -1, isolationLevel: 0, topics })
    },
    () =>
      client.tell(METADATA, chance.pick(versionsOf(METADATA).filter((each) => each >= 4)), {
        topics: [{ name: topic.name }],
        allowAutoTopicCreation: false,
      }),
    () => client.tell(METADATA, 13, (at) => ({ topics: [{ name: null, topicId: at(topic.id) }] })),
    () => {
      const topics = [{ name: topic.name, partitions: [{ partitionIndex: partition, offset }] }]
      return client.tell(DELETE_RECORDS, chance.pick(versionsOf(DELETE_RECORDS)), { topics, timeoutMs: 5000 })
    },
    () =>
      client.tell(OFFSET_COMMIT, chance.pick(versionsOf(OFFSET_COMMIT)), (at) => ({
        ...{ groupId: GROUP, generationIdOrMemberEpoch: -1, memberId: '' },
        topics: [
          {
            ...{ name: topic.name, topicId: at(topic.id) },
            partitions: [{ partitionIndex: partition, committedOffset: offset, committedMetadata: 'm' }],
          },
        ],
      })),
    () =>
      client.tell(OFFSET_FETCH, 10, (at) => ({
        groups: [{ groupId: GROUP, topics: [{ topicId: at(topic.id), partitionIndexes: [0, 1, 2, 3] }] }],
      })),
  ]
}

export const randomTopics: readonly Scenario[] = [
  scenario('topics at random', async ({ chance, client }) => {
    const asker = client()
    const unknown = { name: 'random-topics-unknown', id: same('YWJjZGVmZ2hpamtsbW5vcA') }
    const world: World = { chance, client: asker, present: new Map(), ever: [unknown] }
    for (let i = 0; i < STEPS; i++) {
      if (chance.happens(0.25)) await chance.pick(changes(world))()
      else await chance.pick(uses(world))()
    }
    for (const topic of world.ever.slice(1)) {
      if (world.present.has(topic.name)) await readBack(asker, topic)
    }
  }),
]
