import { producer } from '../../lib/producer'
import type { ProducerEvent } from '../../lib/events'
import { breakingTransport } from './breaking-transport'
import { expectAllDelivered, expectNone, expectOrderKept, expectReadBack, isDelivered, sendAll } from './records'
import type { Plain } from './records'
import { describeWithKafka } from './support'

const numbered = (topic: string, count: number): readonly Plain[] =>
  Array.from({ length: count }, (_, i) => ({ topic, key: `key-${i % 50}`, value: String(i) }))

/** Many small requests, several of a partition in flight at once, and retries at once. */
const EAGER = { linger: 0, batchSize: 200, maxBatchSize: 400, retryBackoff: 1, reconnectBackoff: 1 }

describeWithKafka('a producer whose acknowledgements are lost again and again', (kafka) => {
  it('brings every record once and in order, since the broker knows again what it has', async () => {
    const topic = await kafka.topic(3)
    const records = numbered(topic, 20_000)
    const transport = breakingTransport(15)
    await using kafkarx = producer({ brokers: [kafka.bootstrap], transport, ...EAGER })
    const events: ProducerEvent[] = []
    kafkarx.events$.subscribe((event) => events.push(event))

    const deliveries = await sendAll(kafkarx, records)

    expectAllDelivered(records, deliveries)
    expectOrderKept(records, deliveries)
    expectNone(deliveries.filter(isDelivered).filter(({ offset }) => offset < 0n))
    await expectReadBack(kafka, topic, deliveries)
    expect(transport.broken).toBeGreaterThan(3)
    expect(events.filter(({ type }) => type === 'retry').length).toBeGreaterThan(3)
  })

  it('on a topic with a hundred partitions that was made this very moment, too', async () => {
    const topic = await kafka.topic(100)
    const records = numbered(topic, 5000)
    await using kafkarx = producer({ brokers: [kafka.bootstrap], transport: breakingTransport(60), ...EAGER })

    const deliveries = await sendAll(kafkarx, records)

    expectAllDelivered(records, deliveries)
    expectOrderKept(records, deliveries)
    await expectReadBack(kafka, topic, deliveries)
  })
})

describeWithKafka('a producer', (kafka) => {
  it('gets an id that no other has, and tells it', async () => {
    const topic = await kafka.topic()
    const ids: bigint[] = []
    for (let i = 0; i < 2; i++) {
      await using kafkarx = producer({ brokers: [kafka.bootstrap] })
      kafkarx.events$.subscribe((event) => event.type === 'producer-id' && ids.push(event.producerId))
      const records = numbered(topic, 10)
      expectAllDelivered(records, await sendAll(kafkarx, records))
    }
    expect(new Set(ids).size).toBe(2)
  })
})
