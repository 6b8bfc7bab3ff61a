import { lastValueFrom } from 'rxjs'
import { producer } from '../../lib/producer'
import { expectAllDelivered, expectNone, expectOrderKept, expectReadBack, isDelivered, sendAll } from './records'
import type { Plain } from './records'
import { describeWithKafka } from './support'

const recordsFor = (topic: string): Plain[] =>
  Array.from({ length: 2000 }, (_, i) => ({ topic, key: `k${i % 50}`, value: String(i), timestamp: 1_700_000_000_000 + i }))

describeWithKafka('acknowledgement', (kafka) => {
  it.each([['all'], [1]] as const)('by acks %s comes with the offset at which the record lies', async (acks) => {
    const topic = await kafka.topic(3)
    const records = recordsFor(topic)
    await using kafkarx = producer({ brokers: [kafka.bootstrap], acks })

    const deliveries = await sendAll(kafkarx, records)

    expectAllDelivered(records, deliveries)
    expectOrderKept(records, deliveries)
    await expectReadBack(kafka, topic, deliveries)
  })

  it('by acks 0 knows partitions, but neither offsets nor timestamps, and yet the records arrive in order', async () => {
    const topic = await kafka.topic(3)
    const other = await kafka.topic()
    const records = recordsFor(topic)
    await using kafkarx = producer({ brokers: [kafka.bootstrap], acks: 0 })

    const deliveries = await sendAll(kafkarx, records)
    // A broker handles the requests of a connection in order: once this is answered, the records are in the log.
    await lastValueFrom(kafkarx.partitionsFor(other))

    expectAllDelivered(records, deliveries)
    const delivered = deliveries.filter(isDelivered)
    expectNone(delivered.filter(({ offset, timestamp }) => offset !== -1n || timestamp !== -1))
    const read = await kafka.java.readBack(topic)
    expect(contentOf(read)).toEqual(contentOf(delivered.map(({ partition, context }) => ({ partition, ...context }))))
  })
})

interface Content {
  readonly partition: number
  readonly timestamp?: number
  readonly key?: string | Uint8Array | null
  readonly value?: string | Uint8Array | null
}

/** Partition by partition; within one in the order given. */
const contentOf = (records: readonly Content[]) =>
  [...records]
    .sort((a, b) => a.partition - b.partition)
    .map(({ partition, timestamp, key, value }) => [partition, timestamp, String(key), String(value)])
