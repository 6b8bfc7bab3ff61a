import { startHarness } from '../../../kafka/harness'
import type { Harness, JavaRecord, ReadRecord } from '../../../kafka/harness'
import { describeOnBoth } from './both'

const bytes = (text: string) => Buffer.from(text)

const numbered = (from: number, to: number): readonly JavaRecord[] =>
  Array.from({ length: to - from }, (_, i) => ({ key: bytes(`key-${from + i}`), value: bytes(String(from + i)) }))

const numbers = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, i) => from + i)

/** What a clock does not decide, by place. */
const contents = (records: readonly ReadRecord[]) =>
  records
    .map(({ partition, offset, key, value, headers }) => {
      const named = headers.map((header) => `${header.key}=${String(header.value)}`)
      return { partition, offset, key: key && String(key), value: value && String(value), headers: named }
    })
    .sort((a, b) => a.partition - b.partition || Number(a.offset - b.offset))

const values = (records: readonly ReadRecord[]): readonly string[] => records.map(({ value }) => String(value))

describeOnBoth('kafka-clients 4.4.0', { ok: true }, (both) => {
  const harnesses = new Map<string, Promise<Harness>>()
  afterAll(async () => Promise.all([...harnesses.values()].map(async (harness) => (await harness).stop())))

  const javaOn = (bootstrap: string): Promise<Harness> => {
    const java = harnesses.get(bootstrap) ?? startHarness(bootstrap)
    harnesses.set(bootstrap, java)
    return java
  }
  const same = <T>(steps: (java: Harness, bootstrap: string) => Promise<T>): Promise<T> =>
    both.same(async (bootstrap) => steps(await javaOn(bootstrap), bootstrap))

  it.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('read back what they have sent with compression %s', async (compression) => {
    const topic = await both.topic(3)
    const { deliveries, read } = await same(async (java) => {
      const sent = await java.javaSend(topic, numbered(0, 3000), { 'compression.type': compression })
      return { deliveries: sent.map(({ partition, offset }) => ({ partition, offset })), read: contents(await java.readBack(topic)) }
    })
    expect(deliveries).toHaveLength(3000)
    expect(read.map(({ value }) => Number(value)).sort((a, b) => a - b)).toEqual(numbers(0, 3000))
  })

  it('keep key, value, headers, nulls and timestamps', async () => {
    const topic = await both.topic()
    const headers = [
      { key: 'twice', value: bytes('1') },
      { key: 'twice', value: null },
      { key: '', value: bytes('') },
    ]
    const records = [
      { key: bytes('a'), value: bytes('häöü€😀'), headers, timestamp: 1_700_000_000_000, partition: 0 },
      { key: null, value: bytes(''), headers: [], timestamp: 0, partition: 0 },
      { key: bytes('tombstone'), value: null, headers: [], timestamp: 7, partition: 0 },
    ]
    const read = await same(async (java) => {
      await java.javaSend(topic, records)
      return java.readBack(topic)
    })
    expect(read).toEqual(records.map((record, i) => ({ ...record, offset: BigInt(i) })))
  })

  it.each([{ acks: '0', 'enable.idempotence': 'false' }, { acks: '1', 'enable.idempotence': 'false' }, { acks: 'all' }])(
    'send with %j',
    async (config) => {
      const topic = await both.topic(2)
      const read = await same(async (java) => {
        await java.javaSend(topic, numbered(0, 1000), config)
        return contents(await java.readBack(topic))
      })
      expect(read).toHaveLength(1000)
    },
  )

  it('send many small requests as an idempotent producer, in order', async () => {
    const topic = await both.topic()
    const read = await same(async (java) => {
      await java.javaSend(topic, numbered(0, 2000), { 'batch.size': '200', 'linger.ms': '0' })
      return values(await java.readBack(topic))
    })
    expect(read.map(Number)).toEqual(numbers(0, 2000))
  })

  it('commit and abort transactions; only what was committed is read', async () => {
    const topic = await both.topic()
    const { offsets, committed, all } = await same(async (java) => ({
      offsets: await java.transact(topic, `${topic}-producer`, [
        { records: numbered(0, 3), end: 'commit' },
        { records: numbered(100, 102), end: 'abort' },
        { records: numbered(3, 5), end: 'commit' },
        { records: [], end: 'commit' },
        { records: numbered(200, 201), end: 'abort' },
      ]),
      committed: contents(await java.readBack(topic, 'read_committed')),
      all: contents(await java.readBack(topic, 'read_uncommitted')),
    }))
    expect(offsets.map((one) => one.map(Number))).toEqual([[0, 1, 2], [4, 5], [7, 8], [], [10]])
    expect(committed.map(({ value }) => Number(value))).toEqual(numbers(0, 5))
    expect(all.map(({ value }) => Number(value))).toEqual([0, 1, 2, 100, 101, 3, 4, 200])
  })

  it('commit offsets of a group within a transaction, and not with one that is aborted', async () => {
    const topic = await both.topic()
    const group = `${topic}-group`
    const offsets = (offset: number) => ({ group, next: [{ topic, partition: 0, offset }] })
    const [before, aborted, committed] = await same(async (java) => {
      const producer = `${topic}-producer`
      const none = await java.committed(group, topic)
      await java.transact(topic, producer, [{ records: numbered(0, 3), offsets: offsets(2), end: 'abort' }])
      const afterAbort = await java.committed(group, topic)
      await java.transact(topic, producer, [{ records: numbered(3, 6), offsets: offsets(1), end: 'commit' }])
      return [none, afterAbort, await java.committed(group, topic)] as const
    })
    expect([before, aborted, committed]).toEqual([{}, {}, { 0: 1 }])
  })

  it('commit as a group and go on where it left off', async () => {
    const topic = await both.topic(3)
    const group = `${topic}-group`
    const { first, ends, second } = await same(async (java) => {
      await java.javaSend(topic, numbered(0, 500))
      const before = await java.consume({ topic, group, count: 500 })
      const committed = await java.committed(group, topic)
      await java.javaSend(topic, numbered(500, 600))
      return { first: before, ends: committed, second: await java.consume({ topic, group, count: 100 }) }
    })
    expect(first.values.map(Number).sort((a, b) => a - b)).toEqual(numbers(0, 500))
    expect(Object.values(ends).reduce((sum, offset) => sum + offset, 0)).toBe(500)
    expect(second.values.map(Number).sort((a, b) => a - b)).toEqual(numbers(500, 600))
  })

  it.each(['Range', 'RoundRobin', 'CooperativeSticky'])('share the partitions in a group (%sAssignor)', async (assignor) => {
    const topic = await both.topic(6)
    const config = {
      'partition.assignment.strategy': `org.apache.kafka.clients.consumer.${assignor}Assignor`,
      'heartbeat.interval.ms': '100',
    }
    const { shares, values: read } = await same(async (java) => {
      await java.javaSend(topic, numbered(0, 300))
      return java.consume({ topic, group: `${topic}-group`, count: 300, members: 3, config })
    })
    expect(shares).toEqual([2, 2, 2])
    expect(read.map(Number).sort((a, b) => a - b)).toEqual(numbers(0, 300))
  })
})
