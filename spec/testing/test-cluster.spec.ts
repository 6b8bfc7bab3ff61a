import { from, map } from 'rxjs'
import { ConfigError } from '../../lib/errors'
import { producer } from '../../lib/producer'
import type { Delivery } from '../../lib/record'
import type { TestClusterOptions } from '../../lib/testing/settings'
import { testCluster } from '../../lib/testing/test-cluster'
import { marbles } from '../support/marbles'
import { transacting } from './support/transacting'
import { append, describeTopics, textOf, valuesIn, world } from './support/world'

describe('testCluster', () => {
  it('takes what a producer sends, in virtual time, and shows it', async () => {
    const { cluster, kafka, time } = world({ topics: { orders: 3 }, latency: 2 })
    const deliveries: Delivery[] = []
    from(['a', 'b', 'c'])
      .pipe(kafka().to('orders', { key: (value) => value }))
      .subscribe((delivery) => deliveries.push(delivery))
    await time.settle()

    expect(deliveries.map(({ type }) => type)).toEqual(['delivered', 'delivered', 'delivered'])
    const records = cluster.records('orders')
    expect(records.map(({ key, value }) => [textOf(key), textOf(value)]).sort()).toEqual(['a', 'b', 'c'].map((text) => [text, text]))
    expect(cluster.records('nothing')).toEqual([])
  })

  it('runs within TestScheduler.run with nothing passed', () =>
    marbles(({ cold, expectObservable }) => {
      const cluster = testCluster({ topics: { orders: 1 }, latency: 10 })
      const kafka = producer({ brokers: cluster.brokers, transport: cluster.transport, linger: 5 })
      const sent$ = cold('a-b|').pipe(kafka.to('orders'))
      // Dialling, versions, metadata, and the request itself: there and back four times.
      expectObservable(sent$.pipe(map(({ type, context }) => `${type} ${context}`))).toBe('80ms (ab|)', {
        a: 'delivered a',
        b: 'delivered b',
      })
    }))

  it('is the same twice for the same seed, and another for another', () => {
    const run = (seed: number): string[] => {
      const { cluster, send, time } = world({ timeSeed: seed, topics: { orders: 3 } })
      const log: string[] = [cluster.brokers.join()]
      cluster.requests$.subscribe(({ api, version, correlationId, node, at }) =>
        log.push(`${String(at)} ${String(node.id)} ${api} ${String(version)} ${String(correlationId)}`),
      )
      cluster.next('Produce', { times: 3 }).fail('NOT_LEADER_OR_FOLLOWER')
      cluster.next('Metadata', { times: 2 }).corrupt()
      cluster.at(2000, () => cluster.broker(2).kill())
      cluster.at(40_000, () => cluster.broker(2).start())
      const deliveries = Array.from({ length: 20 }, (_, i) => {
        const some: Delivery<string>[] = []
        cluster.at(i * 500, () => some.push(...send([String(i)])))
        return some
      })
      time.advance(100_000)
      return [...log, ...deliveries.flat().map(({ type }) => type), ...valuesIn(cluster)]
    }
    const [first, again, another] = [run(5), run(5), run(6)]
    expect(first.length).toBeGreaterThan(100)
    expect(again).toEqual(first)
    expect(another).not.toEqual(first)
  })

  it('says what was appended, and by whom it was asked', () => {
    const { cluster, talkTo, time } = world()
    const seen: unknown[] = []
    cluster.requests$.subscribe(({ api, clientId, node, at }) => seen.push({ api, clientId, node: node.id, at }))
    cluster.appended$.subscribe(({ topic, partition, records, baseOffset }) => seen.push({ topic, partition, records, baseOffset }))
    time.advance(5)
    append(talkTo(1, 'me'), 'a')
    time.advance(1)
    expect(seen).toEqual([
      { api: 'Produce', clientId: 'me', node: 1, at: 5 },
      { topic: 'orders', partition: 0, records: 1, baseOffset: 0n },
    ])
  })

  it('does what is planned, by its own clock', () => {
    const { cluster, time } = world()
    cluster.at(1000, () => cluster.broker(2).stop())
    cluster.after(2000, () => cluster.broker(2).start())
    const statuses = [999, 1, 1000].map((ms) => {
      time.advance(ms)
      return [cluster.now, cluster.broker(2).status]
    })
    expect(statuses).toEqual([
      [999, 'up'],
      [1000, 'down'],
      [2000, 'up'],
    ])
  })

  it('ends all connections, and leaves no timer behind, when it is closed', () => {
    const { cluster, talkTo, time } = world()
    transacting(cluster, { time }).initialise()
    const ask = talkTo()
    cluster.next('Produce').hold(5000)
    append(ask, 'a')
    time.advance(1)
    cluster.broker(3).kill()
    cluster.after(10_000, () => cluster.broker(1).stop())
    const completed: string[] = []
    cluster.requests$.subscribe({ complete: () => completed.push('requests$') })
    cluster.close()
    time.advance(1)
    expect([ask.open, completed, time.pending]).toEqual([false, ['requests$'], 0])
  })

  it('cannot be reached when it is closed', async () => {
    const { cluster, send, time } = world()
    cluster.close()
    const deliveries = send(['a'])
    await time.settle()
    expect([deliveries.map(({ type }) => type), valuesIn(cluster)]).toEqual([['failed'], []])
  })

  it('takes an option that is undefined for one that is left open', async () => {
    const open = { brokers: undefined, latency: undefined, sessionTimeout: undefined, retentionBytes: undefined, seed: undefined }
    const { cluster, send, time } = world({ ...(open as unknown as TestClusterOptions) })
    const deliveries = send(['a'])
    await time.settle()
    expect([cluster.brokers.length, deliveries.map(({ type }) => type)]).toEqual([1, ['delivered']])
  })

  it.each([{ brokers: 0 }, { latency: -1 }, { sessionTimeout: NaN }, { retentionBytes: -1 }])('is not made of %j', (options) => {
    expect(() => testCluster(options)).toThrow(ConfigError)
  })

  describe('with a defect in an api', () => {
    const broken = () => {
      const w = world()
      w.cluster.next('Metadata').change(() => {
        throw new Error('a defect')
      })
      return w
    }

    it('ends the connection, and says it', () => {
      const { cluster, talkTo, time } = broken()
      const problems: unknown[] = []
      cluster.problems$.subscribe((problem) => problems.push(problem))
      const asked = describeTopics(talkTo(), 'orders')
      time.advance(1)
      expect([asked.state, problems]).toEqual(['ended', [new Error('a defect')]])
    })

    it('throws it at whoever moves the time, where nobody listens', async () => {
      const { cluster, send, talkTo, time } = broken()
      describeTopics(talkTo(), 'orders')
      expect(() => time.advance(1)).toThrow('a defect')
      const deliveries = send(['a'])
      await time.settle()
      expect([deliveries.map(({ type }) => type), cluster.unused()]).toEqual([['delivered'], []])
    })
  })
})
