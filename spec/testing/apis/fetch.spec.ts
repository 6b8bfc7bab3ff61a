import { FetchRequest } from '../../../lib/generated/messages/FetchRequest'
import { FetchResponse } from '../../../lib/generated/messages/FetchResponse'
import type { TestClusterOptions } from '../../../lib/testing/settings'
import { batchOf, lettersIn, transactional } from '../support/batches'
import { dataPath, fetchRequest, first, nameOf, readOf } from '../support/data-path'
import { transacting } from '../support/transacting'

const SIZE = batchOf('a').length
const VERSIONS = Array.from({ length: 9 }, (_, i) => i + 4)

/** With these batches in orders-0. */
function withBatches(batches: readonly string[], options: TestClusterOptions = {}) {
  const path = dataPath(options)
  for (const letters of batches) path.produce(batchOf(letters))
  return path
}

describe('Fetch', () => {
  it.each(VERSIONS)('reads from the batch that holds the position: version %d', (version) => {
    const { fetch } = withBatches(['abc', 'd', 'ef'])
    expect(readOf(fetch({ version }))).toBe('abcdef')
    expect(readOf(fetch({ version, from: 1n }))).toBe('abcdef')
    expect(readOf(fetch({ version, from: 4n }))).toBe('ef')
    expect(fetch({ version, from: 6n })).toMatchObject({ errorCode: 0, highWatermark: 6n, lastStableOffset: 6n, abortedTransactions: null })
  })

  it('names topics by their ids from version 13 on', () => {
    const { ask, topicId } = withBatches(['a'])
    const read = (id: string, partition = 0) => {
      const topics = [{ topicId: id, partitions: [{ partition, fetchOffset: 0n, partitionMaxBytes: 100 }] }]
      return ask(FetchRequest, FetchResponse, { ...fetchRequest(), topics })
    }
    expect(read(topicId()).responses).toMatchObject([{ topicId: topicId(), partitions: [{ errorCode: 0, highWatermark: 1n }] }])
    const errorOf = (id: string, partition?: number) => readOf(first(first(read(id, partition).responses).partitions))
    expect(errorOf('abcdefghijklmnopqrstug')).toBe('UNKNOWN_TOPIC_ID')
    expect(errorOf(topicId(), 9)).toBe('UNKNOWN_TOPIC_OR_PARTITION')
  })

  it('does not know what is not there', () => {
    const { fetch } = dataPath()
    expect(fetch({ topic: 'nothing' })).toMatchObject({ errorCode: 3, highWatermark: -1n, lastStableOffset: -1n, logStartOffset: -1n })
    expect(readOf(fetch({ partition: { partition: 5 } }))).toBe('UNKNOWN_TOPIC_OR_PARTITION')
  })

  it('refuses a position outside of the log', () => {
    const { fetch } = withBatches(Array.from('abcd'), { retentionBytes: 2 * SIZE })
    expect(fetch({ from: 1n })).toMatchObject({ errorCode: 1, highWatermark: -1n })
    expect(readOf(fetch({ from: 2n }))).toBe('cd')
    expect(readOf(fetch({ from: 4n }))).toBe('')
    expect(readOf(fetch({ from: 5n }))).toBe('OFFSET_OUT_OF_RANGE')
    expect(readOf(fetch({ from: -1n }))).toBe('OFFSET_OUT_OF_RANGE')
  })

  it('shows no more than all in-sync replicas have', () => {
    const { fetch, produce, cluster } = withBatches(['a'])
    cluster.broker(3).pause()
    produce(batchOf('b'), { acks: 1 })
    expect(fetch()).toMatchObject({ highWatermark: 1n })
    expect(readOf(fetch())).toBe('a')
    expect(readOf(fetch({ from: 2n }))).toBe('')
    cluster.broker(3).resume()
    expect(readOf(fetch())).toBe('ab')
  })
})

describe('Fetch, sizes', () => {
  it('cuts the last batch off where there is no more room', () => {
    const { fetch } = withBatches(Array.from('abcd'))
    expect(fetch({ partition: { partitionMaxBytes: 2 * SIZE + 5 } }).records).toHaveLength(2 * SIZE + 5)
    expect(fetch({ maxBytes: 3 * SIZE - 1 }).records).toHaveLength(3 * SIZE - 1)
    expect(readOf(fetch({ maxBytes: 3 * SIZE - 1 }))).toBe('ab')
  })

  it('gives the first batch of an answer whole, however large', () => {
    const { fetch } = withBatches(['abcdef', 'g'])
    expect(readOf(fetch({ partition: { partitionMaxBytes: 1 } }))).toBe('abcdef')
    expect(readOf(fetch({ maxBytes: 1 }))).toBe('abcdef')
    expect(readOf(fetch({ maxBytes: 0 }))).toBe('abcdef')
  })

  it('gives nothing of a second partition for which there is no room', () => {
    const { ask, produce } = dataPath({ brokers: 1, topics: { orders: 2 } })
    for (const index of [0, 1]) produce(batchOf('ab'), { index })
    const partitions = [0, 1].map((partition) => ({ partition, fetchOffset: 0n, partitionMaxBytes: 1000 }))
    const read = (maxBytes: number) => {
      const { responses } = ask(
        FetchRequest,
        FetchResponse,
        { ...fetchRequest({ maxBytes }), topics: [{ topic: 'orders', partitions }] },
        12,
      )
      return first(responses).partitions.map(readOf)
    }
    const size = batchOf('ab').length
    expect(read(2 * size)).toEqual(['ab', 'ab'])
    expect(read(2 * size - 1)).toEqual(['ab', ''])
    expect(read(1)).toEqual(['ab', ''])
  })

  it('has no answer to a negative size, as soon as there is something to read', () => {
    const { fetch, time } = withBatches(['a'])
    expect(fetch({ partition: { partitionMaxBytes: -1 }, maxWaitMs: 500 })).toMatchObject({ errorCode: -1, highWatermark: -1n })
    expect(fetch({ maxBytes: -1 })).toMatchObject({ errorCode: -1 })
    expect(fetch({ from: 1n, partition: { partitionMaxBytes: -1 } })).toMatchObject({ errorCode: 0, highWatermark: 1n })
    expect(time.now).toBe(0)
  })

  it('never gives more than the broker allows', () => {
    const { fetch } = withBatches(['a', 'b', 'c'], { configs: { 'fetch.max.bytes': '1024' } })
    expect(readOf(fetch())).toBe('abc')
    const small = withBatches(Array.from('abcdefghijklmnopqrstuvwxyz'), { configs: { 'fetch.max.bytes': '1024' } })
    expect(small.fetch({ maxBytes: 1_000_000 }).records).toHaveLength(1024)
  })
})

describe('Fetch, waiting', () => {
  it('waits until there is something', () => {
    const { beginFetch, speaker, time } = withBatches(['a'])
    const asked = beginFetch({ from: 1n, maxWaitMs: 500 })
    time.advance(200)
    expect(asked.state).toBe('waiting')
    speaker().produce(batchOf('b'))
    time.advance(0)
    expect(asked.at).toBe(200)
    expect(readOf(first(first(asked.answer.responses).partitions))).toBe('b')
  })

  it('waits until there is enough', () => {
    const { beginFetch, speaker, time } = dataPath()
    const { produce } = speaker()
    const asked = beginFetch({ minBytes: 2 * SIZE, maxWaitMs: 500 })
    produce(batchOf('a'))
    time.advance(10)
    expect(asked.state).toBe('waiting')
    produce(batchOf('b'))
    time.advance(0)
    expect(readOf(first(first(asked.answer.responses).partitions))).toBe('ab')
  })

  it('answers with what there is when the time is over', () => {
    const { beginFetch, speaker, time } = dataPath()
    speaker().produce(batchOf('a'))
    const asked = beginFetch({ minBytes: 1000, maxWaitMs: 500 })
    time.advance(1000)
    expect(asked.at).toBe(500)
    expect(readOf(first(first(asked.answer.responses).partitions))).toBe('a')
  })

  it.each([
    ['nobody wants to wait', { maxWaitMs: 0 }],
    ['nothing is wanted', { maxWaitMs: 500, minBytes: 0 }],
    ['the position is wrong', { maxWaitMs: 500, from: 9n }],
  ])('answers at once when %s', (_, options) => {
    const { fetch, time } = withBatches(['a'])
    fetch({ from: 1n, ...options })
    expect(time.now).toBe(0)
  })

  it('waits for the partitions that are there when one is not', () => {
    const { ask, time } = dataPath()
    const partitions = [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1000 }]
    const topics = [
      { topic: 'nothing', partitions },
      { topic: 'orders', partitions },
    ]
    const { responses } = ask(FetchRequest, FetchResponse, { ...fetchRequest({ maxWaitMs: 300 }), topics }, 12)
    expect(time.now).toBe(300)
    expect(responses.map(({ topic, partitions: [one] }) => [topic, nameOf(one?.errorCode ?? -1)])).toEqual([
      ['orders', 'NONE'],
      ['nothing', 'UNKNOWN_TOPIC_OR_PARTITION'],
    ])
  })

  it('wakes up when another broker leads', () => {
    const { beginFetch, cluster, time } = dataPath()
    const asked = beginFetch({ maxWaitMs: 500, version: 10 })
    time.advance(10)
    cluster.elect('orders', 0, 2)
    time.advance(0)
    expect(readOf(first(first(asked.answer.responses).partitions))).toBe('NOT_LEADER_OR_FOLLOWER')
    expect(asked.at).toBe(10)
  })

  it('wakes up when the topic is deleted', () => {
    const { beginFetch, cluster, time } = dataPath()
    const asked = beginFetch({ maxWaitMs: 500 })
    time.advance(10)
    cluster.deleteTopic('orders')
    time.advance(0)
    expect(readOf(first(first(asked.answer.responses).partitions))).toBe('UNKNOWN_TOPIC_OR_PARTITION')
  })

  it('wakes up for what becomes visible, not for what is appended', () => {
    const { beginFetch, speaker, cluster, time } = dataPath()
    cluster.broker(3).pause()
    const asked = beginFetch({ maxWaitMs: 5000 })
    speaker().produce(batchOf('a'), { acks: 1 })
    time.advance(100)
    expect(asked.state).toBe('waiting')
    cluster.broker(3).resume()
    time.advance(0)
    expect(readOf(first(first(asked.answer.responses).partitions))).toBe('a')
  })

  it('leaves nothing behind when the client goes', async () => {
    const { beginFetch, ask, time } = dataPath()
    beginFetch({ maxWaitMs: 2 ** 31 - 1 })
    time.advance(10)
    ask.close()
    await time.settle()
    expect(time.now).toBeLessThan(1000)
  })
})

describe('Fetch, leaders', () => {
  it.each([
    [-1, 'a'],
    [-2, 'a'],
    [0, 'FENCED_LEADER_EPOCH'],
    [1, 'a'],
    [2, 'UNKNOWN_LEADER_EPOCH'],
  ])('checks the leader epoch that the client knows: %d', (currentLeaderEpoch, answer) => {
    const { fetch, cluster } = withBatches(['a'])
    cluster.elect('orders', 0, 1)
    expect(readOf(fetch({ partition: { currentLeaderEpoch } }))).toBe(answer)
  })

  it('lets consumers read from followers from version 11 on (KIP-392)', () => {
    const { speaker } = withBatches(['a'])
    const { fetch } = speaker(2)
    expect(readOf(fetch({ version: 10 }))).toBe('NOT_LEADER_OR_FOLLOWER')
    expect(readOf(fetch({ version: 11 }))).toBe('a')
    const { speaker: others } = dataPath({ brokers: 3, topics: { orders: { partitions: 1, replicationFactor: 1 } } })
    expect(readOf(others(2).fetch({ version: 12 }))).toBe('NOT_LEADER_OR_FOLLOWER')
  })

  it('shows of a follower no more than it has', () => {
    const { speaker, produce, cluster } = withBatches(['a'])
    cluster.broker(2).pause()
    cluster.shrinkIsr('orders', 0, [1, 3])
    produce(batchOf('b'))
    cluster.broker(1).pause()
    cluster.broker(2).resume()
    expect(readOf(speaker(2).fetch())).toBe('a')
    expect(readOf(speaker(3).fetch())).toBe('ab')
    expect(readOf(speaker(2).fetch({ from: 2n }))).toBe('OFFSET_OUT_OF_RANGE')
  })

  it('tells who leads, and where it is, from version 16 on (KIP-951)', () => {
    const { ask, topicId, cluster } = dataPath({ racks: ['a', 'b', 'c'] })
    cluster.elect('orders', 0, 2)
    const partitions = [{ partition: 0, fetchOffset: 0n, currentLeaderEpoch: 0, partitionMaxBytes: 100 }]
    const read = (version: number) =>
      ask(FetchRequest, FetchResponse, { ...fetchRequest(), topics: [{ topicId: topicId(), partitions }] }, version)
    expect(read(16)).toMatchObject({
      responses: [{ partitions: [{ errorCode: 74, currentLeader: { leaderId: 2, leaderEpoch: 1 } }] }],
      nodeEndpoints: [{ nodeId: 2, host: 'broker-2', port: 9092, rack: 'b' }],
    })
    expect(read(15)).toMatchObject({ responses: [{ partitions: [{ errorCode: 74, currentLeader: { leaderId: -1 } }] }], nodeEndpoints: [] })
  })

  it('tells where the log goes another way than the client believes', () => {
    const { produce, cluster, speaker } = withBatches(['ab'])
    cluster.broker(2).pause()
    produce(batchOf('cd'), { acks: 1 })
    cluster.broker(1).pause()
    cluster.broker(2).resume()
    cluster.elect('orders', 0, 2)
    const there = speaker(2)
    there.produce(batchOf('x'), { acks: 1 })
    expect(there.fetch({ from: 4n, partition: { lastFetchedEpoch: 0 } })).toMatchObject({
      errorCode: 0,
      divergingEpoch: { epoch: 0, endOffset: 2n },
    })
    expect(readOf(there.fetch({ from: 2n, partition: { lastFetchedEpoch: 0 } }))).toBe('')
    expect(readOf(there.fetch({ from: 0n, partition: { lastFetchedEpoch: 5 } }))).toBe('OFFSET_OUT_OF_RANGE')
  })

  it('knows that nobody who comes over the network is a replica', () => {
    const { fetch, ask, topicId } = withBatches(['a'])
    expect(readOf(fetch({ replicaId: 2 }))).toBe('NOT_LEADER_OR_FOLLOWER')
    expect(readOf(fetch({ replicaId: 2, partition: { currentLeaderEpoch: 0 } }))).toBe('UNKNOWN_LEADER_EPOCH')
    expect(readOf(fetch({ replicaId: -2 }))).toBe('a')
    const topics = [{ topicId: topicId(), partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 100 }] }]
    const { responses } = ask(FetchRequest, FetchResponse, { ...fetchRequest(), replicaState: { replicaId: 2, replicaEpoch: 1n }, topics })
    expect(readOf(first(first(responses).partitions))).toBe('NOT_LEADER_OR_FOLLOWER')
  })

  it('answers an ordered error at once', () => {
    const { fetch, cluster, time } = dataPath()
    cluster.next('Fetch', { topic: 'orders' }).fail('KAFKA_STORAGE_ERROR')
    expect(readOf(fetch({ maxWaitMs: 500 }))).toBe('KAFKA_STORAGE_ERROR')
    expect(time.now).toBe(0)
    expect(readOf(fetch())).toBe('')
  })
})

describe('Fetch, read_committed', () => {
  const committed = { isolationLevel: 1 }

  const withTransaction = () => {
    const path = dataPath({ brokers: 1 })
    const transaction = transacting(path.cluster, { time: path.time })
    const { producerId, producerEpoch } = transaction.initialise()
    path.produce(batchOf('ab'))
    path.produce(transactional(0, 'cd', { producerId, producerEpoch }), { transactionalId: 'tx' })
    path.produce(batchOf('e'))
    return { ...path, end: (how: 'commit' | 'abort') => transaction.end(how, { producerId, producerEpoch }), producerId }
  }

  it('sees nothing from an open transaction on', () => {
    const { fetch } = withTransaction()
    expect(fetch(committed)).toMatchObject({ highWatermark: 5n, lastStableOffset: 2n, abortedTransactions: [] })
    expect(readOf(fetch(committed))).toBe('ab')
    expect(readOf(fetch())).toBe('abcde')
    expect(fetch({ ...committed, from: 3n })).toMatchObject({ errorCode: 0, abortedTransactions: [] })
  })

  it('sees all of it once it is committed', () => {
    const { fetch, end, time } = withTransaction()
    end('commit')
    time.advance(0)
    expect(fetch(committed)).toMatchObject({ lastStableOffset: 6n, abortedTransactions: [] })
    expect(readOf(fetch(committed))).toBe('abcde|')
  })

  it('is told what to leave out once it is aborted', () => {
    const { fetch, end, time, producerId } = withTransaction()
    end('abort')
    time.advance(0)
    expect(fetch(committed).abortedTransactions).toMatchObject([{ producerId, firstOffset: 2n }])
    expect(fetch().abortedTransactions).toBeNull()
    // Kafka knows only every 4,096 bytes what begins behind what is sent.
    expect(fetch({ ...committed, partition: { partitionMaxBytes: 10 } }).abortedTransactions).toMatchObject([{ firstOffset: 2n }])
    expect(fetch({ ...committed, from: 4n }).abortedTransactions).toMatchObject([{ firstOffset: 2n }])
    expect(fetch({ ...committed, from: 6n }).abortedTransactions).toEqual([])
  })

  it('wakes up when the transaction ends', () => {
    const { beginFetch, end, time } = withTransaction()
    const asked = beginFetch({ ...committed, from: 2n, maxWaitMs: 500 })
    time.advance(100)
    expect(asked.state).toBe('waiting')
    end('commit')
    time.advance(0)
    expect(lettersIn(first(first(asked.answer.responses).partitions).records ?? new Uint8Array(0))).toBe('cde|')
  })
})
