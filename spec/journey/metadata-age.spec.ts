import { of } from 'rxjs'
import type { MetadataRequest } from '../../lib/generated/messages/MetadataRequest'
import { journey } from '../support/journey'
import { order, watch } from '../support/producing'

const MINUTE = 60_000

/** A journey that also keeps for which topics Metadata was asked, and when. */
function aging(options: Parameters<typeof journey>[0] = {}) {
  const world = journey({ metadataMaxAge: 5 * MINUTE, ...options })
  const questions: { readonly at: number; readonly topics: readonly (string | null)[] }[] = []
  world.cluster.requests$.subscribe(({ api, request, at }) => {
    if (api === 'Metadata') questions.push({ at, topics: ((request as MetadataRequest).topics ?? []).map(({ name }) => name) })
  })
  /** A record now and then, as long as given. */
  const keepSending = (ms: number, everyMs: number): void => {
    for (let passed = 0; passed < ms; passed += everyMs) {
      world.send(String(passed), { key: String(passed) })
      world.time.advance(everyMs)
    }
  }
  return { ...world, questions, keepSending }
}

describe('metadata in use', () => {
  it('is asked for again when it has grown old, though nothing is wrong', () => {
    const { questions, keepSending } = aging()
    keepSending(16 * MINUTE, 10_000)
    expect(questions.map(({ topics }) => topics)).toEqual([['orders'], ['orders'], ['orders']])
  })

  it('so finds partitions that were added, and uses them', () => {
    const { cluster, keepSending, values } = aging()
    keepSending(MINUTE, 10_000)
    cluster.addPartitions('orders', 3)
    keepSending(5 * MINUTE, 10_000)
    keepSending(MINUTE, 2000)
    expect([1, 2, 3].map((partition) => values('orders', partition).length > 0)).toEqual([true, true, true])
  })

  it('is asked for while records wait for hours, and no more once they have failed', () => {
    const { cluster, time, send, questions, log } = aging({ deliveryTimeout: 60 * MINUTE, retryBackoff: 30_000, retryBackoffMax: 60_000 })
    const fault = cluster.every('Produce').fail('NOT_ENOUGH_REPLICAS')
    send('a')
    time.advance(59 * MINUTE)
    expect(questions).toHaveLength(11)
    time.advance(2 * MINUTE)
    expect(log).toEqual(['a DELIVERY_TIMEOUT'])
    time.advance(120 * MINUTE)
    expect([questions.length, fault.hits > 50]).toEqual([11, true])
  })

  it('is not asked for while nothing is sent, and is made up for by the next record', () => {
    const { time, send, questions, keepSending, log } = aging({ metadataMaxIdle: 60 * MINUTE })
    keepSending(MINUTE, 10_000)
    time.advance(8 * MINUTE)
    expect(questions).toEqual([])
    send('late')
    time.advance(4)
    // It did not have to wait for the answer.
    expect([questions.length, log.at(-1)]).toEqual([1, '50000 delivered'])
    time.advance(4)
    expect([questions.length, log.at(-1)]).toEqual([1, 'late delivered'])
  })

  it('leaves no timer behind: time stands still when everything is settled', () => {
    const { time, send } = aging()
    send('a')
    time.advance(1000)
    expect(time.pending).toBe(0)
  })

  it('is not asked for more often than it can be answered, however young it is to be', () => {
    const { questions, keepSending } = aging({ metadataMaxAge: 0 })
    keepSending(2000, 10)
    expect(questions.length).toBeGreaterThanOrEqual(3)
    expect(questions.length).toBeLessThanOrEqual(20)
  })
})

describe('a topic that nobody uses', () => {
  it('is forgotten after metadataMaxIdle, and asked for again by its next record', () => {
    const { cluster, kafka, keepSending, questions, time, log } = aging({ metadataMaxIdle: 5 * MINUTE })
    cluster.createTopic('rare', 1)
    const first = watch(of(order('a', { topic: 'rare' })).pipe(kafka.send()))
    time.advance(1000)
    questions.length = 0
    keepSending(30 * MINUTE, 10_000)
    // The first look finds it used since the one before.
    expect(questions.filter(({ topics }) => topics.includes('rare')).length).toBeLessThanOrEqual(2)
    expect(questions.at(-1)?.topics).toEqual(['orders'])

    const second = watch(of(order('b', { topic: 'rare' })).pipe(kafka.send()))
    time.advance(1000)
    expect(questions.at(-1)?.topics).toEqual(['rare'])
    expect([first.log, second.log]).toEqual([
      ['a delivered', '|'],
      ['b delivered', '|'],
    ])
    expect(log.every((line) => line.endsWith('delivered'))).toBe(true)
  })

  it('is forgotten also when nothing was sent meanwhile, and is asked for by partitionsFor', () => {
    const { time, kafka, questions, send, log } = aging({ metadataMaxIdle: 5 * MINUTE })
    time.advance(5 * MINUTE)
    const counts: number[] = []
    kafka.partitionsFor('orders').subscribe(({ length }) => counts.push(length))
    expect(counts).toEqual([])
    time.advance(1000)
    expect([counts, questions.length]).toEqual([[1], 1])
    time.advance(5 * MINUTE)
    send('a')
    time.advance(1000)
    expect([questions.length, log]).toEqual([2, ['a delivered']])
  })

  it('and is gone when it is asked for again fails its record with the reason', () => {
    const { cluster, time, send, log } = aging({
      metadataMaxIdle: 5 * MINUTE,
      cluster: { configs: { 'auto.create.topics.enable': 'false' } },
    })
    cluster.deleteTopic('orders')
    time.advance(6 * MINUTE)
    send('a')
    time.advance(MINUTE + 1000)
    expect(log).toEqual(['a UNKNOWN_TOPIC_OR_PARTITION'])
  })

  it('is not one whose records wait for their broker, or is learnt again before they leave', () => {
    const patient = { deliveryTimeout: 60 * MINUTE, retryBackoff: 10_000, retryBackoffMax: 20_000 }
    const { cluster, time, send, log } = aging({ ...patient, metadataMaxIdle: 5 * MINUTE })
    const fault = cluster.every('Produce').fail('NOT_ENOUGH_REPLICAS')
    send('a')
    time.advance(20 * MINUTE)
    fault.end()
    time.advance(MINUTE)
    expect([log, fault.hits > 40]).toEqual([['a delivered'], true])
  })
})

describe('a record for a partition that the topic does not have yet', () => {
  it('is sent when the topic has it, in order, and others do not wait', () => {
    const { cluster, time, send, log, values } = aging()
    send('late 0', { partition: 2 })
    send('now', { partition: 0 })
    send('late 1', { partition: 2 })
    time.advance(1000)
    expect(log).toEqual(['now delivered'])
    cluster.addPartitions('orders', 2)
    time.advance(1100)
    expect(log).toEqual(['now delivered', 'late 0 delivered', 'late 1 delivered'])
    expect(values('orders', 2)).toEqual(['late 0', 'late 1'])
  })

  it('fails after maxBlock when the topic does not get it, and says how many there are', () => {
    const { time, send, deliveries, log } = aging({ maxBlock: 30_000 })
    send('a', { partition: 1 })
    time.advance(29_999)
    expect(log).toEqual([])
    time.advance(1)
    expect(deliveries).toMatchObject([
      { type: 'failed', error: { code: 'METADATA_TIMEOUT', message: expect.stringContaining('has 1 partitions') } },
    ])
    send('b', { partition: 0 })
    time.advance(100)
    expect(log.at(-1)).toBe('b delivered')
  })

  it('fails when the producer is closed', () => {
    const { time, send, kafka, log } = aging()
    send('a', { partition: 1 })
    time.advance(100)
    kafka.close({ timeout: 1000 }).subscribe()
    time.advance(1000)
    expect(log).toEqual(['a PRODUCER_CLOSED'])
  })
})
