/** Produce at every version: what a broker takes, what it refuses, and what then lies in the log. */
import { LIST_OFFSETS, newestOf, PRODUCE, versionsOf } from '../support/apis'
import { aRecord, batchOf, batchOfRaw, bytes, oldMessage, patched, someRecords } from '../support/batches'
import type { Chance } from '../support/chance'
import type { Client } from '../support/client'
import { same } from '../support/pair'
import { producing, readBack } from '../support/producing'
import { scenario } from '../support/scenario'
import type { Scenario } from '../support/scenario'
import { createTopic, createTopics } from '../support/topics'

const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
/** Kafka does not answer a request that it stumbles over. */
const SILENCE_MS = 300
const LATE = 4_000_000_000_000
const EARLY = 1_000_000_000

const one = batchOf({ records: [aRecord('one')] })
const three = batchOf({ records: [aRecord('a'), aRecord('b'), aRecord('c')] })
const noBytes = new Uint8Array(0)

/** By what is wrong with them, or odd. */
const ODD_BATCHES: Readonly<Record<string, Uint8Array>> = {
  'no bytes': noBytes,
  'a wrong checksum': patched(three, { crc: 12345 }),
  'magic 0': oldMessage(0, bytes('old')),
  'magic 1': oldMessage(1, bytes('old')),
  'magic 3': patched(three, { magic: 3, crc: 0 }),
  'magic -1': patched(three, { magic: -1, crc: 0 }),
  'fewer records than it says': patched(three, { recordCount: 4 }),
  'more records than it says': patched(three, { recordCount: 2 }),
  'a negative number of records': patched(three, { recordCount: -1 }),
  'no record': patched(three, { recordCount: 0 }),
  'a last delta that is too large': patched(three, { lastOffsetDelta: 5 }),
  'a last delta that is too small': patched(three, { lastOffsetDelta: 1 }),
  'a negative last delta': patched(three, { lastOffsetDelta: -1 }),
  'a length that is too large': patched(three, { length: three.length }),
  'a length that is too small': patched(three, { length: three.length - 13 }),
  'a length below a header': patched(three, { length: 10 }),
  'a negative length': patched(three, { length: -5 }),
  'a cut end': three.subarray(0, three.length - 3),
  'a cut header': three.subarray(0, 40),
  'only a length': three.subarray(0, 12),
  'ten bytes': three.subarray(0, 10),
  'two batches': Buffer.concat([one, three]),
  'a batch and a half': Buffer.concat([one, three.subarray(0, 50)]),
  'a control batch': batchOf({
    records: [{ ...aRecord(''), key: Uint8Array.of(0, 0, 0, 1), value: Uint8Array.of(0, 0, 0, 0, 0, 0) }],
    control: true,
  }),
  'an append time of its own': patched(three, { attributes: 0x08 }),
  'an unknown codec': patched(three, { attributes: 5 }),
  'a codec that it was not written with': patched(three, { attributes: 1 }),
  'a delete horizon': patched(three, { attributes: 0x40 }),
  'unknown attributes': patched(three, { attributes: 0x180 }),
  'a base offset of its own': patched(three, { baseOffset: 100n }),
  'a leader epoch of its own': patched(three, { leaderEpoch: 17 }),
  'a wrong latest time': patched(three, { maxTimestamp: 5n }),
  'no time': batchOf({ records: [aRecord('a', { timestamp: -1 })] }),
  'the end of time': batchOf({ records: [aRecord('a', { timestamp: LATE })] }),
  'an early time': batchOf({ records: [aRecord('a', { timestamp: EARLY }), aRecord('b')] }),
  'a transaction without an id': batchOf({
    records: [aRecord('a')],
    transactional: true,
    producerId: 5n,
    producerEpoch: 0,
    baseSequence: 0,
  }),
  'no key': batchOf({ records: [aRecord('a'), aRecord('b', { key: null }), aRecord('c', { key: null })] }),
  'no value': batchOf({ records: [aRecord('a', { value: null })] }),
  'offsets that start at 1': batchOfRaw([{ offsetDelta: 1 }, { offsetDelta: 2 }]),
  'offsets with a gap': batchOfRaw([{ offsetDelta: 0 }, { offsetDelta: 2 }], { lastOffsetDelta: 2 }),
  'the same offset twice': batchOfRaw([{ offsetDelta: 0 }, { offsetDelta: 0 }]),
  'offsets that go back': batchOfRaw([{ offsetDelta: 1 }, { offsetDelta: 0 }]),
  'a negative offset': batchOfRaw([{ offsetDelta: -1 }, { offsetDelta: 1 }]),
  'a record that says it is longer': batchOfRaw([{ offsetDelta: 0, lie: 3 }]),
  'a record that says it is shorter': batchOfRaw([{ offsetDelta: 0, lie: -2 }, { offsetDelta: 1 }]),
  'a key longer than its record': batchOfRaw([{ offsetDelta: 0, keyLength: 100 }]),
  'a value longer than its record': batchOfRaw([{ offsetDelta: 0, valueLength: 100 }]),
  'a value of length -2': batchOfRaw([{ offsetDelta: 0, valueLength: -2, value: noBytes }]),
  'a header key that is null': batchOfRaw([{ offsetDelta: 0, headers: [{ keyLength: -1, key: '', value: bytes('v') }] }]),
  'more headers than there are': batchOfRaw([{ offsetDelta: 0, headerCount: 3 }]),
  'a negative number of headers': batchOfRaw([{ offsetDelta: 0, headerCount: -1 }]),
  'records with attributes': batchOfRaw([{ offsetDelta: 0, attributes: 7 }]),
  'a time delta that overflows': batchOfRaw([{ offsetDelta: 0, timestampDelta: 8e12 }]),
  'a negative time': batchOfRaw([{ offsetDelta: 0, timestampDelta: -1_800_000_000_000 }]),
}

const produceOdd = async (client: Client, chance: Chance, configs: Readonly<Record<string, string>>, name: string): Promise<void> => {
  for (const version of versionsOf(PRODUCE)) {
    const topic = await createTopic(client, `${name}-${version}`, { configs })
    for (const what of chance.shuffled(Object.keys(ODD_BATCHES))) {
      await client.tell(PRODUCE, version, producing([{ topic, records: ODD_BATCHES[what] ?? null }]), { label: what })
    }
    await client.ask(PRODUCE, version, producing([{ topic, records: three }]))
    await readBack(client, topic)
  }
}

export const produces: readonly Scenario[] = [
  scenario('Produce of what is good, with every codec', async ({ chance, client }) => {
    const asker = client()
    for (const version of versionsOf(PRODUCE)) {
      const topics = await createTopics(asker, [`good-${version}-a`, `good-${version}-b`], { partitions: 2 })
      for (const compression of chance.shuffled(CODECS)) {
        const batches = topics.map((topic) => ({
          topic,
          partition: chance.below(2),
          records: batchOf({ records: someRecords(chance, chance.between(1, 12)), compression }),
        }))
        for (const acks of [-1, 1]) await asker.tell(PRODUCE, version, producing(batches, { acks }))
        await asker.askInVain(PRODUCE, version, producing(batches, { acks: 0 }))
      }
      for (const topic of topics) for (const partition of [0, 1]) await readBack(asker, topic, partition)
    }
  }),

  scenario('Produce of batches that are odd', async ({ chance, client }) => {
    await produceOdd(client(), chance, {}, 'odd')
  }),

  scenario('Produce of batches that are odd, where the broker stamps', async ({ chance, client }) => {
    await produceOdd(client(), chance, { 'message.timestamp.type': 'LogAppendTime' }, 'odd-stamped')
  }),

  scenario('Produce of batches that are odd, where the broker compresses', async ({ chance, client }) => {
    await produceOdd(client(), chance, { 'compression.type': 'gzip', 'cleanup.policy': 'compact' }, 'odd-compressed')
  }),

  scenario('Produce to topics with settings of their own', async ({ chance, client }) => {
    const asker = client()
    const settings: readonly Readonly<Record<string, string>>[] = [
      { 'message.timestamp.before.max.ms': '1000' },
      { 'message.timestamp.after.max.ms': '1000' },
      { 'message.timestamp.type': 'LogAppendTime', 'message.timestamp.before.max.ms': '1000' },
      { 'max.message.bytes': '200' },
      { 'cleanup.policy': 'compact' },
      { 'cleanup.policy': 'compact,delete' },
      { 'min.insync.replicas': '2' },
      ...CODECS.map((codec) => ({ 'compression.type': codec === 'none' ? 'uncompressed' : codec })),
    ]
    for (const [i, configs] of settings.entries()) {
      const topic = await createTopic(asker, `settings-${i}`, { configs })
      for (const version of versionsOf(PRODUCE)) {
        for (const compression of chance.shuffled(CODECS).slice(0, 3)) {
          const records = [
            batchOf({ records: someRecords(chance, 3), compression }),
            batchOf({ records: someRecords(chance, 20), compression }),
          ]
          for (const each of records)
            await asker.tell(PRODUCE, version, producing([{ topic, records: each }], { acks: chance.pick([-1, 1]) }))
        }
        for (const what of ['no key', 'an early time', 'the end of time', 'no time', 'two batches', 'no value']) {
          await asker.tell(PRODUCE, version, producing([{ topic, records: ODD_BATCHES[what] ?? null }]))
        }
      }
      await readBack(asker, topic)
    }
  }),

  scenario('Produce of what is too large', async ({ client }) => {
    const asker = client()
    const segment = { 'segment.bytes': '1048576', 'max.message.bytes': '5000000' }
    const usual = await createTopic(asker, 'too-large')
    const wide = await createTopic(asker, 'too-large-for-a-segment', { configs: segment })
    // Around the limits of a batch (1048588 with its header) and of a segment.
    const batches = [1_048_500, 1_048_507, 1_048_508, 1_048_509, 1_048_576, 2_000_000].map((size) =>
      batchOf({ records: [aRecord('', { key: null, value: new Uint8Array(size) })] }),
    )
    const compressed = batchOf({ records: [aRecord('', { value: new Uint8Array(2_000_000) })], compression: 'gzip' })
    for (const version of versionsOf(PRODUCE)) {
      for (const topic of [usual, wide]) {
        for (const records of version === 13 ? [...batches, compressed] : [compressed, ...batches.slice(4)]) {
          await asker.tell(PRODUCE, version, producing([{ topic, records }]))
        }
      }
    }
    for (const { name } of [usual, wide]) {
      const partitions = [{ partitionIndex: 0, timestamp: -1n }]
      await asker.tell(LIST_OFFSETS, newestOf(LIST_OFFSETS), { replicaId: -1, isolationLevel: 0, topics: [{ name, partitions }] })
    }
  }),

  scenario('Produce to where nothing is, and with acks that are none', async ({ client }) => {
    const asker = client()
    for (const version of versionsOf(PRODUCE)) {
      const topic = await createTopic(asker, `nowhere-${version}`, { partitions: 2 })
      const unknown = { name: `nowhere-${version}-unknown`, id: same('YWJjZGVmZ2hpamtsbW5vcA') }
      const nameless = { name: '', id: same('AAAAAAAAAAAAAAAAAAAAAA') }
      const odd = { name: 'no name', id: same('AAAAAAAAAAAAAAAAAAAAAA') }
      for (const acks of [-1, 1, 2, -2, -5, 32767]) {
        await asker.tell(PRODUCE, version, producing([{ topic, records: one }], { acks }))
        await asker.tell(PRODUCE, version, producing([], { acks }))
        for (const partition of [2, -1, 100]) await asker.tell(PRODUCE, version, producing([{ topic, partition, records: one }], { acks }))
        for (const each of [unknown, nameless, odd])
          await asker.tell(PRODUCE, version, producing([{ topic: each, records: one }], { acks }))
      }
      const mixed = [
        { topic, records: one },
        { topic, partition: 5, records: one },
        { topic: unknown, records: one },
        { topic, partition: 1, records: three },
      ]
      await asker.tell(PRODUCE, version, producing(mixed))
      await asker.tell(
        PRODUCE,
        version,
        producing([
          { topic, records: one },
          { topic, records: three },
        ]),
      )
      await asker.tell(
        PRODUCE,
        version,
        producing([
          { topic, records: ODD_BATCHES['a wrong checksum'] ?? null },
          { topic, partition: 1, records: one },
        ]),
      )
      await asker.tell(PRODUCE, version, producing([{ topic, records: one }], { transactionalId: 'nobody' }))
      await readBack(asker, topic)
      await readBack(asker, topic, 1)
    }
  }),

  scenario('Produce of null', async ({ client }) => {
    const asker = client()
    const topic = await createTopic(asker, 'null')
    // Whoever is not answered waits beside the others.
    const tryNull = async (version: number): Promise<void> => {
      const lonely = client()
      await lonely.tell(PRODUCE, version, producing([{ topic, records: null }]), { withinMs: SILENCE_MS })
      await lonely.tell(
        PRODUCE,
        version,
        producing([
          { topic, records: null },
          { topic, partition: 9, records: one },
        ]),
        { withinMs: SILENCE_MS },
      )
    }
    await Promise.all(versionsOf(PRODUCE).map(tryNull))
    await readBack(asker, topic)
  }),

  scenario('Produce with acks 0 of what cannot be appended', async ({ client }) => {
    const asker = client()
    for (const version of versionsOf(PRODUCE)) {
      const topic = await createTopic(asker, `in-vain-${version}`)
      await asker.askInVain(PRODUCE, version, producing([{ topic, records: one }], { acks: 0 }))
      await asker.askInVain(PRODUCE, version, producing([], { acks: 0 }))
      await asker.askInVain(PRODUCE, version, producing([{ topic, partition: 9, records: one }], { acks: 0 }))
      await asker.askInVain(PRODUCE, version, producing([{ topic, records: ODD_BATCHES['a wrong checksum'] ?? null }], { acks: 0 }))
      await readBack(asker, topic)
    }
  }),
]
