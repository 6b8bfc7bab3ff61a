/** Whole transactions, as a producer and a reader see them. What each api answers by itself is in its own spec. */
import { recordBatch } from '../../lib/batch/record-batch'
import { FetchRequest } from '../../lib/generated/messages/FetchRequest'
import { FetchResponse } from '../../lib/generated/messages/FetchResponse'
import type { TestClusterOptions } from '../../lib/testing/settings'
import { testCluster } from '../../lib/testing/test-cluster'
import { virtualTime } from '../../lib/testing/virtual-time'
import { client } from './support/ask'
import { transacting } from './support/transacting'

const [READ_UNCOMMITTED, READ_COMMITTED] = [0, 1]

function started(options: TestClusterOptions = {}) {
  const time = virtualTime()
  const cluster = testCluster({ topics: { orders: 2 }, scheduler: time.scheduler, ...options })
  const { coordinator } = transacting(cluster, { time })

  /** What a reader finds in a partition; its broker says which transactions were aborted, and the reader leaves them out. */
  const read = (isolationLevel: number, partition = 0) => {
    const ask = client(cluster, { time, node: cluster.leaderOf('orders', partition) ?? 1 })
    const partitions = [{ partition, fetchOffset: 0n, partitionMaxBytes: 1_000_000 }]
    const request = { maxWaitMs: 0, minBytes: 0, maxBytes: 1_000_000, isolationLevel, topics: [{ topic: 'orders', partitions }] }
    const found = ask(FetchRequest, FetchResponse, request, 11).responses[0]?.partitions[0]
    if (found === undefined) throw new Error('Fetch answered nothing')
    const batches = [...recordBatch.decodeAll(found.records ?? new Uint8Array())]
    const starts = [...(found.abortedTransactions ?? [])]
    const aborted = new Set<bigint>()
    const values = batches.flatMap(({ lastOffset, producerId, control, records }) => {
      while (starts[0] !== undefined && starts[0].firstOffset <= lastOffset) aborted.add(starts.shift()?.producerId ?? -1n)
      if (control) aborted.delete(producerId)
      return control || aborted.has(producerId) ? [] : records.map(({ value }) => Buffer.from(value ?? []).toString())
    })
    const markers = batches.flatMap(({ records }) => records.flatMap(({ marker }) => marker?.type ?? []))
    return { values, markers, highWatermark: found.highWatermark, lastStableOffset: found.lastStableOffset }
  }
  return { time, cluster, coordinator, read, producer: (node = coordinator.transaction) => transacting(cluster, { time, node }) }
}

describe('a transaction', () => {
  it('of the first versions is read when it is committed, and not before', () => {
    const { producer, read, time } = started({ transactionVersion: 1 })
    const { initialise, add, produce, end } = producer()
    const who = initialise()
    add(who, ['orders-0', 'orders-1'])
    const produced = [produce(who, 'orders-0', 0, 11), produce(who, 'orders-0', 1, 11), produce(who, 'orders-1', 0, 11)]
    const open = [read(READ_COMMITTED), read(READ_UNCOMMITTED)]
    end('commit', who, 4)
    time.advance(0)

    expect(produced).toEqual(['NONE', 'NONE', 'NONE'])
    expect(open[0]).toEqual({ values: [], markers: [], highWatermark: 2n, lastStableOffset: 0n })
    expect(open[1]?.values).toEqual(['0', '1'])
    expect(read(READ_COMMITTED)).toEqual({ values: ['0', '1'], markers: ['commit'], highWatermark: 3n, lastStableOffset: 3n })
    expect(read(READ_COMMITTED, 1)).toMatchObject({ values: ['0'], markers: ['commit'] })
  })

  it('of the second version takes in what is produced, and the next one has the next epoch', () => {
    const { producer, read, time } = started()
    const { initialise, produce, end } = producer()
    const who = initialise()
    const first = [produce(who, 'orders-0', 0), produce(who, 'orders-1', 0)]
    const next = end('commit', who)
    time.advance(0)
    const second = produce(next, 'orders-0', 0)
    end('commit', next)
    time.advance(0)

    expect([...first, second]).toEqual(['NONE', 'NONE', 'NONE'])
    expect([who.producerEpoch, next.producerEpoch]).toEqual([0, 1])
    expect(read(READ_COMMITTED)).toMatchObject({ values: ['0', '0'], markers: ['commit', 'commit'] })
    expect(read(READ_COMMITTED, 1)).toMatchObject({ values: ['0'], markers: ['commit'] })
  })

  it('that is aborted is never read by who wants what is committed', () => {
    const { producer, read, time } = started()
    const { initialise, produce, end } = producer()
    const who = initialise()
    produce(who, 'orders-0', 0)
    produce(who, 'orders-0', 1)
    const next = end('abort', who)
    time.advance(0)
    produce(next, 'orders-0', 0)
    end('commit', next)
    time.advance(0)

    expect(read(READ_COMMITTED)).toEqual({ values: ['0'], markers: ['abort', 'commit'], highWatermark: 5n, lastStableOffset: 5n })
    expect(read(READ_UNCOMMITTED).values).toEqual(['0', '1', '0'])
  })

  it('of a producer that was taken over is aborted, and its own commit comes too late', () => {
    const { producer, read, time } = started()
    const { initialise, produce, end } = producer()
    const old = initialise()
    produce(old, 'orders-0', 0)
    initialise()
    time.advance(0)
    const who = initialise()
    const late = [produce(old, 'orders-0', 1), end('commit', old).error, end('abort', old).error]
    produce(who, 'orders-0', 0)
    end('commit', who)
    time.advance(0)

    expect(late).toEqual(['INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED', 'PRODUCER_FENCED'])
    expect(read(READ_COMMITTED)).toMatchObject({ values: ['0'], markers: ['abort', 'commit'] })
  })

  it('that was left open holds readers up until its time is over', () => {
    const { producer, read, time } = started()
    const { initialise, produce } = producer()
    produce(initialise({ transactionTimeoutMs: 5000 }), 'orders-0', 0)
    time.advance(4999)
    const before = read(READ_COMMITTED)
    time.advance(1)

    expect(before).toMatchObject({ lastStableOffset: 0n, highWatermark: 1n })
    expect(read(READ_COMMITTED)).toMatchObject({ values: [], markers: ['abort'], lastStableOffset: 2n })
  })

  it('is ended once, when the answer to its end was lost', () => {
    const { cluster, coordinator, producer, read, time } = started()
    const { initialise, produce, end } = producer()
    const who = initialise()
    produce(who, 'orders-0', 0)
    cluster.next('EndTxn').cutAfter()
    expect(() => end('commit', who)).toThrow('The broker ended the connection')
    time.advance(0)
    const again = producer(coordinator.transaction).end('commit', who)

    expect(again).toEqual({ error: 'NONE', producerId: who.producerId, producerEpoch: 1 })
    expect(read(READ_COMMITTED)).toMatchObject({ values: ['0'], markers: ['commit'] })
    expect(cluster.unused()).toEqual([])
  })

  it('goes on with another coordinator when its own dies', () => {
    const { cluster, coordinator, producer, read, time } = started({ brokers: 3 })
    const who = producer().initialise()
    const [place, index, leader] = coordinator.transaction === 1 ? (['orders-1', 1, 2] as const) : (['orders-0', 0, 1] as const)
    producer().add(who, [place])
    producer(leader).produce(who, place, 0, 11)
    cluster.broker(coordinator.transaction).kill()
    time.advance(20_000)
    const { coordinator: moved } = transacting(cluster, { time, node: leader })
    const ended = producer(moved.transaction).end('commit', who, 4)
    time.advance(0)

    expect(moved.transaction).not.toBe(coordinator.transaction)
    expect(ended.error).toBe('NONE')
    expect(read(READ_COMMITTED, index)).toMatchObject({ values: ['0'], markers: ['commit'] })
  })

  it.each([
    ['InitProducerId', 'COORDINATOR_LOAD_IN_PROGRESS'],
    ['AddPartitionsToTxn', 'COORDINATOR_LOAD_IN_PROGRESS'],
    ['AddOffsetsToTxn', 'GROUP_AUTHORIZATION_FAILED'],
    ['TxnOffsetCommit', 'TOPIC_AUTHORIZATION_FAILED'],
    ['EndTxn', 'COORDINATOR_NOT_AVAILABLE'],
  ] as const)('is as it was when %s is answered with an error that was ordered', (api, error) => {
    const { cluster, producer, time } = started()
    const { initialise, add, addOffsets, commitOffsets, end, state, describe: described } = producer()
    const who = initialise()
    add(who, ['orders-0'])
    cluster.next(api).fail(error)
    const acts = {
      InitProducerId: () => initialise().error,
      AddPartitionsToTxn: () => add(who, ['orders-1'])['orders-1'],
      AddOffsetsToTxn: () => addOffsets(who),
      TxnOffsetCommit: () => commitOffsets(who, { 'orders-0': 1n })['orders-0'],
      EndTxn: () => end('commit', who).error,
    }

    expect(acts[api]()).toBe(error)
    time.advance(0)
    expect(state()).toBe('Ongoing')
    expect(described().topics).toMatchObject([{ topic: 'orders', partitions: [0] }])
  })
})
