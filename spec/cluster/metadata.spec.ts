import { TestScheduler } from 'rxjs/testing'
import { BrokerError, MetadataTimeoutError, ProducerClosedError } from '../../lib/errors'
import { createMetadata } from '../../lib/cluster/metadata'
import { createNodes } from '../../lib/cluster/nodes'
import { openConnection } from '../../lib/network/connection'
import { clockOf } from '../../lib/time'
import { at, harness } from '../support/harness'
import { memoryNetwork } from '../support/memory-transport'
import type { Received } from '../support/scripted-broker'
import { hangUp, silence, value } from '../support/scripted-broker'
import { METADATA, scriptedCluster } from '../support/scripted-cluster'
import type { MetadataRequest } from '../../lib/generated/messages/MetadataRequest'

type Harness = ReturnType<typeof harness>

/** What came of waiting for a topic, and when. */
function waitFor({ metadata, time }: Harness, topic: string) {
  const seen: { partitions: number | undefined; error: unknown; completed: boolean; at: number | undefined } = {
    partitions: undefined,
    error: undefined,
    completed: false,
    at: undefined,
  }
  const subscription = metadata.partitionsFor(topic).subscribe({
    next: (partitions) => Object.assign(seen, { partitions: partitions.length, at: time.now }),
    error: (error: unknown) => Object.assign(seen, { error, at: time.now }),
    complete: () => (seen.completed = true),
  })
  return Object.assign(seen, { stop: () => subscription.unsubscribe() })
}

const questions = ({ cluster }: Harness): readonly Received[] =>
  cluster.brokers.flatMap(({ received }) => received.filter(({ api }) => api === 'Metadata'))

const topicsAsked = (harness: Harness): readonly (readonly (string | null)[])[] =>
  questions(harness).map((question) => ((question.value as MetadataRequest).topics ?? []).map(({ name }) => name))

/** How long was waited between one question and the next. */
const pauses = (harness: Harness): readonly number[] =>
  questions(harness)
    .map((question) => question.at)
    .map((when, i, all) => when - (all[i - 1] ?? when))
    .slice(1)

describe('metadata', () => {
  it('asks when somebody waits for a topic, and allows the broker to create it', () => {
    const harnessed = harness()
    harnessed.cluster.create('orders', 3)
    const source = harnessed.metadata.partitionsFor('orders')
    harnessed.time.settle()
    expect(harnessed.network.dialled).toEqual([])
    expect(source).toBeDefined()

    const seen = waitFor(harnessed, 'orders')
    harnessed.time.settle()
    expect(seen).toMatchObject({ partitions: 3, completed: true, error: undefined })
    expect(questions(harnessed)).toMatchObject([{ version: 13, value: { allowAutoTopicCreation: true } }])
    expect(harnessed.metadata.partitionCount('orders')).toBe(3)
    expect([0, 1, 2, 3].map((partition) => harnessed.metadata.leaderOf('orders', partition))).toEqual([1, 2, 3, undefined])
    expect(harnessed.metadata.cluster.clusterId).toBe('scripted')
  })

  it('gives what is known at once, without asking', () => {
    const harnessed = harness()
    harnessed.cluster.create('orders', 3)
    waitFor(harnessed, 'orders')
    harnessed.time.settle()
    expect(waitFor(harnessed, 'orders')).toMatchObject({ partitions: 3, completed: true, at: harnessed.time.now })
    harnessed.time.settle()
    expect(questions(harnessed)).toHaveLength(1)
  })

  it('asks once for all who wait, and in one question for topics that come together', () => {
    const harnessed = harness()
    for (const topic of ['a', 'b']) harnessed.cluster.create(topic, 1)
    const all = ['a', 'b', 'a', 'b'].map((topic) => waitFor(harnessed, topic))
    harnessed.time.settle()
    expect(all.map(({ partitions }) => partitions)).toEqual([1, 1, 1, 1])
    expect(topicsAsked(harnessed)).toEqual([['a', 'b']])
  })

  it('has one question at a time', () => {
    const harnessed = harness()
    for (const topic of ['a', 'b', 'c']) harnessed.cluster.create(topic, 1)
    const { time } = harnessed
    waitFor(harnessed, 'a')
    time.advance(4)
    waitFor(harnessed, 'b')
    waitFor(harnessed, 'c')
    time.settle()
    expect(topicsAsked(harnessed)).toEqual([['a'], ['b', 'c']])
  })

  it('asks again with growing pauses until a topic exists', () => {
    const harnessed = harness()
    const { time, cluster } = harnessed
    const seen = waitFor(harnessed, 'late')
    time.advance(3000)
    cluster.create('late', 2)
    time.settle()
    expect(seen).toMatchObject({ partitions: 2, completed: true })
    expect(pauses(harnessed)).toEqual([100, 200, 400, 800, 1000, 1000])
  })

  it('asks no oftener than once a millisecond, whatever the pauses are set to', () => {
    const harnessed = harness({ latency: 0, retryBackoff: 0, retryBackoffMax: 0 })
    waitFor(harnessed, 'late')
    harnessed.time.advance(20)
    expect(pauses(harnessed)).toEqual(Array.from({ length: 20 }, () => 1))
  })

  it("errors after maxBlock with the broker's reason, and stops asking", () => {
    const harnessed = harness()
    const seen = waitFor(harnessed, 'never')
    harnessed.time.settle()
    expect(seen.error).toBeInstanceOf(BrokerError)
    expect(seen).toMatchObject({ error: { code: 'UNKNOWN_TOPIC_OR_PARTITION' }, at: 5000 })
    expect(harnessed.time.now).toBe(5000)
  })

  it.each([
    [17, 'INVALID_TOPIC_EXCEPTION'],
    [29, 'TOPIC_AUTHORIZATION_FAILED'],
  ])('errors at once when asking again will not help (%d), for that topic alone', (errorCode, code) => {
    const harnessed = harness()
    const { broker, cluster, time } = harnessed
    cluster.create('good', 1)
    broker(1).on(METADATA, () => {
      const { topics, ...rest } = cluster.metadata(['good'])
      return value({ ...rest, topics: [...topics, { errorCode, name: 'bad', partitions: [] }] })
    })
    const [good, bad] = [waitFor(harnessed, 'good'), waitFor(harnessed, 'bad')]
    time.settle()
    expect(good).toMatchObject({ partitions: 1, error: undefined })
    expect(bad).toMatchObject({ error: { code } })
    expect(time.now).toBeLessThan(100)
    expect(questions(harnessed)).toHaveLength(1)
  })

  it('errors after maxBlock with the last connection error as the cause when no broker can be reached', () => {
    const harnessed = harness()
    harnessed.network.refuse(at(1))
    const seen = waitFor(harnessed, 'orders')
    harnessed.time.settle()
    expect(seen.error).toBeInstanceOf(MetadataTimeoutError)
    expect(seen).toMatchObject({ error: { cause: { code: 'CONNECT_FAILED' } }, at: 5000 })
    expect(harnessed.time.now).toBeLessThan(7000)
  })

  it('has forgotten what a broker said of the topic when nobody has asked for a while', () => {
    // Whoever waits for less than a second is gone when the last answer of his question comes.
    const harnessed = harness({ maxBlock: 100 })
    const { cluster, time } = harnessed
    const first = waitFor(harnessed, 'late')
    time.advance(120_000)
    for (const broker of cluster.brokers) broker.on(METADATA, () => silence)
    const second = waitFor(harnessed, 'late')
    time.advance(120_000)
    expect([first.error, second.error]).toMatchObject([{ code: 'UNKNOWN_TOPIC_OR_PARTITION' }, { code: 'METADATA_TIMEOUT' }])
  })

  it('finds the topic as soon as a broker comes back', () => {
    const harnessed = harness()
    const { network, time, cluster } = harnessed
    network.refuse(at(1))
    const seen = waitFor(harnessed, 'orders')
    cluster.create('orders', 1)
    time.advance(2000)
    network.restore(at(1))
    time.settle()
    expect(seen).toMatchObject({ partitions: 1, error: undefined })
    expect(seen.at).toBeLessThan(3100)
  })

  it('asks elsewhere when a connection breaks on a question', () => {
    const harnessed = harness({ bootstrap: [at(1), at(2)] })
    const { broker, cluster, time } = harnessed
    cluster.create('orders', 1)
    broker(1).on(METADATA, () => hangUp)
    const seen = waitFor(harnessed, 'orders')
    time.settle()
    expect(seen).toMatchObject({ partitions: 1, error: undefined })
    expect(broker(2).asked).toEqual(['Metadata'])
  })

  it('gives up a broker that does not answer, and asks another', () => {
    const harnessed = harness({ bootstrap: [at(1), at(2)] })
    const { broker, cluster, time } = harnessed
    cluster.create('orders', 1)
    broker(1).on(METADATA, () => silence)
    const seen = waitFor(harnessed, 'orders')
    time.settle()
    expect(seen).toMatchObject({ partitions: 1 })
    expect(seen.at).toBeLessThan(1200)
  })

  it('takes an answer without nodes for none', () => {
    const harnessed = harness()
    const { broker, cluster, time } = harnessed
    cluster.create('orders', 1)
    let asked = 0
    broker(1).on(METADATA, () => value(asked++ === 0 ? { brokers: [], topics: [] } : cluster.metadata(['orders'])))
    const seen = waitFor(harnessed, 'orders')
    time.settle()
    expect(seen).toMatchObject({ partitions: 1 })
    expect(asked).toBe(2)
  })

  it('begins again with the bootstrap addresses when a broker says so', () => {
    const harnessed = harness({ bootstrap: [at(1), at(2)] })
    const { broker, cluster, time } = harnessed
    cluster.create('orders', 1)
    let asked = 0
    broker(1).on(METADATA, () => value(asked++ === 0 ? { brokers: [], topics: [], errorCode: 129 } : cluster.metadata(['orders'])))
    const seen = waitFor(harnessed, 'orders')
    time.settle()
    expect(seen).toMatchObject({ partitions: 1 })
    expect(harnessed.network.dialled.filter((key) => key === 'broker-1:9092')).toHaveLength(2)
  })

  it('stops asking when whoever waits goes away', () => {
    const harnessed = harness()
    const seen = waitFor(harnessed, 'never')
    harnessed.time.advance(500)
    const before = questions(harnessed).length
    seen.stop()
    harnessed.time.settle()
    expect(questions(harnessed)).toHaveLength(before)
    expect(harnessed.time.now).toBeLessThan(1000)
  })

  it('may be asked again from within an answer', () => {
    const harnessed = harness()
    for (const topic of ['a', 'b']) harnessed.cluster.create(topic, 1)
    const seen: string[] = []
    harnessed.metadata.partitionsFor('a').subscribe(() => {
      seen.push('a')
      harnessed.metadata.partitionsFor('a').subscribe(() => seen.push('a again'))
      harnessed.metadata.partitionsFor('b').subscribe(() => seen.push('b'))
    })
    harnessed.time.settle()
    expect(seen).toEqual(['a', 'a again', 'b'])
  })

  describe('that is stale', () => {
    const known = () => {
      const harnessed = harness()
      harnessed.cluster.create('orders', 3)
      waitFor(harnessed, 'orders')
      harnessed.time.settle()
      return harnessed
    }

    it('is asked for again, once for many who say so', () => {
      const harnessed = known()
      const { metadata, time, cluster } = harnessed
      time.advance(10_000)
      cluster.elect('orders', 0, 3)
      for (let i = 0; i < 20; i++) metadata.refresh('orders')
      time.settle()
      expect(metadata.leaderOf('orders', 0)).toBe(3)
      expect(questions(harnessed)).toHaveLength(2)
    })

    it('wakes whoever waits with each new view', () => {
      const harnessed = known()
      const { metadata, time, cluster } = harnessed
      const leaders: (number | undefined)[] = []
      metadata.changes$.subscribe((view) => leaders.push(view.topics.get('orders')?.partitions[0]?.leader ?? undefined))
      cluster.elect('orders', 0, 2)
      metadata.refresh('orders')
      time.settle()
      expect(leaders).toEqual([2])
    })

    it('is asked for with growing pauses while the answers are no news', () => {
      const harnessed = known()
      const { metadata, time } = harnessed
      time.advance(10_000)
      const before = questions(harnessed).length
      metadata.changes$.subscribe(() => {
        if (questions(harnessed).length < before + 6) metadata.refresh('orders')
      })
      metadata.refresh('orders')
      time.settle()
      // An answer comes 1 ms after the question arrived, and the next is sent 1 ms before it arrives.
      expect(pauses(harnessed).slice(before)).toEqual([100, 200, 400, 800, 1000])
    })

    it('is asked for while a partition has no leader', () => {
      const harnessed = known()
      const { metadata, time, cluster } = harnessed
      cluster.elect('orders', 1, -1)
      metadata.refresh('orders')
      time.advance(700)
      expect(metadata.leaderOf('orders', 1)).toBeUndefined()
      expect(metadata.leaderOf('orders', 0)).toBe(1)
      cluster.elect('orders', 1, 3)
      time.settle()
      expect(metadata.leaderOf('orders', 1)).toBe(3)
    })

    it('is asked for no longer than maxBlock after the last who said so, who then hears of it', () => {
      const harnessed = known()
      const { metadata, time, cluster } = harnessed
      const start = time.now
      cluster.elect('orders', 1, -1)
      metadata.refresh('orders')
      time.advance(2000)
      metadata.refresh('orders')
      let last = 0
      metadata.changes$.subscribe(() => (last = time.now))
      time.settle()
      expect(last - start).toBeGreaterThanOrEqual(7000)
      expect(last - start).toBeLessThan(8100)
      expect(time.now).toBe(last)
    })

    it('is asked for when its leader was wanted and cannot be reached', () => {
      const harnessed = known()
      const { metadata, nodes, network, time, cluster } = harnessed
      time.advance(10_000)
      network.refuse(at(2))
      cluster.elect('orders', 1, 3)
      nodes.connectionOf(2)
      time.settle()
      expect(metadata.leaderOf('orders', 1)).toBe(3)
    })

    it('keeps what is known while a broker that is behind knows less', () => {
      const harnessed = known()
      const { metadata, time, cluster, broker } = harnessed
      cluster.elect('orders', 0, 2)
      metadata.refresh('orders')
      time.settle()
      const behind = cluster.metadata(['orders'])
      const [topic] = behind.topics
      if (topic === undefined) throw new Error('no topic')
      for (const id of [1, 2, 3]) {
        broker(id).on(METADATA, () => {
          const partitions = topic.partitions.map((partition) => ({ ...partition, leaderId: 1, leaderEpoch: 0 }))
          return value({ ...behind, topics: [{ ...topic, partitions }] })
        })
      }
      time.advance(5000)
      metadata.refresh('orders')
      time.settle()
      expect(metadata.leaderOf('orders', 0)).toBe(2)
    })

    it('is told to say so again when somebody else no longer waits for the topic', () => {
      const harnessed = harness({ brokers: 2 })
      const { metadata, cluster, time } = harnessed
      const topic = cluster.create('orders', 1)
      cluster.elect('orders', 0, -1)
      waitFor(harnessed, 'orders')
      time.settle()
      // As whoever has a batch for the partition: he says it once, and again with every change.
      metadata.changes$.subscribe(() => {
        if (metadata.leaderOf('orders', 0) === undefined) metadata.refresh('orders')
      })
      metadata.refresh('orders')
      const other = metadata.partitionsFor('orders', 7).subscribe()
      // Between two questions: no answer is under way that would tell him.
      time.advance(50)
      other.unsubscribe()
      cluster.elect('orders', 0, 2)
      time.advance(10_000)
      expect([topic.partitions[0]?.leader, metadata.leaderOf('orders', 0)]).toEqual([2, 2])
    })

    it('does not stop because all brokers are gone: it ends when the need lapses', () => {
      const harnessed = known()
      const { metadata, network, time, cluster } = harnessed
      for (const { address } of cluster.brokers) {
        network.refuse(address)
        network.cut(address)
      }
      metadata.refresh('orders')
      const start = time.now
      time.settle()
      expect(time.now - start).toBeGreaterThan(4000)
      expect(time.now - start).toBeLessThan(7000)
      expect(metadata.reasonFor('orders', 0)).toMatchObject({ code: 'CONNECT_FAILED' })
    })
  })

  it('fails those who wait when it is closed, and asks no more', () => {
    const harnessed = harness()
    const seen = waitFor(harnessed, 'never')
    harnessed.time.advance(500)
    harnessed.metadata.close()
    expect(seen.error).toBeInstanceOf(ProducerClosedError)
    expect(waitFor(harnessed, 'late').error).toBeInstanceOf(ProducerClosedError)
    const now = harnessed.time.now
    harnessed.time.settle()
    expect(harnessed.time.now - now).toBeLessThan(10)
  })

  it('runs in the virtual time of a TestScheduler with nothing passed', () => {
    new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(({ expectObservable }) => {
      const clock = clockOf(undefined, () => 0.5)
      const network = memoryNetwork({ clock, latency: 1 })
      scriptedCluster(network, clock).create('orders', 1)
      const software = { name: 'kafkarx', version: '0' }
      const options = { transport: network.transport, clock, clientId: null, software, requestTimeout: 1000, connectTimeout: 500 }
      const nodes = createNodes({ bootstrap: [at(1)], clock, connect: (address) => openConnection(address, options) })
      const metadata = createMetadata({
        nodes,
        clock,
        maxBlock: 3000,
        retryBackoff: 100,
        retryBackoffMax: 1000,
        maxAge: 300_000,
        maxIdle: 300_000,
        rebootstrapAfter: 300_000,
      })
      const info = { topic: 'orders', partition: 0, leader: 1, leaderEpoch: 0, replicas: [1], isr: [1] }
      // Connecting takes 2 ms, there and back, the handshake 2, the answer 2.
      expectObservable(metadata.partitionsFor('orders')).toBe('6ms (p|)', { p: [info] })
    })
  })
})
