/** What a transaction coordinator and a partition refuse: strangers, the fenced, and what comes out of order. */
import {
  ADD_OFFSETS_TO_TXN,
  ADD_PARTITIONS_TO_TXN,
  END_TXN,
  INIT_PRODUCER_ID,
  JOIN_GROUP,
  newestOf,
  PRODUCE,
  SYNC_GROUP,
  TXN_OFFSET_COMMIT,
  versionsOf,
} from '../support/apis'
import { mapPair, same } from '../support/pair'
import type { At, Pair } from '../support/pair'
import { readBack } from '../support/producing'
import { scenario } from '../support/scenario'
import type { Scenario } from '../support/scenario'
import { createTopic } from '../support/topics'
import type { Topic } from '../support/topics'
import { transacting } from '../support/transacting'
import type { Producer, Transacting } from '../support/transacting'

const UNKNOWN: Topic = { name: 'unknown', id: same('YWJjZGVmZ2hpamtsbW5vcA') }

/** Whoever is nearly the producer, but for one thing. */
const impostors = (producer: Producer): readonly Producer[] => [
  { ...producer, epoch: same(9) },
  { ...producer, epoch: same(-1) },
  { ...producer, producerId: same(424242n) },
  { ...producer, producerId: same(-1n) },
  { ...producer, transactionalId: 'refused-unknown' },
  { ...producer, transactionalId: '' },
]

const tryAll = async (
  { addPartitions, addOffsets, commitOffsets, append, end }: Transacting,
  producer: Producer,
  topic: Topic,
): Promise<void> => {
  for (const version of versionsOf(ADD_PARTITIONS_TO_TXN)) {
    await addPartitions(version, producer, [[topic.name, [0]]])
    if (version >= 4) await addPartitions(version, producer, [[topic.name, [0, 1]]], 'verify')
  }
  for (const version of versionsOf(ADD_OFFSETS_TO_TXN)) await addOffsets(version, producer, 'refused')
  for (const version of versionsOf(TXN_OFFSET_COMMIT)) await commitOffsets(version, producer, { topic, groupId: 'refused' })
  for (const version of versionsOf(PRODUCE)) await append(version, producer, { topic, sequence: 0 })
  for (const version of versionsOf(END_TXN)) await end(version, producer, 'commit')
}

export const transactionRefusals: readonly Scenario[] = [
  scenario('strangers who ask of a transaction', async ({ client }) => {
    const asker = client()
    const all = transacting(asker)
    const topic = await createTopic(asker, 'refused', { partitions: 2 })
    const producer = await all.newProducer('refused')
    for (const each of impostors(producer)) await tryAll(all, each, topic)
    await all.addPartitions(3, producer, [['refused', [0]]])
    for (const each of impostors(producer)) await tryAll(all, each, topic)
    await all.ended(4, producer, 'abort')
    await readBack(asker, topic)
  }),

  scenario('requests that a transaction refuses', async ({ client }) => {
    const asker = client()
    const { newProducer, addPartitions, addOffsets, commitOffsets, append, describe, ended } = transacting(asker)
    const topic = await createTopic(asker, 'refusing', { partitions: 2 })
    const producer = await newProducer('refusing')
    await addPartitions(3, producer, [['refusing', [0]]])
    for (const version of versionsOf(ADD_PARTITIONS_TO_TXN)) {
      await addPartitions(version, producer, [
        ['refusing', [0, 7]],
        ['unknown', [0]],
      ])
      await addPartitions(version, producer, [
        ['refusing', [1]],
        ['a b', [0]],
      ])
      await addPartitions(version, producer, [])
      if (version >= 4) for (const partition of [0, 1]) await addPartitions(version, producer, [['refusing', [partition]]], 'verify')
    }
    for (const version of versionsOf(TXN_OFFSET_COMMIT)) {
      await commitOffsets(version, producer, { topic, groupId: '' })
      await commitOffsets(version, producer, { topic, groupId: 'refusing-group' })
      if (version < 3) continue
      await commitOffsets(version, producer, { topic, groupId: 'refusing', memberId: 'stranger', generation: 1 })
      await commitOffsets(version, producer, { topic, groupId: 'refusing', generation: 1 })
      await commitOffsets(version, producer, { topic: UNKNOWN, groupId: 'refusing' })
    }
    for (const version of versionsOf(ADD_OFFSETS_TO_TXN)) await addOffsets(version, producer, '')
    await append(11, producer, { topic, sequence: 0, kind: 'plain' })
    await append(11, producer, { topic, sequence: 0, transactionalId: null })
    await append(11, producer, { topic, sequence: 0, transactionalId: 'another' })
    await append(11, producer, { topic, sequence: 0 })
    await append(11, producer, { topic, partition: 1, sequence: 0 })
    await append(13, producer, { topic, sequence: 1, kind: 'plain' })
    await append(13, producer, { topic, partition: 1, sequence: 5 })
    await describe('refusing', 'refusing-unknown', '', 'refusing')
    await ended(4, producer, 'abort')
    for (const partition of [0, 1]) await readBack(asker, topic, partition)
  }),

  scenario('producers that are fenced', async ({ client }) => {
    const asker = client()
    const { newProducer, init, addPartitions, addOffsets, commitOffsets, append, awaitEnd, end, ended, look } = transacting(asker)
    for (const version of [11, 13]) {
      const id = `fenced-${version}`
      const topic = await createTopic(asker, id)
      const old = await newProducer(id)
      await addPartitions(3, old, [[topic.name, [0]]])
      await append(version, old, { topic, sequence: 0 })
      const next = await newProducer(id)
      await awaitEnd(id)
      await append(version, old, { topic, sequence: 1 })
      for (const each of versionsOf(END_TXN)) await end(each, old, 'commit')
      for (const each of versionsOf(ADD_PARTITIONS_TO_TXN)) await addPartitions(each, old, [[topic.name, [0]]])
      await addOffsets(4, old, 'fenced')
      for (const each of versionsOf(TXN_OFFSET_COMMIT)) await commitOffsets(each, old, { topic, groupId: 'fenced' })
      for (const each of versionsOf(INIT_PRODUCER_ID).filter((one) => one >= 3)) await init(id, { version: each, producer: old })
      await addPartitions(3, next, [[topic.name, [0]]])
      await append(version, next, { topic, sequence: 0 })
      await ended(4, next, 'commit')
      await look(topic)
      await readBack(asker, topic)
    }
  }),

  scenario('offsets that members commit in a transaction', async ({ client }) => {
    const asker = client()
    const { newProducer, addOffsets, commitOffsets, ended, offsetsOf } = transacting(asker)
    const topic = await createTopic(asker, 'members-commit')
    const producer = await newProducer('members-commit')
    const groupId = 'members-commit'
    const joining = (memberId: string) => ({
      ...{ groupId, memberId, sessionTimeoutMs: 30_000, rebalanceTimeoutMs: 30_000, protocolType: 'consumer' },
      protocols: [{ name: 'range', metadata: Buffer.from('range') }],
    })
    const { memberId } = await pick(asker.ask(JOIN_GROUP, newestOf(JOIN_GROUP), joining('')))
    await asker.ask(JOIN_GROUP, newestOf(JOIN_GROUP), (at) => joining(at(memberId)))
    const tryAll = async (): Promise<void> => {
      for (const version of versionsOf(TXN_OFFSET_COMMIT).filter((each) => each >= 3)) {
        await addOffsets(4, producer, groupId)
        const committers = [
          { memberId, generation: 1 },
          { memberId, generation: 2 },
          { memberId, generation: -1 },
          { memberId: 'stranger', generation: 1 },
          { memberId: '', generation: 1 },
          { memberId: '', generation: -1 },
        ]
        for (const committer of committers) await commitOffsets(version, producer, { topic, groupId, ...committer })
      }
    }
    await tryAll()
    const assignment = (at: At) => [{ memberId: at(memberId), assignment: Buffer.from('x') }]
    await asker.ask(SYNC_GROUP, 5, (at) => ({
      ...{ groupId, generationId: 1, memberId: at(memberId), protocolType: 'consumer', protocolName: 'range' },
      assignments: assignment(at),
    }))
    await tryAll()
    await offsetsOf(groupId, topic)
    await ended(4, producer, 'commit')
    await offsetsOf(groupId, topic)
  }),
]

const pick = async (answer: Promise<Pair<{ readonly memberId: string }>>): Promise<{ readonly memberId: Pair<string> }> => ({
  memberId: mapPair(await answer, ({ memberId }) => memberId),
})
