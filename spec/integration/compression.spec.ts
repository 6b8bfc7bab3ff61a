import { producer } from '../../lib/producer'
import { expectAllDelivered, expectAsAsked, expectOrderKept, expectReadBack, sendAll } from './records'
import type { Plain } from './records'
import { describeWithKafka } from './support'

const LEVELS = [
  'gzip',
  { type: 'gzip', level: 9 },
  'snappy',
  'lz4',
  'zstd',
  { type: 'zstd', level: -5 },
  { type: 'zstd', level: 19 },
] as const

/** Of every kind: long and short, text and zeros, with and without headers and keys. */
const recordsFor = (topic: string, count: number, longest = 30_000): readonly Plain[] =>
  Array.from({ length: count }, (_, i) => ({
    ...{ topic, partition: i % 2, timestamp: 1_700_000_000_000 + i, key: i % 5 === 0 ? null : `key-${i % 17}` },
    value: i % 50 === 0 ? Buffer.alloc(longest, i) : i % 11 === 0 ? null : `value ${i} `.repeat(1 + (i % 9)),
    headers: i % 3 === 0 ? [{ key: 'place', value: String(i) }] : [],
  }))

describeWithKafka('batches that are compressed', (kafka) => {
  it.each(LEVELS)("are read by Kafka's own consumer, record by record: %j", async (compression) => {
    // Less than the longest records have uncompressed: only what is compressed gets in.
    const topic = await kafka.topic(2, { 'max.message.bytes': '25000' })
    const records = recordsFor(topic, 5000)
    await using kafkarx = producer({ brokers: [kafka.bootstrap], compression })

    const deliveries = await sendAll(kafkarx, records)

    expectAllDelivered(records, deliveries)
    expectAsAsked(deliveries)
    expectOrderKept(records, deliveries)
    await expectReadBack(kafka, topic, deliveries)
  })

  it('are split until the topic takes them, and lose nothing', async () => {
    const topic = await kafka.topic(2, { 'max.message.bytes': '2000' })
    const records = recordsFor(topic, 2000, 1000)
    await using kafkarx = producer({ brokers: [kafka.bootstrap], compression: 'zstd' })
    const events: string[] = []
    kafkarx.events$.subscribe(({ type }) => events.push(type))

    const deliveries = await sendAll(kafkarx, records)

    expectAllDelivered(records, deliveries)
    expectOrderKept(records, deliveries)
    expect(events).toContain('split')
    await expectReadBack(kafka, topic, deliveries)
  })
})
