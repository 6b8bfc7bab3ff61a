/** What transactional producers ask, as scenarios put it. */
import {
  ADD_OFFSETS_TO_TXN,
  ADD_PARTITIONS_TO_TXN,
  DESCRIBE_TRANSACTIONS,
  END_TXN,
  FETCH,
  INIT_PRODUCER_ID,
  LIST_OFFSETS,
  newestOf,
  OFFSET_FETCH,
  PRODUCE,
  TXN_OFFSET_COMMIT,
  versionsOf,
} from './apis'
import { aRecord, batchOf } from './batches'
import type { Client } from './client'
import { mapPair } from './pair'
import type { Pair } from './pair'
import { fetching, producing } from './producing'
import type { Topic } from './topics'

export interface Producer {
  readonly transactionalId: string
  readonly producerId: Pair<bigint>
  readonly epoch: Pair<number>
}

/** `older`: clients add partitions before they append to them. `newer` (KIP-890): appending adds them, and every end gives a new epoch. */
export type Protocol = 'older' | 'newer'

/** The first versions of the newer protocol. */
const NEWER = { produce: 12, offsets: 5, end: 5 } as const
/** From here on only brokers ask. */
const ADD_BY_BROKERS = 4

const split = (versions: readonly number[], first: number): Readonly<Record<Protocol, readonly number[]>> => ({
  older: versions.filter((version) => version < first),
  newer: versions.filter((version) => version >= first),
})

/** The versions in which each protocol speaks. */
export const VERSIONS = {
  produce: split(versionsOf(PRODUCE), NEWER.produce),
  offsets: split(versionsOf(TXN_OFFSET_COMMIT), NEWER.offsets),
  end: split(versionsOf(END_TXN), NEWER.end),
  addPartitions: split(versionsOf(ADD_PARTITIONS_TO_TXN), ADD_BY_BROKERS),
} as const

const CONCURRENT_TRANSACTIONS = 51

interface Init {
  /** Default the newest. */
  readonly version?: number
  readonly timeoutMs?: number
  readonly producer?: Producer
}

interface Offsets {
  readonly topic: Topic
  readonly groupId: string
  readonly offset?: bigint
  readonly generation?: number
  readonly memberId?: string | Pair<string>
}

interface Appended {
  readonly topic: Topic
  readonly partition?: number
  readonly sequence: number
  readonly kind?: 'transactional' | 'plain'
  readonly transactionalId?: string | null
}

type Partitions = readonly (readonly [topic: string, partitions: readonly number[]])[]

export type Transacting = ReturnType<typeof transacting>

export function transacting(client: Client) {
  const identity = ({ transactionalId, producerId, epoch }: Producer) => ({
    of: (at: <T>(pair: Pair<T>) => T) => ({ transactionalId, producerId: at(producerId), producerEpoch: at(epoch) }),
  })

  /** Again while the end of the transaction before is under way. */
  const init = (transactionalId: string, { version = newestOf(INIT_PRODUCER_ID), timeoutMs = 60_000, producer }: Init = {}) =>
    client.until(
      INIT_PRODUCER_ID,
      version,
      (at) => ({
        ...{ transactionalId, transactionTimeoutMs: timeoutMs },
        ...(producer !== undefined && { producerId: at(producer.producerId), producerEpoch: at(producer.epoch) }),
      }),
      ({ errorCode }) => errorCode !== CONCURRENT_TRANSACTIONS,
    )

  const newProducer = async (transactionalId: string, options: Init = {}): Promise<Producer> => ({
    transactionalId,
    ...identityIn(await init(transactionalId, options)),
  })

  const addPartitions = (version: number, producer: Producer, partitions: Partitions, intent: 'add' | 'verify' = 'add') =>
    client.tell(ADD_PARTITIONS_TO_TXN, version, (at) => {
      const { transactionalId, producerId, producerEpoch } = identity(producer).of(at)
      const topics = partitions.map(([name, indexes]) => ({ name, partitions: indexes }))
      return {
        ...{ v3AndBelowTransactionalId: transactionalId, v3AndBelowProducerId: producerId, v3AndBelowProducerEpoch: producerEpoch },
        v3AndBelowTopics: topics,
        transactions: [{ transactionalId, producerId, producerEpoch, verifyOnly: intent === 'verify', topics }],
      }
    })

  const addOffsets = (version: number, producer: Producer, groupId: string) =>
    client.tell(ADD_OFFSETS_TO_TXN, version, (at) => ({ ...identity(producer).of(at), groupId }))

  const commitOffsets = (version: number, producer: Producer, { topic, groupId, offset = 7n, generation = -1, memberId = '' }: Offsets) =>
    client.tell(TXN_OFFSET_COMMIT, version, (at) => ({
      ...{ ...identity(producer).of(at), groupId, generationIdOrMemberEpoch: generation, groupInstanceId: null },
      memberId: typeof memberId === 'string' ? memberId : at(memberId),
      topics: [
        {
          ...{ name: topic.name, topicId: at(topic.id) },
          partitions: [{ partitionIndex: 0, committedOffset: offset, committedLeaderEpoch: -1, committedMetadata: 'm' }],
        },
      ],
    }))

  const end = (version: number, producer: Producer, how: 'commit' | 'abort') =>
    client.tell(END_TXN, version, (at) => ({ ...identity(producer).of(at), committed: how === 'commit' }))

  const awaitState = (transactionalId: string, isAwaited: (state: string) => boolean) => {
    const request = { transactionalIds: [transactionalId] }
    return client.until(DESCRIBE_TRANSACTIONS, 0, request, ({ transactionStates: [found] }) => isAwaited(found?.transactionState ?? ''))
  }

  /** Markers are written after the answer; whoever looks on has to wait for them. */
  const awaitEnd = (transactionalId: string) => awaitState(transactionalId, (state) => !state.startsWith('Prepare'))

  /** In the newer protocol one goes on with what the answer said. */
  const ended = async (version: number, producer: Producer, how: 'commit' | 'abort'): Promise<Producer> => {
    const { theirs, ours } = await end(version, producer, how)
    await awaitEnd(producer.transactionalId)
    const isRenewed = version >= NEWER.end && theirs?.errorCode === 0 && ours?.errorCode === 0
    return isRenewed ? { ...producer, ...identityIn({ theirs, ours }) } : producer
  }

  const append = (version: number, producer: Producer, { topic, partition = 0, sequence, kind, transactionalId }: Appended) => {
    const { producerId, epoch } = producer
    const records = mapPair(producerId, (id, side) =>
      batchOf({
        ...{ records: [aRecord(String(sequence))], producerId: id, producerEpoch: epoch[side], baseSequence: sequence },
        transactional: kind !== 'plain',
      }),
    )
    const options = { transactionalId: transactionalId === undefined ? producer.transactionalId : transactionalId }
    return client.tell(PRODUCE, version, producing([{ topic, partition, records }], options))
  }

  /** What one who reads committed sees, and where the stable end is. */
  const look = async (topic: Topic, partition = 0): Promise<void> => {
    await client.ask(FETCH, newestOf(FETCH), fetching([{ topic, partition }], { isolationLevel: 1 }))
    for (const maxBytes of [0, 1, 80, 500]) {
      await client.ask(FETCH, newestOf(FETCH), fetching([{ topic, partition, maxBytes }], { isolationLevel: 1 }))
    }
    await client.ask(
      FETCH,
      newestOf(FETCH),
      fetching(
        [
          { topic, partition, offset: 1n },
          { topic, partition, maxBytes: 20 },
        ],
        { isolationLevel: 1 },
      ),
    )
    for (const isolationLevel of [0, 1]) {
      for (const timestamp of [-1n, -3n, 1_700_000_000_000n]) {
        const topics = [{ name: topic.name, partitions: [{ partitionIndex: partition, timestamp }] }]
        await client.ask(LIST_OFFSETS, newestOf(LIST_OFFSETS), { replicaId: -1, isolationLevel, topics })
      }
    }
  }

  /** Both with what is pending and without. */
  const offsetsOf = async (groupId: string, topic: Topic): Promise<void> => {
    for (const requireStable of [true, false]) {
      await client.ask(OFFSET_FETCH, newestOf(OFFSET_FETCH), (at) => ({
        groups: [{ groupId, topics: [{ topicId: at(topic.id), partitionIndexes: [0] }] }],
        requireStable,
      }))
    }
  }

  const describe = (...transactionalIds: readonly string[]) => client.tell(DESCRIBE_TRANSACTIONS, 0, { transactionalIds })

  return {
    init,
    newProducer,
    addPartitions,
    addOffsets,
    commitOffsets,
    end,
    ended,
    awaitState,
    awaitEnd,
    append,
    look,
    offsetsOf,
    describe,
  }
}

const identityIn = (answer: Pair<{ readonly producerId: bigint; readonly producerEpoch: number }>) => ({
  producerId: mapPair(answer, ({ producerId }) => producerId),
  epoch: mapPair(answer, ({ producerEpoch }) => producerEpoch),
})
