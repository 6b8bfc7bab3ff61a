/** Two transactional producers that do, for a while, whatever comes to their minds. */
import { ADD_OFFSETS_TO_TXN, INIT_PRODUCER_ID, versionsOf } from '../support/apis'
import type { Chance } from '../support/chance'
import { readBack } from '../support/producing'
import { scenario } from '../support/scenario'
import type { Scenario } from '../support/scenario'
import { createTopics } from '../support/topics'
import type { Topic } from '../support/topics'
import { transacting, VERSIONS } from '../support/transacting'
import type { Producer, Protocol, Transacting } from '../support/transacting'

const STEPS = 250

interface Mind {
  readonly chance: Chance
  readonly all: Transacting
  readonly topics: readonly Topic[]
  readonly protocols: readonly Protocol[]
  /** The next sequence number of each producer's epoch in each partition. */
  readonly sequences: Map<string, number>
}

/** One thing that a producer may do next, right or wrong. */
const step = (mind: Mind, producer: Producer): Promise<Producer> => {
  const { chance, all, topics, protocols } = mind
  const [topic, partition] = [chance.pick(topics), chance.below(2)]
  const versionIn = (versions: Readonly<Record<Protocol, readonly number[]>>): number => chance.pick(versions[chance.pick(protocols)])
  const write = () => append(mind, producer, { topic, partition, version: versionIn(VERSIONS.produce) })
  const steps: readonly (() => Promise<Producer>)[] = [
    write,
    write,
    write,
    () => all.addPartitions(versionIn(VERSIONS.addPartitions), producer, [[topic.name, [partition]]]).then(() => producer),
    () => all.addOffsets(chance.pick(versionsOf(ADD_OFFSETS_TO_TXN)), producer, 'random').then(() => producer),
    () => {
      const offset = BigInt(chance.below(100))
      return all.commitOffsets(versionIn(VERSIONS.offsets), producer, { topic, groupId: 'random', offset }).then(() => producer)
    },
    () => all.ended(versionIn(VERSIONS.end), producer, chance.pick(['commit', 'abort'])),
    () => (chance.happens(0.7) ? Promise.resolve(producer) : renewed(mind, producer)),
    () => all.look(topic, partition).then(() => producer),
  ]
  return chance.pick(steps)()
}

const renewed = async ({ chance, all }: Mind, { transactionalId }: Producer): Promise<Producer> => {
  const next = await all.newProducer(transactionalId, { version: chance.pick(versionsOf(INIT_PRODUCER_ID)) })
  await all.awaitEnd(transactionalId)
  return next
}

interface Write {
  readonly topic: Topic
  readonly partition: number
  readonly version: number
}

const append = async ({ chance, all, sequences }: Mind, producer: Producer, { topic, partition, version }: Write): Promise<Producer> => {
  const key = `${producer.transactionalId} ${producer.epoch.theirs} ${topic.name} ${partition}`
  const due = sequences.get(key) ?? 0
  const sequence = chance.happens(0.85) ? due : chance.below(4)
  const { theirs } = await all.append(version, producer, { topic, partition, sequence })
  const isNext = theirs?.responses[0]?.partitionResponses[0]?.errorCode === 0 && sequence === due
  if (isNext) sequences.set(key, due + 1)
  return producer
}

export const randomTransactions = (protocols: readonly Protocol[]): readonly Scenario[] => [
  scenario('transactions at random', async ({ chance, client }) => {
    const asker = client()
    const all = transacting(asker)
    const topics = await createTopics(asker, ['random-a', 'random-b'], { partitions: 2 })
    const mind = { chance, all, topics, protocols, sequences: new Map<string, number>() }
    const producers = [await all.newProducer('random-1'), await all.newProducer('random-2')]
    for (let i = 0; i < STEPS; i++) {
      const which = chance.below(producers.length)
      producers[which] = await step(mind, producers[which])
    }
    for (const producer of producers) {
      await all.ended(4, producer, 'abort')
      await all.newProducer(producer.transactionalId)
    }
    await all.describe('random-1', 'random-2')
    for (const topic of topics) {
      for (const partition of [0, 1]) {
        await all.look(topic, partition)
        await readBack(asker, topic, partition)
      }
    }
  }),
]
