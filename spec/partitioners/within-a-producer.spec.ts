/** The partitions that a whole producer chooses, in virtual time, on brokers that are not alike. */
import { concat, interval, map, mergeMap, NEVER, range, Subject, take } from 'rxjs'
import type { Observable } from 'rxjs'
import { unnumbered } from '../../lib/batch/sequencer'
import { BufferPool } from '../../lib/batch/buffer-pool'
import type { ProducerConfig } from '../../lib/config'
import { roundRobin } from '../../lib/partitioners/round-robin'
import { createAccumulator } from '../../lib/pipeline/accumulate'
import { producer } from '../../lib/producer'
import type { ProducerRecord } from '../../lib/record'
import { testCluster } from '../../lib/testing/test-cluster'
import type { TestClusterOptions } from '../../lib/testing/settings'
import { virtualTime } from '../../lib/testing/virtual-time'
import { clockOf } from '../../lib/time'
import { partitioned, sized } from '../support/records'

type SentRecord = ProducerRecord<string, Uint8Array>

/** Three brokers; partition n of six is led by broker n % 3 + 1. */
function producing(config: Partial<ProducerConfig> = {}, clusterOptions: TestClusterOptions = {}) {
  const time = virtualTime(11)
  const { scheduler } = time
  const assignment = Array.from({ length: 6 }, (_, partition) => [(partition % 3) + 1])
  const topics = { orders: { partitions: 6, assignment } }
  const cluster = testCluster({ brokers: 3, topics, latency: 1, scheduler, ...clusterOptions })
  const kafka = producer({ brokers: cluster.brokers, transport: cluster.transport, scheduler, batchSize: 4096, ...config })
  const counts = () => {
    const found = new Array<number>(6).fill(0)
    for (const { partition } of cluster.records('orders')) found[partition]++
    return found
  }
  /** So many records a millisecond: four of them fill a batch, whether its header counts or not. */
  const paced = (ms: number, perMs = 3): Observable<SentRecord> =>
    interval(1, scheduler).pipe(
      take(ms),
      mergeMap(() => range(0, perMs)),
      map((): SentRecord => ({ topic: 'orders', value: sized(1100) })),
    )
  return { time, cluster, kafka, counts, paced }
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0)
const led = (counts: readonly number[], broker: number) => sum(counts.filter((_count, partition) => (partition % 3) + 1 === broker))

/** Three runs of a whole producer, a second each; more on a machine that does other things too. */
jest.setTimeout(30_000)

describe('records without a key, when one broker is slower than the others', () => {
  const slow = 1
  const [ms, perMs] = [1000, 3]
  /** Its share in the records of a second. Four records make a choice's worth of bytes. */
  const shareOfTheSlow = async (config: Partial<ProducerConfig>): Promise<number> => {
    const { time, cluster, kafka, counts, paced } = producing(config)
    cluster.every('Produce', { node: slow }).hold(200)
    paced(ms, perMs).pipe(kafka.send()).subscribe()
    await time.settle()
    expect(sum(counts())).toBe(ms * perMs)
    return led(counts(), slow) / (ms * perMs)
  }

  it('go there less, by the length of its queues, and hardly at all where they may not wait for it', async () => {
    const uniform = await shareOfTheSlow({ adaptivePartitioning: false })
    const adaptive = await shareOfTheSlow({})
    const avoiding = await shareOfTheSlow({ partitionerAvailabilityTimeout: 20 })
    // Five standard deviations of 750 choices of one in three: 5 × √(1/3 × 2/3 / 750) = 0.086.
    expect(Math.abs(uniform - 1 / 3)).toBeLessThan(0.086)
    expect(adaptive).toBeLessThan(uniform / 1.5)
    expect(avoiding).toBeLessThan(adaptive / 1.5)
    expect(avoiding).toBeGreaterThan(0)
  })
})

describe('records without a key, when a broker takes nothing at all', () => {
  it('avoid it after the time that they may wait, and come back when it does', async () => {
    const { time, cluster, kafka, counts, paced } = producing({ partitionerAvailabilityTimeout: 100, requestTimeout: 30_000 })
    const records$ = new Subject<SentRecord>()
    const chosen: number[] = []
    records$.pipe(kafka.send()).subscribe((delivery) => {
      if (delivery.type === 'delivered') chosen.push((delivery.partition % 3) + 1)
    })
    concat(paced(2000), NEVER).subscribe(records$)
    await time.pass(500)
    const held = cluster.every('Produce', { node: 1 }).hold()
    await time.pass(200)
    const before = chosen.length
    const then = counts()
    await time.pass(500)
    const during = chosen.slice(before)
    expect(new Set(during)).toEqual(new Set([2, 3]))
    // 3 records a millisecond come through, all of them: nothing is put where it would wait.
    expect(Math.abs(during.length - 1500)).toBeLessThan(100)
    expect(led(counts(), 1)).toBe(led(then, 1))
    held.end()
    held.release()
    await time.pass(200)
    const after = chosen.length
    await time.pass(500)
    expect(chosen.slice(after).filter((broker) => broker === 1).length).toBeGreaterThan(300)
    records$.complete()
    await time.settle()
    expect(chosen).toHaveLength(1900 * 3)
  })
})

describe('records without a key, near and far', () => {
  const racks = ['r1', 'r2', 'r1']

  it('go to the leaders within the client’s rack', async () => {
    const { time, kafka, counts, paced } = producing({ rackAware: true, clientRack: 'r1' }, { racks })
    paced(200).pipe(kafka.send()).subscribe()
    await time.settle()
    expect([led(counts(), 2), sum(counts())]).toEqual([0, 600])
    for (const broker of [1, 3]) expect(led(counts(), broker)).toBeGreaterThan(200)
  })

  it('go anywhere when no leader is within it, and when nobody asks for it', async () => {
    for (const config of [{ rackAware: true, clientRack: 'r3' }, { clientRack: 'r1' }]) {
      const { time, kafka, counts, paced } = producing(config, { racks })
      paced(300).pipe(kafka.send()).subscribe()
      await time.settle()
      // Five standard deviations of 225 choices of one in three, below a third of 900.
      for (const broker of [1, 2, 3]) expect(led(counts(), broker)).toBeGreaterThan(300 - 141)
    }
  })
})

describe('records with a key', () => {
  const keyed = (records$: Observable<SentRecord>) => records$.pipe(map((record): SentRecord => ({ ...record, key: 'always the same' })))

  it.each([
    ['stay together', {}, 1],
    ['spread when keys are ignored', { ignoreKeys: true }, 6],
    ['go to each partition in turn with round robin', { partitioner: roundRobin() }, 6],
  ])('%s', async (_how, config, partitions) => {
    const { time, kafka, counts, paced } = producing(config)
    keyed(paced(100)).pipe(kafka.send()).subscribe()
    await time.settle()
    expect(counts().filter((count) => count > 0)).toHaveLength(partitions)
    if ('partitioner' in config) expect(counts()).toEqual([50, 50, 50, 50, 50, 50])
  })

  it('pass over partitions without a leader, with round robin', async () => {
    const { time, cluster, kafka, counts, paced } = producing({ partitioner: roundRobin() })
    cluster.broker(2).stop()
    await time.pass(1)
    keyed(paced(100)).pipe(kafka.send()).subscribe()
    await time.settle()
    expect(counts()).toEqual([75, 0, 75, 75, 0, 75])
  })
})

describe('one small record and then large ones', () => {
  it('move on when a batch is full, as in Java', () => {
    const numbers = [0, 1 / 3, 2 / 3, 0]
    const clock = { ...clockOf(virtualTime().scheduler), random: () => numbers.shift() ?? 0 }
    const parts = { clock, memory: new BufferPool(Infinity), deliveryTimeout: Infinity, sequencer: () => unnumbered }
    const accumulator = createAccumulator({ leaderOf: () => 1, batchSize: 1024, maxBatchSize: 1024 }, parts)
    const sizes = () => [0, 1, 2].map((partition) => accumulator.queueLength('orders', partition) ?? 0)
    const seen = [10, 1024, 1024, 1024, 1024].map((bytes) => {
      const before = sizes()
      accumulator.append(partitioned({ partition: null, partitionCount: 3, value: sized(bytes) }), 0)
      return sizes().findIndex((size, partition) => size !== before[partition])
    })
    expect(seen).toEqual([0, 0, 1, 2, 0])
  })
})
