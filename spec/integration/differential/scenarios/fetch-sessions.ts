/** Fetch sessions (KIP-227), and logs whose beginning goes away under their readers. */
import { DELETE_RECORDS, FETCH, LIST_OFFSETS, newestOf, PRODUCE, versionsOf } from '../support/apis'
import { aRecord, batchOf } from '../support/batches'
import type { Client } from '../support/client'
import { mapPair, same } from '../support/pair'
import { fetching, producing, readBack } from '../support/producing'
import { scenario } from '../support/scenario'
import type { Scenario } from '../support/scenario'
import { createTopic, createTopics } from '../support/topics'
import type { Topic } from '../support/topics'

const UNKNOWN: Topic = { name: 'sessions-unknown', id: same('YWJjZGVmZ2hpamtsbW5vcA') }

const write = (client: Client, topic: Topic, partition = 0) =>
  client.ask(PRODUCE, newestOf(PRODUCE), producing([{ topic, partition, records: batchOf({ records: [aRecord('session')] }) }]))

export const fetchSessions: readonly Scenario[] = [
  scenario('Fetch within a session', async ({ client }) => {
    const asker = client()
    const topics = await createTopics(asker, ['session-a', 'session-b'], { partitions: 2 })
    const [a, b] = topics as [Topic, Topic]
    let end = 0n
    for (const version of versionsOf(FETCH).filter((each) => each >= 7)) {
      for (const topic of topics) await write(asker, topic)
      const readings = topics.flatMap((topic) => [0, 1].map((partition) => ({ topic, partition, offset: partition === 0 ? end : 0n })))
      const opened = await asker.ask(FETCH, version, fetching(readings, { sessionId: 0, sessionEpoch: 0 }))
      const id = mapPair(opened, ({ sessionId }) => sessionId)
      const more = (sessionEpoch: number, changed: Parameters<typeof fetching>[0], forgotten: readonly Topic[] = []) =>
        asker.tell(FETCH, version, (at) => ({
          ...(fetching(changed) as (of: typeof at) => Parameters<typeof FETCH.request.write>[1])(at),
          ...{ sessionId: at(id), sessionEpoch },
          forgottenTopicsData: forgotten.map((topic) => ({ topic: topic.name, topicId: at(topic.id), partitions: [0] })),
        }))
      end += 1n
      await more(1, [{ topic: a, offset: end }])
      await more(2, [{ topic: b, offset: end }])
      await more(3, [])
      await write(asker, a)
      await more(4, [])
      await more(5, [{ topic: a, offset: end + 1n }])
      await more(5, [])
      await more(7, [])
      await more(6, [{ topic: UNKNOWN }])
      await more(7, [{ topic: a, partition: 9 }])
      await more(8, [], [a])
      await write(asker, a)
      await more(9, [])
      await more(10, [{ topic: a, offset: end + 5n }])
      await more(11, [])
      await write(asker, b)
      await more(12, [{ topic: b, offset: end + 1n }])
      await more(-1, [])
      await more(13, [])
      await write(asker, b)
      // As many in both: one before, two of each within.
      end += 2n
    }
  }),

  scenario('DeleteRecords', async ({ chance, client }) => {
    const asker = client()
    for (const version of versionsOf(DELETE_RECORDS)) {
      const topic = await createTopic(asker, `shrinking-${version}`, { partitions: 2 })
      let time = 1_700_000_000_000
      const write = () => {
        const records = Array.from({ length: 3 }, () => aRecord('shrinking', { timestamp: time++ }))
        const batch = batchOf({ records, compression: chance.pick(['none', 'gzip']) })
        return asker.ask(PRODUCE, newestOf(PRODUCE), producing([{ topic, records: batch }]))
      }
      for (let i = 0; i < 8; i++) await write()
      const remove = (offset: bigint, partitionIndex = 0, name = topic.name) =>
        asker.tell(DELETE_RECORDS, version, { topics: [{ name, partitions: [{ partitionIndex, offset }] }], timeoutMs: 5000 })
      const look = async (): Promise<void> => {
        await readBack(asker, topic)
        for (const offset of [0n, 4n, 7n, 23n, 24n]) await asker.tell(FETCH, newestOf(FETCH), fetching([{ topic, offset }]))
        for (const timestamp of [-2n, -1n, -3n, 0n, 1_700_000_000_000n, 1_700_000_000_010n]) {
          const topics = [{ name: topic.name, partitions: [{ partitionIndex: 0, timestamp }] }]
          await asker.tell(LIST_OFFSETS, newestOf(LIST_OFFSETS), { replicaId: -1, isolationLevel: 0, topics })
        }
      }
      for (const offset of [0n, 4n, 2n, 4n]) await remove(offset)
      await look()
      for (const offset of [25n, -2n]) await remove(offset)
      await remove(1n, 7)
      await remove(1n, 0, 'unknown')
      await remove(1n, 0, '')
      await remove(6n)
      await look()
      await remove(-1n)
      await look()
      await write()
      await look()
      await asker.tell(DELETE_RECORDS, version, { topics: [], timeoutMs: 5000 })
    }
  }),
]
