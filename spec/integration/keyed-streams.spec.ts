import { from, lastValueFrom, map, toArray } from 'rxjs'
import type { ReadRecord } from '../../kafka/harness'
import { producer } from '../../lib/producer'
import type { Producer } from '../../lib/producer'
import type { Delivery } from '../../lib/record'
import { expectAllDelivered, expectNone, expectOrderKept, expectReadBack, isDelivered, sendAll } from './records'
import type { Plain } from './records'
import { describeWithKafka } from './support'

interface Shape {
  readonly count: number
  readonly keys: number
  readonly name?: string
}

/** The keys take turns, and each counts its own records. */
const keyedRecords = (topic: string, { count, keys, name = 'key' }: Shape): readonly Plain[] =>
  Array.from({ length: count }, (_, i) => ({ topic, key: `${name}-${i % keys}`, value: String(Math.floor(i / keys)) }))

/** What each key has counted, in the order of the log. */
const countsByKey = (read: readonly ReadRecord[]): ReadonlyMap<string, readonly number[]> => {
  const counts = new Map<string, number[]>()
  for (const { key, value } of read) {
    const ofKey = counts.get(String(key)) ?? []
    counts.set(String(key), ofKey)
    ofKey.push(Number(value))
  }
  return counts
}

/** Every key has counted from 0 without a gap, a double or a step back. */
const expectOrderPerKey = (read: readonly ReadRecord[], { count, keys }: Shape): void => {
  const counts = [...countsByKey(read).values()]
  expect(counts).toHaveLength(keys)
  const disordered = counts.filter((ofKey) => ofKey.length !== count / keys || ofKey.some((value, i) => value !== i))
  expectNone(disordered)
}

const sendThrough = (
  kafkarx: Producer,
  records: readonly Plain[],
  key: (text: string) => Promise<Uint8Array>,
): Promise<Delivery<Plain>[]> => {
  const keyed$ = from(records).pipe(map((record) => ({ ...record, key: String(record.key), context: record })))
  return lastValueFrom(keyed$.pipe(kafkarx.send({ key }), toArray()))
}

describeWithKafka('a stream of keyed records', (kafka) => {
  it('brings 100,000 records from one Observable, each once, in order per key, at the offset that was reported', async () => {
    const shape = { count: 100_000, keys: 500 }
    const topic = await kafka.topic(6)
    const records = keyedRecords(topic, shape)
    await using kafkarx = producer({ brokers: [kafka.bootstrap] })

    const deliveries = await sendAll(kafkarx, records)

    expectAllDelivered(records, deliveries)
    expectOrderKept(records, deliveries)
    expectOrderPerKey(await expectReadBack(kafka, topic, deliveries), shape)
  })

  it('loses and disorders nothing when records must wait for room in bufferMemory', async () => {
    const shape = { count: 20_000, keys: 50 }
    const topic = await kafka.topic(4)
    const records = keyedRecords(topic, shape)
    await using kafkarx = producer({ brokers: [kafka.bootstrap], bufferMemory: 64 * 1024 })

    const deliveries = await sendAll(kafkarx, records)

    expectAllDelivered(records, deliveries)
    expectOrderKept(records, deliveries)
    expectOrderPerKey(await expectReadBack(kafka, topic, deliveries), shape)
  })

  it("puts every key on the partition that Java's own producer chooses", async () => {
    const partitions = 7
    const topic = await kafka.topic(partitions)
    const keys = ['', 'a', 'ab', 'abc', 'häöü€😀', 'x'.repeat(1000), ...Array.from({ length: 2000 }, (_, i) => `order-${i}`)]
    const binary = Array.from({ length: 500 }, (_, i) => Buffer.from([i & 255, 255 - (i & 255), 128, i >> 8, 0].slice(0, 1 + (i % 5))))
    const all = [...keys, ...binary]
    const records = all.map((key): Plain => ({ topic, key, value: 'v' }))
    await using kafkarx = producer({ brokers: [kafka.bootstrap] })

    const deliveries = await sendAll(kafkarx, records)

    expectAllDelivered(records, deliveries)
    await expectReadBack(kafka, topic, deliveries)
    const chosen = new Map<Plain, number>(deliveries.filter(isDelivered).map(({ context, partition }) => [context, partition]))
    const chosenByJava = await kafka.java.partitionsOfKeys(
      all.map((key) => Buffer.from(key)),
      partitions,
    )
    expect(records.map((record) => chosen.get(record))).toEqual(chosenByJava)
  })

  it('shares a topic between two producers that send at once, each in its own order', async () => {
    const shape = { count: 10_000, keys: 20 }
    const topic = await kafka.topic(3)
    const left = keyedRecords(topic, { ...shape, name: 'left' })
    const right = keyedRecords(topic, { ...shape, name: 'right' })
    await using one = producer({ brokers: [kafka.bootstrap], clientId: 'one' })
    await using other = producer({ brokers: [kafka.bootstrap], clientId: 'other' })

    const [fromOne, fromOther] = await Promise.all([sendAll(one, left), sendAll(other, right)])

    expectAllDelivered(left, fromOne)
    expectAllDelivered(right, fromOther)
    expectOrderKept(left, fromOne)
    expectOrderKept(right, fromOther)
    const read = await expectReadBack(kafka, topic, [...fromOne, ...fromOther])
    expectOrderPerKey(read, { count: 2 * shape.count, keys: 2 * shape.keys })
  })

  it('gives two streams of one producer their own deliveries', async () => {
    const topic = await kafka.topic(3)
    const left = keyedRecords(topic, { count: 5000, keys: 10, name: 'left' })
    const right = keyedRecords(topic, { count: 5000, keys: 10, name: 'right' })
    await using kafkarx = producer({ brokers: [kafka.bootstrap] })

    const [ofLeft, ofRight] = await Promise.all([sendAll(kafkarx, left), sendAll(kafkarx, right)])

    expectAllDelivered(left, ofLeft)
    expectAllDelivered(right, ofRight)
    expectOrderKept(left, ofLeft)
    expectOrderKept(right, ofRight)
    await expectReadBack(kafka, topic, [...ofLeft, ...ofRight])
  })

  it('keeps the order of keys whose serializer takes its time', async () => {
    const shape = { count: 3000, keys: 30 }
    const topic = await kafka.topic(3)
    const records = keyedRecords(topic, shape)
    let calls = 0
    // Every third key is ready two turns of the event loop later than those behind it.
    const slowly = async (text: string): Promise<Uint8Array> => {
      if (calls++ % 3 === 0) for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve))
      return Buffer.from(text)
    }
    await using kafkarx = producer({ brokers: [kafka.bootstrap] })

    const deliveries = await sendThrough(kafkarx, records, slowly)

    expectAllDelivered(records, deliveries)
    expectOrderKept(records, deliveries)
    expectOrderPerKey(await expectReadBack(kafka, topic, deliveries), shape)
  })

  it('takes records of many topics from one Observable', async () => {
    const topics = await Promise.all([kafka.topic(1), kafka.topic(2), kafka.topic(3)])
    const records = topics.flatMap((topic) => keyedRecords(topic, { count: 300, keys: 10 }))
    const byTurns = [...records].sort((a, b) => Number(a.value) - Number(b.value))
    await using kafkarx = producer({ brokers: [kafka.bootstrap] })

    const deliveries = await sendAll(kafkarx, byTurns)

    expectAllDelivered(byTurns, deliveries)
    for (const topic of topics) expectOrderPerKey(await expectReadBack(kafka, topic, deliveries), { count: 300, keys: 10 })
  })
})
