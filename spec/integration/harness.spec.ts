import { wireCluster } from '../../demo/wire-cluster'
import { topicDigest } from '../../kafka/digest'
import type { JavaRecord } from '../../kafka/harness'
import { describeWithKafka } from './support'

const bytes = (text: string) => Buffer.from(text)

describeWithKafka('the Java harness', (kafka) => {
  it('has made a topic when the leader of each of its many partitions answers', async () => {
    const topic = await kafka.topic(100)
    const ends = await wireCluster([kafka.bootstrap]).endOffsets(topic)
    expect(ends).toEqual(Array.from({ length: 100 }, () => 0n))
  })

  it('reads back what Java has sent: key, value, headers in order, timestamp, partition', async () => {
    const topic = await kafka.topic(3)
    const headers = [
      { key: 'twice', value: bytes('1') },
      { key: 'twice', value: null },
      { key: '', value: bytes('') },
    ]
    const records: JavaRecord[] = [
      { key: bytes('a'), value: bytes('häöü€😀'), headers, timestamp: 1_700_000_000_000, partition: 2 },
      { key: null, value: bytes(''), headers: [], timestamp: 0, partition: 2 },
      { key: bytes('tombstone'), value: null, headers: [], timestamp: 7, partition: 0 },
    ]
    const deliveries = await kafka.java.javaSend(topic, records)
    expect(deliveries.map(({ partition, offset }) => [partition, offset])).toEqual([
      [2, 0n],
      [2, 1n],
      [0, 0n],
    ])
    const read = await kafka.java.readBack(topic)
    const expected = records.map((record, i) => ({ ...record, offset: deliveries[i]?.offset }))
    expect([...read].sort((a, b) => b.partition - a.partition)).toEqual(expected)
  })

  it('reads a topic of many records, each once and in order', async () => {
    const topic = await kafka.topic(4)
    const records = Array.from({ length: 50_000 }, (_, i) => ({ key: bytes(`key-${i % 1000}`), value: bytes(String(i)) }))
    await kafka.java.javaSend(topic, records)
    const next = [0n, 0n, 0n, 0n]
    const seen = new Set<string>()
    const count = await kafka.java.readEach(topic, ({ partition, offset, value }) => {
      expect(offset).toBe(next[partition])
      next[partition] = offset + 1n
      seen.add(String(value))
    })
    expect(count).toBe(50_000)
    expect(seen.size).toBe(50_000)
  })

  it('computes the same digest in Java and in TypeScript', async () => {
    const topic = await kafka.topic(3)
    await kafka.java.javaSend(topic, [
      { key: bytes('k'), value: bytes('v'), headers: [{ key: 'ü', value: null }], partition: 0 },
      { key: null, value: null, partition: 0 },
      { key: bytes(''), value: Buffer.alloc(200_000, 7), partition: 1 },
    ])
    const digest = topicDigest()
    await kafka.java.readEach(topic, (record) => digest.add(record.partition, record.offset, record))
    const inJava = await kafka.java.digest(topic)
    expect(inJava).toEqual(digest.results(3))
    expect(inJava.map(({ count, first, last, bytes }) => [count, first, last, bytes])).toEqual([
      [2, 0n, 1n, 2],
      [1, 0n, 0n, 200_000],
      [0, -1n, -1n, 0],
    ])
  })

  it('names the partitions on which Java puts keys', async () => {
    const topic = await kafka.topic(7)
    const keys = ['', 'a', 'order-1', 'häöü€😀', 'x'.repeat(1000)].map(bytes)
    const deliveries = await kafka.java.javaSend(
      topic,
      keys.map((key) => ({ key, value: bytes('v') })),
    )
    expect(await kafka.java.partitionsOfKeys(keys, 7)).toEqual(deliveries.map(({ partition }) => partition))
  })

  it('answers a failing command with its error and goes on', async () => {
    const topic = await kafka.topic()
    await expect(kafka.java.createTopic({ topic, partitions: 1 })).rejects.toThrow(/TopicExistsException/)
    await kafka.java.deleteTopic(topic)
    expect(await kafka.java.partitionsOfKeys([bytes('a')], 1)).toEqual([0])
  })
})
