import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ASKED, WRITTEN } from './content'
import type { Name } from './content'
import { answers } from './kafkarx-tasks'
import type { Library } from './kafkarx-tasks'
import { FETCH_BY_ID, hexOf, named, recordFacts, task, VERSIONS } from './task'
import type { Task } from './task'

/** What its codecs are, as far as they are used here; its own types are written for another module system. */
interface Codec<R> {
  createRequest(...values: readonly unknown[]): { readonly buffer: Buffer }
  parseResponse(correlationId: number, apiKey: number, apiVersion: number, reader: object): R
}

interface ReaderClass {
  from(bytes: Buffer): object
}

interface Produced {
  readonly responses: readonly {
    readonly name: string
    readonly partitionResponses: readonly Readonly<
      Record<'index' | 'errorCode' | 'baseOffset' | 'logAppendTimeMs' | 'logStartOffset', unknown>
    >[]
  }[]
}

interface Metadata {
  readonly brokers: readonly Readonly<Record<'nodeId' | 'host' | 'port' | 'rack', unknown>>[]
  readonly clusterId: string
  readonly controllerId: number
  readonly topics: readonly {
    readonly errorCode: number
    readonly name: string
    readonly topicId: string
    readonly isInternal: boolean
    readonly partitions: readonly Readonly<
      Record<'errorCode' | 'partitionIndex' | 'leaderId' | 'replicaNodes' | 'isrNodes' | 'offlineReplicas', unknown>
    >[]
  }[]
}

interface Batch {
  readonly firstOffset: bigint
  readonly firstTimestamp: bigint
  readonly records: readonly {
    readonly offsetDelta: number
    readonly timestampDelta: bigint
    readonly key: Buffer
    readonly value: Buffer
    readonly headers: readonly (readonly [Buffer, Buffer])[]
  }[]
}

interface Fetched {
  readonly responses: readonly {
    readonly topicId: string
    readonly partitions: readonly (Readonly<
      Record<'partitionIndex' | 'errorCode' | 'highWatermark' | 'lastStableOffset' | 'logStartOffset', unknown>
    > & {
      readonly records: readonly Batch[]
    })[]
  }[]
}

/** A flat list, which it groups by topic and partition itself. */
const messages = WRITTEN.flatMap(({ topic, partitions }) =>
  partitions.flatMap(({ index, records }) =>
    records.map(({ timestamp, key, value, header }) => ({
      topic: topic.name,
      partition: index,
      timestamp: BigInt(timestamp),
      key,
      value,
      headers: new Map([[Buffer.from(header.key), header.value]]),
    })),
  ),
)

/** In all versions it takes the topic's name, too, by the name of `topicId`. */
const fetchTopics = (version: number) =>
  ASKED.map(({ topic, partitions }) => ({
    topicId: version >= FETCH_BY_ID ? dashed(topic) : topic.name,
    partitions: partitions.map(({ index, offset }) => ({
      partition: index,
      currentLeaderEpoch: 3,
      fetchOffset: BigInt(offset),
      lastFetchedEpoch: -1,
      partitionMaxBytes: 1_048_576,
    })),
  }))

const dashed = ({ id }: Name): string => id.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')

const produceFacts = ({ responses }: Produced): unknown =>
  responses.map(({ name, partitionResponses }) => [
    name,
    partitionResponses.map((p) => [p.index, p.errorCode, p.baseOffset, p.logAppendTimeMs, p.logStartOffset]),
  ])

const metadataFacts =
  (version: number) =>
  ({ brokers, clusterId, controllerId, topics }: Metadata): unknown => [
    brokers.map(({ nodeId, host, port, rack }) => [nodeId, host, port, rack]),
    [clusterId, controllerId],
    topics.map(({ errorCode, name, topicId, isInternal, partitions }) => [
      [errorCode, name, version >= 10 ? topicId.replaceAll('-', '') : null, isInternal],
      partitions.map((p) => [p.errorCode, p.partitionIndex, p.leaderId, p.replicaNodes, p.isrNodes, p.offlineReplicas]),
    ]),
  ]

const batchFacts = ({ firstOffset, firstTimestamp, records }: Batch): readonly unknown[] =>
  records.map((record) =>
    recordFacts({
      ...record,
      offset: firstOffset + BigInt(record.offsetDelta),
      timestamp: firstTimestamp + record.timestampDelta,
      headers: record.headers.map(([key, value]) => [hexToText(key), value] as const),
    }),
  )

const hexToText = (bytes: Uint8Array): string => Buffer.from(hexOf(bytes), 'hex').toString('utf8')

const fetchFacts = ({ responses }: Fetched): unknown =>
  responses.map(({ topicId, partitions }) => [
    topicId.replace(/^(.{8})-(.{4})-(.{4})-(.{4})-(.{12})$/, '$1$2$3$4$5'),
    partitions.map((p) => [
      [p.partitionIndex, p.errorCode, p.highWatermark, p.lastStableOffset, p.logStartOffset],
      p.records.flatMap(batchFacts),
    ]),
  ])

const [PRODUCE_KEY, FETCH_KEY, METADATA_KEY] = [0, 1, 3]

/** Its package shows codecs of some versions only; all of them lie in its folder. */
export const platformaticTasks = async (library: Library, folder: string): Promise<readonly Task[]> => {
  const load = (path: string): Promise<unknown> =>
    import(pathToFileURL(join(folder, 'node_modules', '@platformatic', 'kafka', 'dist', path)).href)
  const codecOf = async <R>(path: string) => (await load(`apis/${path}.js`)) as Codec<R>
  const { Reader } = (await load('protocol/reader.js')) as { readonly Reader: ReaderClass }
  const bytes = answers(library)
  const decode = <R>(codec: Codec<R>, [key, version]: readonly [number, number], answer: Uint8Array) => {
    const buffer = Buffer.from(answer)
    return () => codec.parseResponse(0, key, version, Reader.from(buffer))
  }
  const tasks: Task[] = []
  for (const version of VERSIONS.produce) {
    const codec = await codecOf<Produced>(`producer/produce-v${version}`)
    tasks.push(
      task(named.produceRequest(version), () => codec.createRequest(-1, 30_000, messages, {}).buffer, hexOf),
      task(named.produceResponse(version), decode(codec, [PRODUCE_KEY, version], bytes.produce(version)), produceFacts),
    )
  }
  for (const version of VERSIONS.metadata) {
    const codec = await codecOf<Metadata>(`metadata/metadata-v${version}`)
    tasks.push(
      task(named.metadataResponse(version), decode(codec, [METADATA_KEY, version], bytes.metadata(version)), metadataFacts(version)),
    )
  }
  for (const version of VERSIONS.fetch) {
    const codec = await codecOf<Fetched>(`consumer/fetch-v${version}`)
    const topics = fetchTopics(version)
    tasks.push(
      task(named.fetchRequest(version), () => codec.createRequest(500, 1, 52_428_800, 1, 0, -1, topics, [], 'rack-1').buffer, hexOf),
      task(named.fetchResponse(version), decode(codec, [FETCH_KEY, version], bytes.fetch(version)), fetchFacts),
    )
  }
  return tasks
}
