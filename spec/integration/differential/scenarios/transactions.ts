/** Transactions in both protocols: the older one, whose clients add partitions, and that of KIP-890, where appending does. */
import { INIT_PRODUCER_ID, LIST_TRANSACTIONS, versionsOf } from '../support/apis'
import { mapPair, same } from '../support/pair'
import { readBack } from '../support/producing'
import { scenario } from '../support/scenario'
import type { Scenario } from '../support/scenario'
import { createTopic, createTopics } from '../support/topics'
import type { Topic } from '../support/topics'
import { transacting, VERSIONS } from '../support/transacting'

/** In the words of the older protocol, which every cluster understands. */
export const olderTransactions: readonly Scenario[] = [
  scenario('InitProducerId with a transactional id', async ({ client }) => {
    const { newProducer, init } = transacting(client())
    for (const version of versionsOf(INIT_PRODUCER_ID)) {
      const id = `init-${version}`
      const first = await newProducer(id, { version })
      const second = await newProducer(id, { version })
      await init('', { version })
      for (const timeoutMs of [0, -1, 900_000, 900_001]) await init(`${id}-timeout`, { version, timeoutMs })
      if (version < 3) continue
      const others = [
        first,
        second,
        second,
        { ...second, epoch: same(99) },
        { ...second, producerId: same(424242n) },
        { ...second, epoch: same(-1) },
      ]
      for (const producer of others) await init(id, { version, producer })
      await init(`${id}-new`, { version, producer: second })
      await init(id, { version })
    }
  }),

  scenario('transactions of the older protocol', async ({ chance, client }) => {
    const asker = client()
    const { newProducer, append, addPartitions, addOffsets, commitOffsets, end, ended, look, offsetsOf, describe } = transacting(asker)
    for (const version of VERSIONS.end.older) {
      const topics = await createTopics(asker, [`older-${version}-a`, `older-${version}-b`], { partitions: 2 })
      const [a, b] = topics as [Topic, Topic]
      const id = `older-${version}`
      const addVersion = Math.min(version, 3)
      const produceVersion = chance.pick(VERSIONS.produce.older)
      const producer = await newProducer(id, { version: chance.pick(versionsOf(INIT_PRODUCER_ID)) })
      await end(version, producer, 'commit')
      await append(produceVersion, producer, { topic: a, sequence: 0 })
      await addPartitions(addVersion, producer, [
        [a.name, [0, 1]],
        [b.name, [0]],
      ])
      await describe(id)
      await append(produceVersion, producer, { topic: a, sequence: 0 })
      await append(produceVersion, producer, { topic: a, sequence: 1 })
      await append(produceVersion, producer, { topic: b, sequence: 0 })
      await append(produceVersion, producer, { topic: b, partition: 1, sequence: 0 })
      await look(a)
      await addPartitions(addVersion, producer, [[a.name, [0]]])
      await addOffsets(version, producer, id)
      await commitOffsets(version, producer, { topic: a, groupId: id })
      await offsetsOf(id, a)
      const committed = await ended(version, producer, 'commit')
      await offsetsOf(id, a)
      await look(a)
      await end(version, committed, 'commit')
      await end(version, committed, 'abort')
      await addPartitions(addVersion, committed, [
        [a.name, [0]],
        [b.name, [1]],
      ])
      await append(produceVersion, committed, { topic: a, sequence: 2 })
      await append(produceVersion, committed, { topic: b, partition: 1, sequence: 0 })
      await addOffsets(version, committed, id)
      await commitOffsets(version, committed, { topic: a, groupId: id, offset: 99n })
      await look(a)
      const aborted = await ended(version, committed, 'abort')
      for (const topic of topics) for (const partition of [0, 1]) await look(topic, partition)
      await offsetsOf(id, a)
      await end(version, aborted, 'abort')
      await end(version, aborted, 'commit')
      for (const topic of topics) for (const partition of [0, 1]) await readBack(asker, topic, partition)
    }
  }),

  scenario('transactions that take too long', async ({ client }) => {
    const asker = client()
    const { newProducer, init, append, addPartitions, awaitState, end, look } = transacting(asker)
    const topic = await createTopic(asker, 'too-long')
    const producer = await newProducer('too-long', { timeoutMs: 200 })
    await addPartitions(3, producer, [[topic.name, [0]]])
    await append(11, producer, { topic, sequence: 0 })
    await awaitState('too-long', (state) => state === 'CompleteAbort')
    for (const version of VERSIONS.end.older) await end(version, producer, 'commit')
    await append(11, producer, { topic, sequence: 1 })
    await init('too-long', { producer })
    await newProducer('too-long')
    await look(topic)
    await readBack(asker, topic)
  }),

  scenario('lists of transactions', async ({ client }) => {
    const asker = client()
    const { newProducer, addPartitions, ended } = transacting(asker)
    const topic = await createTopic(asker, 'listed-transactions')
    const open = await newProducer('listed-open')
    await newProducer('listed-idle')
    await addPartitions(3, open, [[topic.name, [0]]])
    const ONGOING = { stateFilters: ['Ongoing'], producerIdFilters: [] }
    for (const version of versionsOf(LIST_TRANSACTIONS)) {
      for (const stateFilters of [['Ongoing'], ['Nonsense'], ['Ongoing', 'Nonsense']]) {
        await asker.tell(LIST_TRANSACTIONS, version, { stateFilters, producerIdFilters: [] })
      }
      await asker.tell(LIST_TRANSACTIONS, version, (at) => ({ stateFilters: [], producerIdFilters: [at(open.producerId)] }))
      if (version >= 1) await asker.tell(LIST_TRANSACTIONS, version, { ...ONGOING, durationFilter: 3_600_000n })
      if (version < 2) continue
      for (const transactionalIdPattern of ['listed-.*', 'nobody', '(', '', null]) {
        await asker.tell(LIST_TRANSACTIONS, version, { ...ONGOING, transactionalIdPattern })
      }
    }
    await ended(4, open, 'abort')
  }),
]

export const newerTransactions: readonly Scenario[] = [
  scenario('transactions of the newer protocol', async ({ client }) => {
    const asker = client()
    const { newProducer, append, commitOffsets, end, ended, look, offsetsOf, describe } = transacting(asker)
    const each = VERSIONS.produce.newer.flatMap((version) => VERSIONS.offsets.newer.map((offsets) => [version, offsets] as const))
    const endVersion = VERSIONS.end.newer[0] ?? 0
    for (const [version, offsetsVersion] of each) {
      const id = `newer-${version}-${offsetsVersion}`
      const topics = await createTopics(asker, [`${id}-a`, `${id}-b`], { partitions: 2 })
      const [a, b] = topics as [Topic, Topic]
      const producer = await newProducer(id)
      await append(version, producer, { topic: a, sequence: 0 })
      await append(version, producer, { topic: a, sequence: 1 })
      await append(version, producer, { topic: b, partition: 1, sequence: 0 })
      await describe(id)
      await look(a)
      await commitOffsets(offsetsVersion, producer, { topic: a, groupId: id })
      await offsetsOf(id, a)
      const committed = await ended(endVersion, producer, 'commit')
      await offsetsOf(id, a)
      await look(a)
      await end(endVersion, producer, 'commit')
      await end(endVersion, producer, 'abort')
      await append(version, producer, { topic: a, sequence: 2 })
      await append(version, committed, { topic: a, sequence: 2 })
      await append(version, committed, { topic: a, sequence: 0 })
      await commitOffsets(offsetsVersion, committed, { topic: a, groupId: id, offset: 55n })
      await look(a)
      const aborted = await ended(endVersion, committed, 'abort')
      await look(a)
      await offsetsOf(id, a)
      const empty = await ended(endVersion, aborted, 'commit')
      const emptyAgain = await ended(endVersion, empty, 'abort')
      await end(endVersion, aborted, 'abort')
      await append(version, emptyAgain, { topic: b, partition: 1, sequence: 0 })
      await ended(endVersion, emptyAgain, 'abort')
      for (const topic of topics) for (const partition of [0, 1]) await readBack(asker, topic, partition)
      for (const topic of topics) await look(topic, 1)
    }
  }),

  scenario('a producer id whose epochs are used up', async ({ client }) => {
    const asker = client()
    const { newProducer, append, ended, init, look } = transacting(asker)
    const topic = await createTopic(asker, 'used-up')
    const first = await newProducer('used-up')
    await append(13, first, { topic, sequence: 0 })
    let producer = await ended(5, first, 'commit')
    for (let i = 0; i < 5; i++) producer = await ended(5, producer, i % 2 === 0 ? 'abort' : 'commit')
    for (const delta of [-1, 0, 1])
      await init('used-up', { producer: { ...producer, epoch: mapPair(producer.epoch, (epoch) => epoch + delta) } })
    await look(topic)
  }),
]
