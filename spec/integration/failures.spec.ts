import { from, lastValueFrom, toArray } from 'rxjs'
import { producer } from '../../lib/producer'
import type { ProducerConfig } from '../../lib/config'
import type { ProducerEvent } from '../../lib/events'
import type { Delivery, ProducerRecord } from '../../lib/record'
import { asDeliveryOf, expectEachSettledOnce, expectOrderKept, expectReadBack, isDelivered, isFailed, sendAll } from './records'
import type { Plain } from './records'
import { describeWithKafka } from './support'

/** Exactly the poison fails, with this code, and everything else is delivered. */
const expectOnlyFailed = <C>(deliveries: readonly Delivery<C>[], poison: readonly C[], code: string): void => {
  const failed = deliveries.filter(isFailed)
  expect(failed.map(({ error }) => error.code)).toEqual(poison.map(() => code))
  expect(new Set(failed.map(({ context }) => context))).toEqual(new Set(poison))
}

const numbered = (topic: string, count: number): Plain[] =>
  Array.from({ length: count }, (_, i) => ({ topic, key: `k${i}`, value: `${i}` }))

/** A copy with what is inserted at every tenth place. */
const withPoison = (healthy: readonly Plain[], poison: readonly Plain[]): Plain[] => {
  const mixed = [...healthy]
  poison.forEach((record, i) => mixed.splice(i * 10 + 5, 0, record))
  return mixed
}

describeWithKafka('a record that cannot be delivered', (kafka) => {
  /** Sends both mixed; the poison fails with the code, and Kafka's consumer reads all neighbours, in order. */
  const expectNeighboursDelivered = async (poison: readonly Plain[], code: string, { topic, config }: Neighbourhood) => {
    await using kafkarx = producer({ brokers: [kafka.bootstrap], ...config })
    const events: ProducerEvent[] = []
    kafkarx.events$.subscribe((event) => events.push(event))
    const records = withPoison(numbered(topic, 100), poison)

    const deliveries = await sendAll(kafkarx, records)

    expectEachSettledOnce(records, deliveries)
    expectOnlyFailed(deliveries, poison, code)
    expectOrderKept(records, deliveries)
    await expectReadBack(kafka, topic, deliveries)
    return { failed: deliveries.filter(isFailed), events }
  }

  interface Neighbourhood {
    readonly topic: string
    readonly config?: Omit<ProducerConfig, 'brokers'>
  }

  it('fails with UNKNOWN_TOPIC_OR_PARTITION when its topic does not become known, and does not create it', async () => {
    const topic = await kafka.topic(2)
    const unknown = `${topic}-unknown`
    const poison = [1, 2, 3].map((i) => ({ topic: unknown, value: String(i) }))
    const { failed } = await expectNeighboursDelivered(poison, 'UNKNOWN_TOPIC_OR_PARTITION', { topic, config: { maxBlock: 400 } })
    expect(failed.map(({ error }) => [error.retriable, error.fatal])).toEqual(poison.map(() => [true, false]))
    // Java would refuse with TopicExistsException.
    await kafka.java.createTopic({ topic: unknown, partitions: 1 })
  })

  it('fails with INVALID_TOPIC_EXCEPTION when no topic can have that name', async () => {
    const topic = await kafka.topic(2)
    const poison = ['no/slash', 'no spaces', 'ä', '.'].map((name) => ({ topic: name, value: 'v' }))
    await expectNeighboursDelivered(poison, 'INVALID_TOPIC_EXCEPTION', { topic })
  })

  it('fails with MALFORMED_RECORD when the name of its topic is longer than a name may be', async () => {
    const topic = await kafka.topic(2)
    await expectNeighboursDelivered([{ topic: 'x'.repeat(250), value: 'v' }], 'MALFORMED_RECORD', { topic })
  })

  it('fails with RECORD_TOO_LARGE when it fits into no request', async () => {
    const topic = await kafka.topic(2)
    const poison = [1_100_000, 1_048_577, 5_000_000].map((size) => ({ topic, key: 'huge', value: Buffer.alloc(size) }))
    await expectNeighboursDelivered(poison, 'RECORD_TOO_LARGE', { topic })
  })

  it("fails with MESSAGE_TOO_LARGE when it exceeds the topic's max.message.bytes, and its batch is split around it", async () => {
    const topic = await kafka.topic(1, { 'max.message.bytes': '20000' })
    const poison = [30_000, 25_000, 40_000].map((size) => ({ topic, key: 'large', value: Buffer.alloc(size) }))
    const { events } = await expectNeighboursDelivered(poison, 'MESSAGE_TOO_LARGE', {
      topic,
      config: { batchSize: 200_000, linger: 20_000 },
    })
    const [split] = events.filter(({ type }) => type === 'split')
    expect(split).toMatchObject({ topic, partition: 0, records: 103 })
  })

  it("fails with the broker's INVALID_TIMESTAMP when the topic refuses its time, and other partitions do not notice", async () => {
    const topic = await kafka.topic(3, { 'message.timestamp.before.max.ms': '3600000' })
    const poison = [{ topic, value: 'of 1970', timestamp: 1, partition: 2 }]
    const records = withPoison(
      numbered(topic, 100).map((record, i) => ({ ...record, partition: i % 2 })),
      poison,
    )
    await using kafkarx = producer({ brokers: [kafka.bootstrap] })

    const deliveries = await sendAll(kafkarx, records)

    expectEachSettledOnce(records, deliveries)
    expectOnlyFailed(deliveries, poison, 'INVALID_TIMESTAMP')
    await expectReadBack(kafka, topic, deliveries)
  })

  it("fails with the broker's INVALID_RECORD when a compacted topic misses its key, and other topics do not notice", async () => {
    const topic = await kafka.topic(2)
    const compacted = await kafka.topic(1, { 'cleanup.policy': 'compact' })
    const poison = [1, 2].map((i) => ({ topic: compacted, value: String(i) }))
    const { failed } = await expectNeighboursDelivered(poison, 'INVALID_RECORD', { topic })
    expect(failed.map(({ error }) => error.retriable)).toEqual([false, false])
  })

  it('fails with METADATA_TIMEOUT when its topic does not get such a partition in time', async () => {
    const topic = await kafka.topic(2)
    const poison = [2, 7].map((partition) => ({ topic, value: 'v', partition }))
    await expectNeighboursDelivered(poison, 'METADATA_TIMEOUT', { topic, config: { maxBlock: 400 } })
  })

  it('fails with MALFORMED_RECORD when it is none', async () => {
    const topic = await kafka.topic(2)
    const poison: Plain[] = [
      { topic: '', value: 'without a topic' },
      { topic, value: 'v', partition: -1 },
      { topic, value: 'v', partition: 0.5 },
      { topic, value: 'v', timestamp: -1 },
      { topic, value: 'v', timestamp: NaN },
    ]
    await expectNeighboursDelivered(poison, 'MALFORMED_RECORD', { topic })
  })

  it('fails with SERIALIZATION_FAILED when a serializer throws or rejects, and says what it threw', async () => {
    const topic = await kafka.topic(2)
    const thrown = new Error('thrown')
    const rejected = new Error('rejected')
    const value = (n: number): Uint8Array | Promise<Uint8Array> => {
      if (n % 10 === 3) throw thrown
      return n % 10 === 6 ? Promise.reject(rejected) : Buffer.from(String(n))
    }
    const numbers = Array.from({ length: 200 }, (_, i) => i)
    const records$ = from(numbers.map((n): ProducerRecord<string, number, number> => ({ topic, key: `k${n}`, value: n, context: n })))
    await using kafkarx = producer({ brokers: [kafka.bootstrap] })

    const deliveries = await lastValueFrom(records$.pipe(kafkarx.send({ value }), toArray()))

    expectEachSettledOnce(numbers, deliveries)
    const inOrder = deliveries.filter(isFailed).sort((a, b) => a.context - b.context)
    expectOnlyFailed(
      deliveries,
      numbers.filter((n) => n % 10 === 3 || n % 10 === 6),
      'SERIALIZATION_FAILED',
    )
    expect(inOrder.map(({ error }) => error.cause)).toEqual(numbers.slice(0, 40).map((i) => (i % 2 ? rejected : thrown)))
    expectOrderKept(numbers, deliveries)
    const asRecords = deliveries.map((delivery) =>
      asDeliveryOf({ topic, key: `k${delivery.context}`, value: `${delivery.context}` }, delivery),
    )
    await expectReadBack(kafka, topic, asRecords)
  })

  it('fails alone when a function that makes records of values throws', async () => {
    const topic = await kafka.topic(2)
    const values = Array.from({ length: 100 }, (_, i) => `value ${i}`)
    const poison = values.filter((_, i) => i % 9 === 4)
    const key = (value: string): string => {
      if (poison.includes(value)) throw new Error(`no key for ${value}`)
      return value
    }
    await using kafkarx = producer({ brokers: [kafka.bootstrap] })

    const deliveries = await lastValueFrom(from(values).pipe(kafkarx.to(topic, { key }), toArray()))

    expectEachSettledOnce(values, deliveries)
    expectOnlyFailed(deliveries, poison, 'SERIALIZATION_FAILED')
    const asRecords = deliveries.map((delivery) => asDeliveryOf({ topic, key: delivery.context, value: delivery.context }, delivery))
    await expectReadBack(kafka, topic, asRecords)
  })

  it('fails with the reason why no broker could be asked, when there is none', async () => {
    const records = numbered('nowhere', 10)
    await using kafkarx = producer({ brokers: ['127.0.0.1:1'], maxBlock: 300 })

    const deliveries = await sendAll(kafkarx, records)

    expectEachSettledOnce(records, deliveries)
    expectOnlyFailed(deliveries, records, 'METADATA_TIMEOUT')
    expect(deliveries.filter(isDelivered)).toEqual([])
    expect(deliveries.filter(isFailed).map(({ error }) => error.cause)).toEqual(
      records.map(() => expect.objectContaining({ code: 'CONNECT_FAILED' }) as unknown),
    )
  })
})
