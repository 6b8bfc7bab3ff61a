import { ListOffsetsRequest } from '../../../lib/generated/messages/ListOffsetsRequest'
import { ListOffsetsResponse } from '../../../lib/generated/messages/ListOffsetsResponse'
import { batchOf, transactional } from '../support/batches'
import { dataPath, nameOf } from '../support/data-path'
import type { ListOptions } from '../support/data-path'
import { transacting } from '../support/transacting'

const [LATEST, EARLIEST, MAX_TIMESTAMP, EARLIEST_LOCAL, LATEST_TIERED, EARLIEST_PENDING] = [-1n, -2n, -3n, -4n, -5n, -6n]
const NOTHING = { errorCode: 0, offset: -1n, timestamp: -1n, leaderEpoch: -1 }

/** Three batches: records at 100 and 101, at 300 and 301, at 200. */
function withTimes() {
  const path = dataPath()
  for (const [letters, timestamp] of [
    ['ab', 100],
    ['cd', 300],
    ['e', 200],
  ] as const) {
    path.produce(batchOf(letters, { timestamp }))
  }
  return path
}

const errorOf = ({ errorCode }: { readonly errorCode: number }): string => nameOf(errorCode)

describe('ListOffsets', () => {
  it('says where a log begins and ends', () => {
    const { list } = withTimes()
    expect(list(EARLIEST)).toMatchObject({ errorCode: 0, offset: 0n, timestamp: -1n, leaderEpoch: 0 })
    expect(list(EARLIEST_LOCAL)).toMatchObject({ errorCode: 0, offset: 0n, timestamp: -1n, leaderEpoch: 0 })
    expect(list(LATEST)).toMatchObject({ errorCode: 0, offset: 5n, timestamp: -1n, leaderEpoch: 0 })
  })

  it.each([
    [0n, 0n, 100n],
    [101n, 1n, 101n],
    [102n, 2n, 300n],
    [301n, 3n, 301n],
  ])('finds the first record that is not older: from %d on at %d', (time, offset, timestamp) => {
    expect(withTimes().list(time)).toMatchObject({ errorCode: 0, offset, timestamp, leaderEpoch: 0 })
  })

  it('finds nothing after the latest', () => {
    expect(withTimes().list(302n)).toMatchObject(NOTHING)
    expect(dataPath().list(0n)).toMatchObject(NOTHING)
  })

  it('finds the first record of the latest time (KIP-734)', () => {
    const { list, produce } = withTimes()
    expect(list(MAX_TIMESTAMP)).toMatchObject({ errorCode: 0, offset: 3n, timestamp: 301n, leaderEpoch: 0 })
    produce(batchOf('f', { timestamp: 301 }))
    expect(list(MAX_TIMESTAMP)).toMatchObject({ offset: 3n })
    expect(dataPath().list(MAX_TIMESTAMP)).toMatchObject(NOTHING)
  })

  it('finds records in compressed batches, and those that the broker stamped', () => {
    const { list, produce, time } = dataPath({
      topics: { orders: 1, stamped: { partitions: 1, configs: { 'message.timestamp.type': 'LogAppendTime' } } },
      brokers: 1,
    })
    produce(batchOf('abc', { timestamp: 10, compression: 'gzip' }))
    expect(list(11n)).toMatchObject({ offset: 1n, timestamp: 11n })
    time.advance(500)
    produce(batchOf('abc'), { topic: 'stamped' })
    expect(list(400n, { topic: 'stamped' })).toMatchObject({ offset: 0n, timestamp: 500n })
    expect(list(MAX_TIMESTAMP, { topic: 'stamped' })).toMatchObject({ offset: 0n, timestamp: 500n })
  })

  it('finds nothing that retention took', () => {
    const { list, produce } = dataPath({ retentionBytes: batchOf('ab').length })
    produce(batchOf('ab', { timestamp: 900 }))
    produce(batchOf('cd', { timestamp: 100 }))
    expect(list(0n)).toMatchObject({ offset: 2n, timestamp: 100n })
    expect(list(MAX_TIMESTAMP)).toMatchObject({ offset: 3n, timestamp: 101n })
    expect(list(EARLIEST)).toMatchObject({ offset: 2n })
  })

  it('has nothing in other storage', () => {
    const { list } = withTimes()
    for (const time of [LATEST_TIERED, EARLIEST_PENDING]) expect(list(time)).toMatchObject(NOTHING)
  })

  it.each([
    [LATEST, 1],
    [EARLIEST, 1],
    [MAX_TIMESTAMP, 7],
    [EARLIEST_LOCAL, 8],
    [LATEST_TIERED, 9],
    [EARLIEST_PENDING, 11],
  ])('knows %d from version %d on', (time, since) => {
    const { list } = withTimes()
    for (let version = 1; version <= 11; version++) {
      expect(`${version} ${errorOf(list(time, { version }))}`).toBe(`${version} ${version < since ? 'UNSUPPORTED_VERSION' : 'NONE'}`)
    }
    expect(errorOf(list(-7n))).toBe('UNSUPPORTED_VERSION')
  })

  it('says the leader epoch from version 4 on', () => {
    const { list } = withTimes()
    expect(list(LATEST, { version: 3 })).toMatchObject({ offset: 5n, leaderEpoch: -1 })
    expect(list(LATEST, { version: 4 })).toMatchObject({ offset: 5n, leaderEpoch: 0 })
  })

  it('says the epoch in which a record was written', () => {
    const { list, produce, cluster } = withTimes()
    cluster.elect('orders', 0, 1)
    produce(batchOf('f', { timestamp: 400 }))
    expect(list(100n)).toMatchObject({ leaderEpoch: 0 })
    expect(list(400n)).toMatchObject({ leaderEpoch: 1 })
    expect(list(LATEST)).toMatchObject({ leaderEpoch: 1 })
  })

  it('ends for consumers where all in-sync replicas are, for others where the leader is', () => {
    const { list, produce, cluster } = withTimes()
    cluster.broker(3).pause()
    produce(batchOf('f', { timestamp: 900 }), { acks: 1 })
    expect(list(LATEST)).toMatchObject({ offset: 5n })
    expect(list(900n)).toMatchObject(NOTHING)
    expect(list(MAX_TIMESTAMP)).toMatchObject(NOTHING)
    for (const replicaId of [-2, 3]) expect(list(LATEST, { replicaId })).toMatchObject({ offset: 6n })
    expect(list(900n, { replicaId: -2 })).toMatchObject({ offset: 5n, timestamp: 900n })
  })

  it('ends for read_committed where a transaction is open', () => {
    const { list, produce, cluster, time } = dataPath({ brokers: 1 })
    const { producerId, producerEpoch } = transacting(cluster, { time }).initialise()
    produce(batchOf('ab'))
    produce(transactional(0, 'c', { producerId, producerEpoch }), { transactionalId: 'tx' })
    expect(list(LATEST, { isolationLevel: 1 })).toMatchObject({ offset: 2n })
    expect(list(LATEST)).toMatchObject({ offset: 3n })
  })

  it.each<[string, ListOptions, string]>([
    ['a topic that is not there', { topic: 'nothing' }, 'UNKNOWN_TOPIC_OR_PARTITION'],
    ['an old epoch', { currentLeaderEpoch: 0 }, 'FENCED_LEADER_EPOCH'],
    ['an epoch of the future', { currentLeaderEpoch: 2 }, 'UNKNOWN_LEADER_EPOCH'],
    ['the right epoch', { currentLeaderEpoch: 1 }, 'NONE'],
  ])('answers for %s', (_, options, error) => {
    const { list, cluster } = withTimes()
    cluster.elect('orders', 0, 1)
    expect(errorOf(list(LATEST, options))).toBe(error)
  })

  it('leaves the answer to the leader, but for tools', () => {
    const { speaker } = withTimes()
    const { list } = speaker(2)
    expect(list(LATEST)).toMatchObject({ ...NOTHING, errorCode: 6 })
    expect(list(LATEST, { replicaId: -2 })).toMatchObject({ errorCode: 0, offset: 5n })
  })

  it('has to wait after an election until all in-sync replicas are where the leader began', () => {
    const { cluster, speaker, produce } = withTimes()
    cluster.broker(3).pause()
    produce(batchOf('f', { timestamp: 900 }), { acks: 1 })
    cluster.elect('orders', 0, 2)
    const { list } = speaker(2)
    expect(errorOf(list(LATEST))).toBe('OFFSET_NOT_AVAILABLE')
    expect(errorOf(list(LATEST, { version: 4 }))).toBe('LEADER_NOT_AVAILABLE')
    expect(errorOf(list(900n))).toBe('OFFSET_NOT_AVAILABLE')
    expect(list(100n)).toMatchObject({ errorCode: 0, offset: 0n })
    expect(list(EARLIEST)).toMatchObject({ errorCode: 0, offset: 0n })
    cluster.broker(3).resume()
    expect(list(LATEST)).toMatchObject({ errorCode: 0, offset: 6n })
  })

  it('answers for each partition once, and not at all for one that is named twice', () => {
    const { ask } = dataPath({ brokers: 1, topics: { orders: 2 } })
    const partitions = (...indices: readonly number[]) => indices.map((partitionIndex) => ({ partitionIndex, timestamp: LATEST }))
    const topics = [
      { name: 'orders', partitions: partitions(0, 1, 1) },
      { name: 'bills', partitions: partitions(0) },
      { name: 'bills', partitions: partitions(0) },
    ]
    const answer = ask(ListOffsetsRequest, ListOffsetsResponse, { replicaId: -1, isolationLevel: 0, topics })
    expect(
      answer.topics.map(({ name, partitions: all }) => [name, ...all.map((each) => `${each.partitionIndex} ${errorOf(each)}`)]),
    ).toEqual([
      ['orders', '0 NONE', '1 INVALID_REQUEST'],
      ['bills', '0 INVALID_REQUEST'],
    ])
  })

  it('answers an ordered error', () => {
    const { list, cluster } = withTimes()
    cluster.next('ListOffsets', { topic: 'orders' }).fail('LEADER_NOT_AVAILABLE')
    expect(errorOf(list(LATEST))).toBe('LEADER_NOT_AVAILABLE')
  })
})
