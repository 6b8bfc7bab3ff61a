/** Batches that leave compressed, from the source to the log and back out of it. */
import { recordBatch } from '../../lib/batch/record-batch'
import { seeded } from '../../lib/testing/seeded'
import { journey, large, nameOf, names } from '../support/journey'
import type { Produced } from '../support/journey'
import { textOf } from '../support/producing'

const CODECS = ['gzip', 'snappy', 'lz4', 'zstd'] as const

const batchesIn = (produced: readonly Produced[]) =>
  produced.flatMap(({ partitions }) => partitions.map(({ bytes }) => recordBatch.decode(bytes)))

/** Text that begins with `name`, and that every codec makes shorter by a third or more, and none to nothing. */
const half = (name: string, length: number): { readonly value: string } => {
  const random = seeded(Buffer.from(name).reduce((seed, byte) => seed * 31 + byte, length))
  const noise = Buffer.from(Array.from({ length: length / 4 }, () => random() * 256)).toString('hex')
  return { value: `${name} ${noise}`.padEnd(length, 'x') }
}

describe.each(CODECS)('records that leave compressed with %s', (compression) => {
  it('are all in the log, in order, as they were sent, in batches that are smaller', () => {
    const { send, rest, log, cluster, values, produced } = journey({ compression })
    for (const name of names(500)) send(name, { key: `key ${name}`, headers: { name }, timestamp: 5000 + Number(name) })
    rest()
    expect(log).toEqual(names(500).map((name) => `${name} delivered`))
    expect(values()).toEqual(names(500))
    const read = cluster.records('orders').map(({ key, headers, timestamp }) => [textOf(key), textOf(headers[0].value), timestamp])
    expect(read).toEqual(names(500).map((name) => [`key ${name}`, name, 5000 + Number(name)]))
    const batches = batchesIn(produced)
    expect(new Set(batches.map((batch) => batch.compression))).toEqual(new Set([compression]))
    expect(batches.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(500 * 20)
  })

  it('are in a batch of their own, and leave at once, where they are larger than one', () => {
    const { send, time, produced, log } = journey({
      ...{ compression, linger: 60_000, deliveryTimeout: 120_000, batchSize: 1024, maxBatchSize: 1024 },
    })
    send('large', half('large', 20_000))
    send('small')
    time.advance(100)
    expect(log).toEqual(['large delivered'])
    const [batch] = batchesIn(produced)
    expect(batch).toMatchObject({ compression, recordCount: 1 })
    expect(textOf(batch.records[0].value)).toBe(half('large', 20_000).value)
    time.advance(60_000)
    expect(log).toEqual(['large delivered', 'small delivered'])
  })

  it('are sent again as they were', () => {
    const { send, rest, cluster, produced, values } = journey({ compression })
    cluster.next('Produce', { times: 2 }).fail('NOT_ENOUGH_REPLICAS')
    for (const name of names(50)) send(name)
    rest()
    expect(produced).toHaveLength(3)
    const [first, ...others] = produced.map(({ partitions }) => Buffer.from(partitions[0].bytes))
    expect(others.every((bytes) => bytes.equals(first))).toBe(true)
    expect(values()).toEqual(names(50))
  })

  it('are compressed in the parts too when a batch is split, and have their headers, keys and times', () => {
    const { send, rest, cluster, produced, events, log } = journey({
      ...{ compression, linger: 50, bufferMemory: 65_536 },
      cluster: { topics: { orders: { partitions: 1, configs: { 'max.message.bytes': '1500' } }, others: 1 } },
    })
    const records = names(40).map((name) => ({
      ...{ name, key: `key ${name}`, timestamp: 1000 + Number(name), headers: { place: name }, ...half(name, 900) },
    }))
    for (const { name, ...fields } of records) send(name, fields)
    rest()
    expect(log).toEqual(records.map(({ name }) => `${name} delivered`))
    expect(events.map(({ type }) => type)).toContain('split')
    expect(new Set(batchesIn(produced).map((batch) => batch.compression))).toEqual(new Set([compression]))
    const read = cluster.records('orders').map(({ key, value, headers, timestamp }) => ({
      ...{ name: nameOf(textOf(value)), key: textOf(key), value: textOf(value), timestamp },
      headers: Object.fromEntries(headers.map((header) => [header.key, textOf(header.value)])),
    }))
    expect(read).toEqual(records)
    // All of the memory is free again: this takes all of it.
    send('all', { topic: 'others', value: ''.padEnd(65_000, 'x') })
    rest()
    expect(log.at(-1)).toBe('all delivered')
  })
})

describe('records that no codec makes smaller', () => {
  it('leave as they are', () => {
    const { send, rest, produced, values } = journey({ compression: 'gzip', linger: 0 })
    send('a')
    rest()
    expect(batchesIn(produced)).toMatchObject([{ compression: 'none', recordCount: 1 }])
    expect(values()).toEqual(['a'])
  })
})

describe('batches of records that compress well', () => {
  it('hold more of them the longer that is known, and none holds so many that it is refused', () => {
    const { send, rest, time, produced, events, log } = journey({
      ...{ compression: 'lz4', batchSize: 4000, maxBatchSize: 4000, linger: 50 },
      cluster: { topics: { orders: { partitions: 1, configs: { 'max.message.bytes': '4500' } } } },
    })
    for (const name of names(3000)) {
      send(name, large(name, 100))
      if (Number(name) % 100 === 99) time.advance(1000)
    }
    rest()
    expect(log).toEqual(names(3000).map((name) => `${name} delivered`))
    const counts = batchesIn(produced).map(({ recordCount }) => recordCount)
    expect(counts[0]).toBeLessThan(40)
    expect(Math.max(...counts)).toBeGreaterThan(1.5 * counts[0])
    expect(events.map(({ type }) => type)).not.toContain('split')
  })
})

describe('a broker that does not know zstd', () => {
  const old = { cluster: { versions: { Produce: { min: 3, max: 6 } } } }

  it('is sent nothing that is compressed with it: the records fail, and say why', () => {
    const { send, rest, deliveries, log, produced } = journey({ ...old, compression: 'zstd' })
    for (const name of names(2)) send(name)
    rest()
    expect(log).toEqual(['0 UNSUPPORTED_VERSION', '1 UNSUPPORTED_VERSION'])
    expect(deliveries[0]).toMatchObject({ error: { message: expect.stringContaining('Kafka 2.1') as unknown, fatal: false } })
    expect(produced).toEqual([])
  })

  it('is sent what is compressed otherwise', () => {
    const { send, rest, log, produced } = journey({ ...old, compression: 'gzip' })
    for (const name of names(100)) send(name)
    rest()
    expect(log).toHaveLength(100)
    expect(batchesIn(produced)).toMatchObject([{ compression: 'gzip' }])
  })
})
