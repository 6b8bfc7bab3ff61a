/** Fetch at every version: from everywhere in a log and beside it, in pieces, with epochs and sessions; and what else finds offsets. */
import { FETCH, LIST_OFFSETS, newestOf, OFFSET_FOR_LEADER_EPOCH, PRODUCE, versionsOf } from '../support/apis'
import { aRecord, batchOf, someRecords } from '../support/batches'
import type { Chance } from '../support/chance'
import { pause } from '../support/client'
import type { Client } from '../support/client'
import { same } from '../support/pair'
import { fetching, producing } from '../support/producing'
import { scenario } from '../support/scenario'
import type { Scenario } from '../support/scenario'
import { createTopic, createTopics } from '../support/topics'
import type { Topic } from '../support/topics'

const UNKNOWN: Topic = { name: 'fetch-unknown', id: same('YWJjZGVmZ2hpamtsbW5vcA') }
const NAMELESS: Topic = { name: '', id: same('AAAAAAAAAAAAAAAAAAAAAA') }
const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const

/** Some batches of some records each; the offset of the end. */
const fill = async (client: Client, chance: Chance, topic: Topic, partition = 0): Promise<bigint> => {
  let end = 0n
  for (const compression of chance.shuffled([...CODECS, 'none', 'none'] as const)) {
    const count = chance.between(1, 9)
    const records = batchOf({ records: someRecords(chance, count, 1_700_000_000_000 + Number(end) * 1000), compression })
    await client.ask(PRODUCE, newestOf(PRODUCE), producing([{ topic, partition, records }]))
    end += BigInt(count)
  }
  return end
}

export const fetches: readonly Scenario[] = [
  scenario('Fetch from everywhere in a log', async ({ chance, client }) => {
    const asker = client()
    const topic = await createTopic(asker, 'fetched')
    const end = await fill(asker, chance, topic)
    for (const version of versionsOf(FETCH)) {
      for (const offset of [0n, 1n, end / 2n, end - 1n, end, end + 1n, end + 1000n, -1n, -2n]) {
        await asker.tell(FETCH, version, fetching([{ topic, offset }]))
        await asker.tell(FETCH, version, fetching([{ topic, offset }], { isolationLevel: 1 }))
      }
      for (let i = 0; i < 6; i++) {
        const offset = BigInt(chance.below(Number(end)))
        await asker.tell(FETCH, version, fetching([{ topic, offset, maxBytes: chance.pick([0, 1, 60, 100, 200, 500, 1000, -1]) }]))
        await asker.tell(FETCH, version, fetching([{ topic, offset }], { maxBytes: chance.pick([0, 1, 100, 300, 1000]) }))
      }
      for (const currentLeaderEpoch of [0, 1, 5, -1]) {
        for (const lastFetchedEpoch of [-1, 0, 1]) {
          await asker.tell(FETCH, version, fetching([{ topic, offset: 1n, currentLeaderEpoch, lastFetchedEpoch }]))
        }
      }
    }
  }),

  scenario('Fetch of several partitions, some of which are not there', async ({ chance, client }) => {
    const asker = client()
    const [a, b] = await createTopics(asker, ['several-a', 'several-b'], { partitions: 2 })
    if (a === undefined || b === undefined) throw new Error('two topics were asked for')
    for (const topic of [a, b]) for (const partition of [0, 1]) await fill(asker, chance, topic, partition)
    for (const version of versionsOf(FETCH)) {
      const readings = [a, b].flatMap((topic) => [0, 1].map((partition) => ({ topic, partition, maxBytes: 300 })))
      await asker.tell(FETCH, version, fetching(chance.shuffled(readings)))
      await asker.tell(FETCH, version, fetching(readings, { maxBytes: 350 }))
      await asker.tell(FETCH, version, fetching(readings, { maxBytes: 1 }))
      await asker.tell(FETCH, version, fetching([]))
      for (const topic of [UNKNOWN, NAMELESS]) {
        await asker.tell(FETCH, version, fetching([{ topic }]))
        await asker.tell(FETCH, version, fetching([{ topic }, { topic: a, maxBytes: 100 }]))
      }
      for (const partition of [2, -1])
        await asker.tell(
          FETCH,
          version,
          fetching([
            { topic: a, partition },
            { topic: b, partition: 1, maxBytes: 100 },
          ]),
        )
      await asker.tell(
        FETCH,
        version,
        fetching([
          { topic: a, maxBytes: 100 },
          { topic: a, maxBytes: 100 },
        ]),
      )
    }
  }),

  scenario('Fetch that waits', async ({ client }) => {
    const asker = client()
    const writer = client()
    const topic = await createTopic(asker, 'waited-for')
    for (const version of versionsOf(FETCH)) {
      const offset = BigInt(versionsOf(FETCH).indexOf(version))
      await asker.tell(FETCH, version, fetching([{ topic, offset }], { maxWaitMs: 30, minBytes: 1 }))
      const waiting = asker.tell(FETCH, version, fetching([{ topic, offset }], { maxWaitMs: 10_000, minBytes: 1 }))
      // It must be waiting before there is something to be had.
      await pause(20)
      await writer.ask(PRODUCE, newestOf(PRODUCE), producing([{ topic, records: batchOf({ records: [aRecord('waited for')] }) }]))
      await waiting
      await asker.tell(FETCH, version, fetching([{ topic, offset }], { maxWaitMs: 30, minBytes: 100_000 }))
      await asker.tell(
        FETCH,
        version,
        fetching(
          [
            { topic, offset },
            { topic, partition: 7 },
          ],
          { maxWaitMs: 50, minBytes: 100_000 },
        ),
      )
    }
  }),

  scenario('Fetch within sessions that are not there', async ({ client }) => {
    const asker = client()
    const topic = await createTopic(asker, 'sessions')
    for (const version of versionsOf(FETCH).filter((each) => each >= 7)) {
      for (const [sessionId, sessionEpoch] of [
        [0, -1],
        [12345, 1],
        [12345, -1],
        [0, 1],
        [-1, 5],
      ] as const) {
        await asker.tell(FETCH, version, fetching([{ topic }], { sessionId, sessionEpoch }))
      }
    }
  }),

  scenario('ListOffsets', async ({ chance, client }) => {
    const asker = client()
    const [topic, empty] = await createTopics(asker, ['listed', 'listed-empty'])
    const stamped = await createTopic(asker, 'listed-stamped', { configs: { 'message.timestamp.type': 'LogAppendTime' } })
    if (topic === undefined || empty === undefined) throw new Error('two topics were asked for')
    const times = [1000, 3000, 2000, 5000, 4000]
    for (const timestamp of times) {
      const records = batchOf({
        records: [aRecord('a', { timestamp }), aRecord('b', { timestamp: timestamp + 500 })],
        compression: chance.pick(CODECS),
      })
      for (const each of [topic, stamped]) await asker.ask(PRODUCE, newestOf(PRODUCE), producing([{ topic: each, records }]))
    }
    for (const version of versionsOf(LIST_OFFSETS)) {
      for (const isolationLevel of [0, 1]) {
        const ask = (name: string, partitionIndex: number, timestamp: bigint, currentLeaderEpoch = -1) => {
          const partitions = [{ partitionIndex, timestamp, currentLeaderEpoch }]
          return asker.tell(LIST_OFFSETS, version, { replicaId: -1, isolationLevel, topics: [{ name, partitions }] })
        }
        for (const { name } of [topic, empty, stamped]) {
          for (const special of [-1n, -2n, -3n, -4n, -5n, -6n, -7n]) await ask(name, 0, special)
          for (const time of [0n, 999n, 1000n, 1001n, 2500n, 3500n, 5500n, 5501n, 9_000_000n, 4_000_000_000_000n]) await ask(name, 0, time)
          for (const epoch of [0, 1, 7]) await ask(name, 0, -1n, epoch)
        }
        for (const [name, partition] of [
          ['listed', 1],
          ['listed', -1],
          ['unknown', 0],
          ['', 0],
          ['no name', 0],
        ] as const)
          await ask(name, partition, -1n)
        const partitions = [0, 0, 1].map((partitionIndex) => ({ partitionIndex, timestamp: -1n }))
        await asker.tell(LIST_OFFSETS, version, {
          replicaId: -1,
          isolationLevel,
          topics: [
            { name: 'listed', partitions },
            { name: 'unknown', partitions },
          ],
        })
        await asker.tell(LIST_OFFSETS, version, { replicaId: -1, isolationLevel, topics: [] })
      }
    }
  }),

  scenario('OffsetForLeaderEpoch', async ({ chance, client }) => {
    const asker = client()
    const topic = await createTopic(asker, 'epochs')
    await asker.tell(OFFSET_FOR_LEADER_EPOCH, 4, {
      replicaId: -1,
      topics: [{ topic: 'epochs', partitions: [{ partition: 0, leaderEpoch: 0 }] }],
    })
    await fill(asker, chance, topic)
    for (const version of versionsOf(OFFSET_FOR_LEADER_EPOCH)) {
      for (const leaderEpoch of [0, 1, 5, -1]) {
        for (const currentLeaderEpoch of [-1, 0, 1]) {
          for (const [name, partition] of [
            ['epochs', 0],
            ['epochs', 1],
            ['unknown', 0],
          ] as const) {
            const topics = [{ topic: name, partitions: [{ partition, currentLeaderEpoch, leaderEpoch }] }]
            await asker.tell(OFFSET_FOR_LEADER_EPOCH, version, { replicaId: version < 3 ? -2 : -1, topics })
          }
        }
      }
      await asker.tell(OFFSET_FOR_LEADER_EPOCH, version, { topics: [] })
    }
  }),
]
