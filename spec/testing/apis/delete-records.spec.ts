import { DeleteRecordsRequest } from '../../../lib/generated/messages/DeleteRecordsRequest'
import { DeleteRecordsResponse } from '../../../lib/generated/messages/DeleteRecordsResponse'
import { FindCoordinatorRequest } from '../../../lib/generated/messages/FindCoordinatorRequest'
import { FindCoordinatorResponse } from '../../../lib/generated/messages/FindCoordinatorResponse'
import { batchOf, sequenced } from '../support/batches'
import { dataPath, first, nameOf, placeOf, readOf } from '../support/data-path'
import type { WorldOptions } from '../support/world'

interface DeleteOptions {
  readonly topic?: string
  readonly node?: number
  readonly timeoutMs?: number
  readonly version?: number
}

/** Three batches of two records. */
function setUp(options: WorldOptions = {}) {
  const path = dataPath(options)
  for (const letters of ['ab', 'cd', 'ef']) path.produce(batchOf(letters))
  const requestOf = (offset: bigint, { topic: name = 'orders', timeoutMs = 1000 }: DeleteOptions) => ({
    timeoutMs,
    topics: [{ name, partitions: [{ partitionIndex: 0, offset }] }],
  })
  const remove = (offset: bigint, { node = 1, version = 2, ...rest }: DeleteOptions = {}) => {
    const { topics } = path.speaker(node).ask(DeleteRecordsRequest, DeleteRecordsResponse, requestOf(offset, rest), version)
    return first(first(topics).partitions)
  }
  const begin = (offset: bigint, options: DeleteOptions = {}) =>
    path.speaker().ask.begin(DeleteRecordsRequest, DeleteRecordsResponse, requestOf(offset, options))
  return { ...path, remove, begin }
}

describe('DeleteRecords', () => {
  it.each([0, 1, 2])('puts what is before an offset out of reach: version %d', (version) => {
    const { remove, fetch, list } = setUp()
    expect(remove(3n, { version })).toMatchObject({ errorCode: 0, lowWatermark: 3n })
    expect(readOf(fetch({ from: 2n }))).toBe('OFFSET_OUT_OF_RANGE')
    expect(readOf(fetch({ from: 3n }))).toBe('cdef')
    expect(list(-2n)).toMatchObject({ offset: 3n })
  })

  it('leaves them out of what the cluster shows, though their batch is still there', () => {
    const { remove, cluster } = setUp()
    remove(3n)
    expect(cluster.records('orders').map(({ offset }) => offset)).toEqual([3n, 4n, 5n])
  })

  it('changes nothing when that was so already', () => {
    const { remove } = setUp()
    remove(4n)
    expect(remove(2n)).toMatchObject({ errorCode: 0, lowWatermark: 4n })
  })

  it('takes -1 for everything that consumers see', () => {
    const { remove, fetch } = setUp()
    expect(remove(-1n)).toMatchObject({ errorCode: 0, lowWatermark: 6n })
    expect(readOf(fetch({ from: 6n }))).toBe('')
  })

  it('remembers the producers of what it removed', () => {
    const { remove, produce } = setUp()
    produce(sequenced(0))
    remove(-1n)
    expect(placeOf(produce(sequenced(5)))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
    expect(placeOf(produce(sequenced(0)))).toBe('6')
    expect(placeOf(produce(sequenced(1)))).toBe('7')
  })

  it.each([-2n, 7n])('refuses %d, which is outside of the log', (offset) => {
    expect(setUp().remove(offset)).toMatchObject({ errorCode: 1, lowWatermark: -1n })
  })

  it('refuses what not all in-sync replicas have', () => {
    const { remove, produce, cluster } = setUp()
    cluster.broker(3).pause()
    produce(batchOf('g'), { acks: 1 })
    expect(nameOf(remove(7n).errorCode)).toBe('OFFSET_OUT_OF_RANGE')
  })

  it.each<[string, DeleteOptions, string]>([
    ['a topic that is not there', { topic: 'nothing' }, 'UNKNOWN_TOPIC_OR_PARTITION'],
    ['a broker that does not lead', { node: 2 }, 'NOT_LEADER_OR_FOLLOWER'],
    ['a topic that is compacted', { topic: 'compacted' }, 'POLICY_VIOLATION'],
    ['a topic that is compacted and more', { topic: 'both' }, 'NONE'],
    ['a topic of the cluster itself', { topic: '__consumer_offsets' }, 'INVALID_TOPIC_EXCEPTION'],
  ])('knows %s', (_, options, error) => {
    const policy = (value: string) => ({ partitions: 1, configs: { 'cleanup.policy': value } })
    const { remove, ask, cluster } = setUp({
      brokers: 2,
      topics: { orders: 1, compacted: policy('compact'), both: policy('compact,delete') },
    })
    ask(FindCoordinatorRequest, FindCoordinatorResponse, { keyType: 0, coordinatorKeys: ['group'] })
    const leader = options.topic === 'nothing' ? 1 : cluster.leaderOf(options.topic ?? 'orders', 0)
    expect(nameOf(remove(0n, { ...(leader !== undefined && { node: leader }), ...options }).errorCode)).toBe(error)
  })

  it('waits for replicas that the controller takes for alive', () => {
    const { begin, cluster, time } = setUp()
    cluster.broker(3).pause()
    const asked = begin(3n, { timeoutMs: 60_000 })
    time.advance(100)
    expect(asked.state).toBe('waiting')
    cluster.broker(3).resume()
    time.advance(0)
    expect(first(first(asked.answer.topics).partitions)).toMatchObject({ errorCode: 0, lowWatermark: 3n })
  })

  it('does not wait longer than it is told, nor for one that is given up', () => {
    const { remove, cluster, time } = setUp({ sessionTimeout: 9000 })
    cluster.broker(3).pause()
    expect(remove(3n, { timeoutMs: 500 })).toMatchObject({ errorCode: 7 })
    expect(time.now).toBe(500)
    expect(remove(4n, { timeoutMs: 60_000 })).toMatchObject({ errorCode: 0, lowWatermark: 4n })
    expect(time.now).toBe(9000)
  })

  it('stops waiting when another broker leads, or the topic is gone', () => {
    const { begin, cluster, time } = setUp()
    cluster.broker(3).pause()
    const asked = begin(3n)
    time.advance(10)
    cluster.elect('orders', 0, 2)
    time.advance(0)
    expect(nameOf(first(first(asked.answer.topics).partitions).errorCode)).toBe('NOT_LEADER_OR_FOLLOWER')
    cluster.elect('orders', 0, 1)
    const other = begin(4n)
    time.advance(10)
    cluster.deleteTopic('orders')
    time.advance(0)
    expect(nameOf(first(first(other.answer.topics).partitions).errorCode)).toBe('UNKNOWN_TOPIC_OR_PARTITION')
  })

  it('counts a partition once that is named twice', () => {
    const { ask } = setUp()
    const partitions = [1n, 4n].map((offset) => ({ partitionIndex: 0, offset }))
    const { topics } = ask(DeleteRecordsRequest, DeleteRecordsResponse, { timeoutMs: 1000, topics: [{ name: 'orders', partitions }] })
    expect(topics).toMatchObject([{ name: 'orders', partitions: [{ partitionIndex: 0, lowWatermark: 4n }] }])
  })

  it('answers an ordered error, and removes nothing', () => {
    const { remove, cluster, fetch } = setUp()
    cluster.next('DeleteRecords', { topic: 'orders' }).fail('KAFKA_STORAGE_ERROR')
    expect(nameOf(remove(3n).errorCode)).toBe('KAFKA_STORAGE_ERROR')
    expect(readOf(fetch())).toBe('abcdef')
  })
})
