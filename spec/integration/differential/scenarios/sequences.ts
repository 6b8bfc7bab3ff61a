/** Idempotent producers: InitProducerId, and every way in which sequence numbers and epochs may be wrong. */
import { INIT_PRODUCER_ID, newestOf, PRODUCE, versionsOf } from '../support/apis'
import { aRecord, batchOf } from '../support/batches'
import type { Client } from '../support/client'
import { mapPair, same } from '../support/pair'
import type { Pair } from '../support/pair'
import { producing, readBack } from '../support/producing'
import { scenario } from '../support/scenario'
import type { Scenario } from '../support/scenario'
import { createTopic, createTopics } from '../support/topics'

const LAST_SEQUENCE = 2 ** 31 - 1

interface Stamp {
  readonly epoch: number
  readonly sequence: number
  readonly count?: number
}

const stamped = (producerId: Pair<bigint>, { epoch, sequence, count = 1 }: Stamp): Pair<Uint8Array> =>
  mapPair(producerId, (id) => {
    const records = Array.from({ length: count }, (_, i) => aRecord(`${sequence}+${i}`))
    return batchOf({ records, producerId: id, producerEpoch: epoch, baseSequence: sequence })
  })

/** A producer id of each side. */
export const newProducerId = async (client: Client): Promise<Pair<bigint>> => {
  const answer = await client.ask(INIT_PRODUCER_ID, newestOf(INIT_PRODUCER_ID), { transactionalId: null, transactionTimeoutMs: 60_000 })
  return mapPair(answer, ({ producerId }) => producerId)
}

const times = (count: number, stamp: (i: number) => Stamp): Stamp[] => Array.from({ length: count }, (_, i) => stamp(i))

/** Each is the life of one producer on one partition. */
const LIVES: Readonly<Record<string, readonly Stamp[]>> = {
  'in order': times(8, (i) => ({ epoch: 0, sequence: i * 3, count: 3 })),
  'the last once more': [
    { epoch: 0, sequence: 0 },
    { epoch: 0, sequence: 1, count: 2 },
    { epoch: 0, sequence: 1, count: 2 },
    { epoch: 0, sequence: 3 },
  ],
  'each of the last five once more': [
    ...times(7, (i) => ({ epoch: 0, sequence: i })),
    ...times(7, (i) => ({ epoch: 0, sequence: i })),
    { epoch: 0, sequence: 7 },
  ],
  'a part of a batch once more': [
    { epoch: 0, sequence: 0, count: 4 },
    { epoch: 0, sequence: 2, count: 2 },
    { epoch: 0, sequence: 0, count: 2 },
    { epoch: 0, sequence: 0, count: 6 },
  ],
  'two batches joined once more': [
    { epoch: 0, sequence: 0 },
    { epoch: 0, sequence: 1 },
    { epoch: 0, sequence: 0, count: 2 },
  ],
  'a gap': [
    { epoch: 0, sequence: 0 },
    { epoch: 0, sequence: 2 },
    { epoch: 0, sequence: 1 },
  ],
  'first not 0': [
    { epoch: 0, sequence: 5 },
    { epoch: 0, sequence: 6 },
    { epoch: 0, sequence: 0 },
    { epoch: 0, sequence: 9 },
  ],
  'first far': [
    { epoch: 0, sequence: LAST_SEQUENCE },
    { epoch: 0, sequence: 0 },
  ],
  'a greater epoch from 0': [
    { epoch: 0, sequence: 0 },
    { epoch: 1, sequence: 0 },
    { epoch: 1, sequence: 1 },
    { epoch: 0, sequence: 1 },
    { epoch: 0, sequence: 0 },
  ],
  'a greater epoch that goes on': [
    { epoch: 0, sequence: 0 },
    { epoch: 1, sequence: 1 },
    { epoch: 1, sequence: 0 },
  ],
  'an epoch far ahead': [
    { epoch: 0, sequence: 0 },
    { epoch: 32767, sequence: 0 },
    { epoch: 1, sequence: 0 },
  ],
  'a first epoch above 0': [
    { epoch: 7, sequence: 0 },
    { epoch: 6, sequence: 1 },
    { epoch: 7, sequence: 1 },
  ],
  'a negative epoch': [
    { epoch: -1, sequence: 0 },
    { epoch: 0, sequence: 0 },
  ],
  'a negative sequence': [
    { epoch: 0, sequence: -1 },
    { epoch: 0, sequence: -2 },
    { epoch: 0, sequence: 0 },
  ],
  'the largest epoch': [
    { epoch: 32767, sequence: 0 },
    { epoch: 32767, sequence: 1 },
    { epoch: -32768, sequence: 0 },
  ],
  'around the end': [
    { epoch: 0, sequence: LAST_SEQUENCE - 1, count: 1 },
    { epoch: 0, sequence: LAST_SEQUENCE, count: 1 },
    { epoch: 0, sequence: 0, count: 1 },
    { epoch: 0, sequence: LAST_SEQUENCE, count: 1 },
  ],
  'across the end': [
    { epoch: 0, sequence: LAST_SEQUENCE - 2, count: 5 },
    { epoch: 0, sequence: 2 },
    { epoch: 0, sequence: LAST_SEQUENCE - 2, count: 5 },
    { epoch: 0, sequence: 3 },
  ],
}

export const sequences: readonly Scenario[] = [
  scenario('InitProducerId without a transaction', async ({ client }) => {
    const asker = client()
    for (const version of versionsOf(INIT_PRODUCER_ID)) {
      const ask = (more: {
        readonly transactionalId?: string | null
        readonly transactionTimeoutMs?: number
        readonly producerId?: bigint
        readonly producerEpoch?: number
      }) => asker.tell(INIT_PRODUCER_ID, version, { transactionalId: null, transactionTimeoutMs: 60_000, ...more })
      for (let i = 0; i < 3; i++) await ask({})
      await ask({ transactionTimeoutMs: 0 })
      await ask({ transactionTimeoutMs: -1 })
      await ask({ transactionTimeoutMs: 2 ** 31 - 1 })
      await ask({ transactionalId: '' })
      if (version < 3) continue
      await ask({ producerId: 0n, producerEpoch: 0 })
      await ask({ producerId: 5n, producerEpoch: -1 })
      await ask({ producerId: -1n, producerEpoch: 3 })
      await ask({ producerId: -2n, producerEpoch: -2 })
    }
  }),

  scenario('the lives of idempotent producers', async ({ chance, client }) => {
    const asker = client()
    for (const version of versionsOf(PRODUCE)) {
      const topic = await createTopic(asker, `lives-${version}`)
      for (const life of chance.shuffled(Object.keys(LIVES))) {
        const producerId = await newProducerId(asker)
        for (const stamp of LIVES[life] ?? [])
          await asker.tell(PRODUCE, version, producing([{ topic, records: stamped(producerId, stamp) }]))
      }
      await readBack(asker, topic)
    }
  }),

  scenario('producers whose id nobody gave', async ({ client }) => {
    const asker = client()
    const topic = await createTopic(asker, 'given-by-nobody')
    for (const id of [123_456_789n, 0n, -2n, 2n ** 62n]) {
      for (const sequence of [0, 1, 0]) {
        await asker.tell(PRODUCE, newestOf(PRODUCE), producing([{ topic, records: stamped(same(id), { epoch: 0, sequence }) }]))
      }
    }
    const half = batchOf({ records: [aRecord('a')], producerId: 77n })
    await asker.tell(PRODUCE, newestOf(PRODUCE), producing([{ topic, records: half }]))
    const other = batchOf({ records: [aRecord('a')], producerEpoch: 0, baseSequence: 0 })
    await asker.tell(PRODUCE, newestOf(PRODUCE), producing([{ topic, records: other }]))
    await readBack(asker, topic)
  }),

  scenario('idempotent producers at random', async ({ chance, client }) => {
    const asker = client()
    const topics = await createTopics(asker, ['random-sequences-a', 'random-sequences-b'], { partitions: 2 })
    const ids = [await newProducerId(asker), await newProducerId(asker)]
    for (let i = 0; i < 400; i++) {
      const records = stamped(chance.pick(ids), {
        epoch: chance.pick([0, 0, 0, 1, 2]),
        sequence: chance.below(12),
        count: chance.pick([1, 1, 1, 2, 3]),
      })
      const batch = { topic: chance.pick(topics), partition: chance.below(2), records }
      await asker.tell(PRODUCE, chance.pick(versionsOf(PRODUCE)), producing([batch], { acks: chance.pick([-1, 1]) }))
    }
    for (const topic of topics) for (const partition of [0, 1]) await readBack(asker, topic, partition)
  }),
]
