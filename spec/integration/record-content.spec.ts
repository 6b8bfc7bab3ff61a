import { from, lastValueFrom, toArray } from 'rxjs'
import { producer } from '../../lib/producer'
import { json } from '../../lib/serializers/text'
import {
  asDeliveryOf,
  expectAllDelivered,
  expectAsAsked,
  expectNone,
  expectOrderKept,
  expectReadBack,
  isDelivered,
  sendAll,
} from './records'
import type { Plain } from './records'
import { describeWithKafka } from './support'

const UTF8 = ['häöü€😀', '\u0000', '\u{10ffff}', 'Ελληνικά', '汉字', '👩‍👩‍👧', 'a\u0301']

describeWithKafka('the content of a record', (kafka) => {
  /** Sends them, and holds what Kafka's consumer reads against what was sent. */
  const roundTrip = async (records: readonly Plain[]) => {
    await using kafkarx = producer({ brokers: [kafka.bootstrap] })
    const deliveries = await sendAll(kafkarx, records)
    expectAllDelivered(records, deliveries)
    expectOrderKept(records, deliveries)
    for (const topic of new Set(records.map((record) => record.topic))) await expectReadBack(kafka, topic, deliveries)
    return deliveries.filter(isDelivered)
  }

  it('keeps headers with their order, doubles, empty names and values, and nulls', async () => {
    const topic = await kafka.topic()
    const lists: readonly Plain['headers'][] = [
      [],
      [{ key: 'one', value: 'text' }],
      [
        { key: 'twice', value: '1' },
        { key: 'other', value: Buffer.from([0, 255, 128]) },
        { key: 'twice', value: null },
        { key: 'twice', value: '1' },
      ],
      [
        { key: '', value: '' },
        { key: '', value: null },
        { key: 'empty', value: new Uint8Array(0) },
      ],
      UTF8.map((text) => ({ key: text, value: text })),
      Array.from({ length: 300 }, (_, i) => ({ key: `h${i % 7}`, value: String(i) })),
      { traceparent: '00-1', nothing: null, bytes: Buffer.from([1, 2, 3]) },
    ]
    await roundTrip(lists.map((headers, i) => ({ topic, value: String(i), ...(headers && { headers }) })))
  })

  it('tells null from empty, in keys and in values', async () => {
    const topic = await kafka.topic()
    const contents = [null, '', 'text', new Uint8Array(0), Buffer.from([0])]
    await roundTrip(contents.flatMap((key) => contents.map((value) => ({ topic, key, value }))))
  })

  it('writes what is left out as null: no key, and a tombstone', async () => {
    const topic = await kafka.topic()
    await roundTrip([{ topic }, { topic, key: 'k' }, { topic, value: 'v' }])
    const read = await kafka.java.readBack(topic)
    expect(read.map(({ key, value }) => [key && String(key), value && String(value)])).toEqual([
      [null, null],
      ['k', null],
      [null, 'v'],
    ])
  })

  it('brings records without a key, wherever they stick', async () => {
    const topic = await kafka.topic(4)
    await roundTrip(Array.from({ length: 5000 }, (_, i) => ({ topic, value: `${i} ${'x'.repeat(i % 100)}` })))
  })

  it('writes text as UTF-8 and bytes as they are', async () => {
    const topic = await kafka.topic()
    const everyByte = Uint8Array.from({ length: 256 }, (_, i) => i)
    await roundTrip([...UTF8.map((text) => ({ topic, key: text, value: text })), { topic, key: everyByte, value: everyByte }])
  })

  it('keeps timestamps of their own, also when they jump back and forth within a batch', async () => {
    const topic = await kafka.topic(1, { 'message.timestamp.after.max.ms': String(Number.MAX_SAFE_INTEGER) })
    const timestamps = [1_700_000_000_000, 0, 1, 1_700_000_000_000 - 86_400_000, 4_102_444_800_000, 1_700_000_000_001]
    expectAsAsked(await roundTrip(timestamps.map((timestamp) => ({ topic, value: String(timestamp), timestamp }))))
  })

  it('stamps records that bring no timestamp with the time of appending', async () => {
    const topic = await kafka.topic(3)
    const before = Date.now()
    const delivered = await roundTrip(Array.from({ length: 500 }, (_, i) => ({ topic, key: `key-${i}`, value: 'v' })))
    const after = Date.now()
    expectNone(delivered.filter(({ timestamp }) => timestamp < before || timestamp > after))
  })

  it("reports the broker's time for a topic that stamps records as it appends them", async () => {
    const topic = await kafka.topic(2, { 'message.timestamp.type': 'LogAppendTime' })
    const before = Date.now()
    const delivered = await roundTrip(Array.from({ length: 200 }, (_, i) => ({ topic, key: `key-${i}`, value: 'v', timestamp: 1000 + i })))
    const after = Date.now()
    expectNone(delivered.filter(({ timestamp }) => timestamp < before || timestamp > after))
  })

  it('goes to the partition that a record asks for, whatever its key', async () => {
    const topic = await kafka.topic(5)
    const records = Array.from({ length: 500 }, (_, i) => ({ topic, key: i % 2 ? 'same' : null, value: String(i), partition: i % 5 }))
    expectAsAsked(await roundTrip(records))
  })

  it('brings values of every size up to 900 KB', async () => {
    const topic = await kafka.topic(2)
    const sizes = [900_000, 0, 1, 63, 64, 1023, 1024, 16_383, 16_384, 16_385, 100_000, 262_144, 899_999, 900_000]
    await roundTrip(sizes.map((size, i) => ({ topic, key: `size-${size}`, value: Buffer.alloc(size, `value ${i} `), partition: i % 2 })))
  })

  it('makes records of values on their way to a topic', async () => {
    interface Order {
      readonly id: string
      readonly total: number
      readonly at: number
    }
    const topic = await kafka.topic(4)
    const orders = Array.from({ length: 400 }, (_, i): Order => ({ id: `order-${i}`, total: i / 100, at: 1_700_000_000_000 + i }))
    await using kafkarx = producer({ brokers: [kafka.bootstrap] })

    const toTopic = kafkarx.to<Order>(topic, {
      key: ({ id }) => id,
      value: json(),
      headers: ({ total }) => ({ total: String(total) }),
      timestamp: ({ at }) => at,
      partition: ({ at }) => at % 3,
    })
    const deliveries = await lastValueFrom(from(orders).pipe(toTopic, toArray()))

    expectAllDelivered(orders, deliveries)
    const recordOf = (order: Order): Plain => ({
      topic,
      key: order.id,
      value: JSON.stringify(order),
      headers: { total: String(order.total) },
      timestamp: order.at,
      partition: order.at % 3,
    })
    const asRecords = deliveries.map((delivery) => asDeliveryOf(recordOf(delivery.context), delivery))
    expectAsAsked(asRecords)
    await expectReadBack(kafka, topic, asRecords)
  })

  it('sends a stream of text to a topic with nothing else said', async () => {
    const topic = await kafka.topic(2)
    const lines = Array.from({ length: 1000 }, (_, i) => `line ${i}`)
    await using kafkarx = producer({ brokers: [kafka.bootstrap] })

    const deliveries = await lastValueFrom(from(lines).pipe(kafkarx.to(topic), toArray()))

    expectAllDelivered(lines, deliveries)
    await expectReadBack(
      kafka,
      topic,
      deliveries.map((delivery) => asDeliveryOf({ topic, value: delivery.context }, delivery)),
    )
  })
})
