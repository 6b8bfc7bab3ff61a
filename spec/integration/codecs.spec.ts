import { lastValueFrom, takeUntil, timer, toArray } from 'rxjs'
import type { JavaRecord } from '../../kafka/harness'
import { recordBatch } from '../../lib/batch/record-batch'
import type { RecordBatchRecord } from '../../lib/batch/batch-input'
import type { DecodedRecord } from '../../lib/batch/record-batch'
import { apis } from '../../lib/generated/apis'
import type { Api as ApiFacts } from '../../lib/generated/apis'
import { ApiVersionsRequest } from '../../lib/generated/messages/ApiVersionsRequest'
import { ApiVersionsResponse } from '../../lib/generated/messages/ApiVersionsResponse'
import { CreateTopicsRequest } from '../../lib/generated/messages/CreateTopicsRequest'
import { CreateTopicsResponse } from '../../lib/generated/messages/CreateTopicsResponse'
import { FetchRequest } from '../../lib/generated/messages/FetchRequest'
import { FetchResponse } from '../../lib/generated/messages/FetchResponse'
import { ListOffsetsRequest } from '../../lib/generated/messages/ListOffsetsRequest'
import { ListOffsetsResponse } from '../../lib/generated/messages/ListOffsetsResponse'
import { InitProducerIdRequest } from '../../lib/generated/messages/InitProducerIdRequest'
import { InitProducerIdResponse } from '../../lib/generated/messages/InitProducerIdResponse'
import { MetadataRequest } from '../../lib/generated/messages/MetadataRequest'
import { MetadataResponse } from '../../lib/generated/messages/MetadataResponse'
import { ProduceRequest } from '../../lib/generated/messages/ProduceRequest'
import { ProduceResponse } from '../../lib/generated/messages/ProduceResponse'
import { producer } from '../../lib/producer'
import { openRaw, versionsOf } from './raw-connection'
import type { RawConnection } from './raw-connection'
import { expectAllDelivered, expectSameRecords, sendAll } from './records'
import type { LoggedRecord, Plain } from './records'
import { describeWithKafka } from './support'
import { wireTap } from './wire-tap'

const API_VERSIONS = { request: ApiVersionsRequest, response: ApiVersionsResponse }
const INIT_PRODUCER_ID = { request: InitProducerIdRequest, response: InitProducerIdResponse }
const METADATA = { request: MetadataRequest, response: MetadataResponse }
const CREATE_TOPICS = { request: CreateTopicsRequest, response: CreateTopicsResponse }
const LIST_OFFSETS = { request: ListOffsetsRequest, response: ListOffsetsResponse }
const PRODUCE = { request: ProduceRequest, response: ProduceResponse }
const FETCH = { request: FetchRequest, response: FetchResponse }

/** From these on, requests name topics by id. */
const PRODUCE_BY_ID = 13
const FETCH_BY_ID = 13

const bytes = (text: string): Uint8Array => Buffer.from(text)

interface Topic {
  readonly name: string
  readonly id: string
}

const topicNamed = async (raw: RawConnection, name: string): Promise<Topic> => {
  const { topics } = await raw.ask(METADATA, { topics: [{ name }] })
  expect(topics).toMatchObject([{ name, errorCode: 0 }])
  return { name, id: topics[0]?.topicId ?? '' }
}

/** Appends one batch to partition 0; its first offset. */
const append = async (raw: RawConnection, { name, id }: Topic, records: Uint8Array, version?: number): Promise<bigint | undefined> => {
  const byId = (version ?? PRODUCE_BY_ID) >= PRODUCE_BY_ID
  const topicData = [{ ...(byId ? { topicId: id } : { name }), partitionData: [{ index: 0, records }] }]
  const { responses } = await raw.ask(PRODUCE, { acks: -1, timeoutMs: 10_000, topicData }, version)
  expect(responses).toMatchObject([
    {
      name: byId ? '' : name,
      partitionResponses: [{ index: 0, errorCode: 0, logAppendTimeMs: -1n, recordErrors: [], errorMessage: null }],
    },
  ])
  return responses[0]?.partitionResponses[0]?.baseOffset
}

/** Everything in partition 0. */
const fetchAll = async (raw: RawConnection, { name, id }: Topic, version?: number): Promise<LoggedRecord[]> => {
  const byId = (version ?? FETCH_BY_ID) >= FETCH_BY_ID
  const partitions = [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 10_000_000 }]
  const topics = [{ ...(byId ? { topicId: id } : { topic: name }), partitions }]
  const { errorCode, responses } = await raw.ask(FETCH, { maxWaitMs: 0, minBytes: 0, topics }, version)
  expect(errorCode).toBe(0)
  expect(responses).toMatchObject([{ topic: byId ? '' : name, partitions: [{ partitionIndex: 0, errorCode: 0 }] }])
  return recordsIn(responses[0]?.partitions[0]?.records).map((record) => ({ ...record, partition: 0 }))
}

/** Of all batches, one behind the other. */
const recordsIn = (bytes: Uint8Array | null | undefined): DecodedRecord[] => {
  const records: DecodedRecord[] = []
  for (let rest = bytes ?? new Uint8Array(0); rest.length > 0;) {
    const batch = recordBatch.decode(rest)
    records.push(...batch.records)
    rest = rest.subarray(batch.size)
  }
  return records
}

/** One of each kind that a batch can hold. */
const variedRecords: readonly (RecordBatchRecord & JavaRecord)[] = [
  { timestamp: 1_700_000_000_000, key: bytes('key'), value: bytes('value'), headers: [] },
  { timestamp: 1_700_000_000_001, key: null, value: bytes('häöü€😀'), headers: [{ key: 'h', value: bytes('1') }] },
  {
    timestamp: 1_600_000_000_000,
    key: bytes(''),
    value: null,
    headers: [
      { key: 'h', value: null },
      { key: '', value: bytes('') },
      { key: 'h', value: bytes('2') },
    ],
  },
  { timestamp: 0, key: bytes('large'), value: Buffer.alloc(100_000, 'large '), headers: [] },
]

describeWithKafka('the versions that are spoken with a broker', (kafka) => {
  it('are the same, at whichever version they are asked for', async () => {
    using raw = await openRaw(kafka)
    const request = { ...ApiVersionsRequest.create(), clientSoftwareName: 'kafkarx-spec', clientSoftwareVersion: '0' }
    const latest = await raw.ask(API_VERSIONS, request)
    expect(latest).toMatchObject({ errorCode: 0 })
    for (const version of versionsOf(ApiVersionsRequest)) {
      expect(await raw.ask(API_VERSIONS, version < 3 ? {} : request, version)).toMatchObject({ errorCode: 0, apiKeys: latest.apiKeys })
    }
  })

  it('are those of the schemas that the codecs were generated from', async () => {
    using raw = await openRaw(kafka)
    const { apiKeys } = await raw.ask(API_VERSIONS, { clientSoftwareName: 'kafkarx-spec', clientSoftwareVersion: '0' })
    const advertised = new Map(apiKeys.map(({ apiKey, minVersion: min, maxVersion: max }) => [apiKey, { min, max }]))
    const ofSchemas = Object.values<ApiFacts>(apis).flatMap(({ apiKey, name, validVersions, latestVersionUnstable }) => {
      if (validVersions === null || !advertised.has(apiKey)) return []
      // Produce is advertised from 0 and spoken from 3 (KAFKA-18659).
      const min = name === 'Produce' ? 0 : validVersions.min
      return [[apiKey, { min, max: validVersions.max - Number(latestVersionUnstable) }] as const]
    })
    expect(new Map(ofSchemas)).toEqual(advertised)
  })

  it('are the highest in common for every request that a producer writes', async () => {
    const topic = await kafka.topic()
    const wire = wireTap()
    await using kafkarx = producer({ brokers: [kafka.bootstrap], transport: wire.transport })
    const records: Plain[] = [{ topic, value: 'v' }]

    expectAllDelivered(records, await sendAll(kafkarx, records))

    const written = await lastValueFrom(wire.requests$.pipe(takeUntil(timer(0)), toArray()))
    // A broker that gets ids from its controller just then is asked for one again (KIP-730).
    const requests = written.filter(({ api }, i) => api !== written[i - 1]?.api)
    using raw = await openRaw(kafka)
    expect(requests).toEqual([
      { api: 'ApiVersions', version: raw.connection.versionOf(API_VERSIONS) },
      { api: 'Metadata', version: raw.connection.versionOf(METADATA) },
      { api: 'InitProducerId', version: raw.connection.versionOf(INIT_PRODUCER_ID) },
      { api: 'Produce', version: raw.connection.versionOf(PRODUCE) },
    ])
    expect(requests.map(({ version }) => version)).toEqual([5, 13, 5, 13])
  })
})

describeWithKafka('our codecs, without a producer', (kafka) => {
  it('create topics at every version, and read that there is one already', async () => {
    using raw = await openRaw(kafka)
    const prefix = await kafka.topic()
    for (const version of versionsOf(CreateTopicsRequest)) {
      const topic = { name: `${prefix}-v${version}`, numPartitions: version, replicationFactor: 1, assignments: [] }
      const request = { timeoutMs: 10_000, topics: [{ ...topic, configs: [{ name: 'max.message.bytes', value: `${1000 + version}` }] }] }

      const [created] = (await raw.ask(CREATE_TOPICS, request, version)).topics
      const [refused] = (await raw.ask(CREATE_TOPICS, request, version)).topics

      expect(created).toMatchObject({ name: topic.name, errorCode: 0, errorMessage: null })
      if (version >= 5) {
        expect(created).toMatchObject({ numPartitions: version, replicationFactor: 1 })
        expect(created?.configs).toContainEqual(expect.objectContaining({ name: 'max.message.bytes', value: `${1000 + version}` }))
      }
      expect(refused).toMatchObject({ name: topic.name, errorCode: 36, errorMessage: expect.stringContaining('already exists') as unknown })
      const everywhere = Array.from({ length: version }, (_, partition) => ({ partition, value: bytes('v') }))
      expect(await kafka.java.javaSend(topic.name, everywhere)).toMatchObject(
        everywhere.map(({ partition }) => ({ partition, offset: 0n })),
      )
    }
  })

  it('read a topic from Metadata at every version', async () => {
    using raw = await openRaw(kafka)
    const name = await kafka.topic(3)
    const { id } = await topicNamed(raw, name)
    const [host, port] = kafka.bootstrap.split(':')
    for (const version of versionsOf(MetadataRequest)) {
      const metadata = await raw.ask(METADATA, { topics: [{ name }] }, version)

      expect(metadata.brokers).toMatchObject([{ nodeId: 1, host, port: Number(port) }])
      expect(metadata.topics).toMatchObject([{ name, errorCode: 0, ...(version >= 10 && { topicId: id }) }])
      const partitions = [...(metadata.topics[0]?.partitions ?? [])].sort((a, b) => a.partitionIndex - b.partitionIndex)
      const led = { errorCode: 0, leaderId: 1, replicaNodes: [1], isrNodes: [1], ...(version >= 7 && { leaderEpoch: 0 }) }
      expect(partitions).toMatchObject([0, 1, 2].map((partitionIndex) => ({ ...led, partitionIndex })))
    }
  })

  it('find offsets at every version: the first, the next, and those of a time', async () => {
    using raw = await openRaw(kafka)
    const name = await kafka.topic()
    const times = [1000, 3000, 2000, 5000]
    await kafka.java.javaSend(
      name,
      times.map((timestamp) => ({ value: bytes('v'), timestamp })),
    )
    const offsetOf = async (timestamp: bigint, version: number) => {
      const { topics } = await raw.ask(
        LIST_OFFSETS,
        { replicaId: -1, topics: [{ name, partitions: [{ partitionIndex: 0, timestamp }] }] },
        version,
      )
      expect(topics).toMatchObject([{ name, partitions: [{ partitionIndex: 0, errorCode: 0 }] }])
      return topics[0]?.partitions.map((found) => [found.offset, found.timestamp])[0]
    }
    for (const version of versionsOf(ListOffsetsRequest)) {
      expect(await offsetOf(-2n, version)).toEqual([0n, -1n])
      expect(await offsetOf(-1n, version)).toEqual([4n, -1n])
      expect(await offsetOf(1001n, version)).toEqual([1n, 3000n])
      expect(await offsetOf(9000n, version)).toEqual([-1n, -1n])
      if (version >= 7) expect(await offsetOf(-3n, version)).toEqual([3n, 5000n])
    }
  })

  it('append batches at every version of Produce, and Java reads them', async () => {
    using raw = await openRaw(kafka)
    const topic = await topicNamed(raw, await kafka.topic())
    const batch = recordBatch.encode({ records: variedRecords })
    const appended: LoggedRecord[] = []
    for (const version of versionsOf(ProduceRequest)) {
      const baseOffset = await append(raw, topic, batch, version)
      expect(baseOffset).toBe(BigInt(appended.length))
      for (const record of variedRecords)
        appended.push({ ...record, headers: record.headers ?? [], partition: 0, offset: BigInt(appended.length) })
    }
    expectSameRecords(await kafka.java.readBack(topic.name), appended)
  })

  it('fetch at every version what Java reads of what was appended over a raw connection', async () => {
    using raw = await openRaw(kafka)
    const topic = await topicNamed(raw, await kafka.topic())
    for (const records of [variedRecords, variedRecords.slice(1), variedRecords.slice(0, 1)]) {
      await append(raw, topic, recordBatch.encode({ records }))
    }
    const read = await kafka.java.readBack(topic.name)
    expect(read).toHaveLength(8)
    for (const version of versionsOf(FetchRequest)) expectSameRecords(await fetchAll(raw, topic, version), read)
  })

  it('fetch what Java has sent, as Java reads it', async () => {
    using raw = await openRaw(kafka)
    const topic = await topicNamed(raw, await kafka.topic())
    await kafka.java.javaSend(topic.name, Array.from({ length: 50 }, () => variedRecords).flat())
    const read = await kafka.java.readBack(topic.name)
    expect(read).toHaveLength(200)
    expectSameRecords(await fetchAll(raw, topic), read)
  })

  it('decode a batch that the broker has stamped as it appended it', async () => {
    using raw = await openRaw(kafka)
    const topic = await topicNamed(raw, await kafka.topic(1, { 'message.timestamp.type': 'LogAppendTime' }))
    await kafka.java.javaSend(topic.name, [...variedRecords])
    const read = await kafka.java.readBack(topic.name)
    expect(read).toHaveLength(variedRecords.length)
    expectSameRecords(await fetchAll(raw, topic), read)
  })
})
