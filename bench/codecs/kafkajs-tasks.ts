import { createRequire } from 'node:module'
import { join } from 'node:path'
import { ASKED, WRITTEN } from './content'
import { answers } from './kafkarx-tasks'
import type { Library } from './kafkarx-tasks'
import { asyncTask, hexOf, named, recordFacts, VERSIONS } from './task'
import type { Task } from './task'

/** kafkajs types its clients alone: this is what its codecs are, as far as they are used here. */
type RequestOf = (value: object) => { encode(): Promise<{ readonly buffer: Buffer }> }
interface ResponseOf<R> {
  decode(bytes: Buffer): Promise<R>
}

interface Produced {
  readonly topics: readonly {
    readonly topicName: string
    readonly partitions: readonly Readonly<Record<'partition' | 'errorCode' | 'baseOffset' | 'logAppendTime' | 'logStartOffset', unknown>>[]
  }[]
}

interface Metadata {
  readonly brokers: readonly Readonly<Record<'nodeId' | 'host' | 'port' | 'rack', unknown>>[]
  readonly clusterId: string
  readonly controllerId: number
  readonly topicMetadata: readonly {
    readonly topicErrorCode: number
    readonly topic: string
    readonly isInternal: boolean
    readonly partitionMetadata: readonly Readonly<
      Record<'partitionErrorCode' | 'partitionId' | 'leader' | 'replicas' | 'isr' | 'offlineReplicas', unknown>
    >[]
  }[]
}

interface Message {
  readonly offset: string
  readonly timestamp: string
  readonly key: Buffer
  readonly value: Buffer
  readonly headers: Readonly<Record<string, Buffer>>
}

interface Fetched {
  readonly responses: readonly {
    readonly topicName: string
    readonly partitions: readonly (Readonly<
      Record<'partition' | 'errorCode' | 'highWatermark' | 'lastStableOffset' | 'lastStartOffset', unknown>
    > & {
      readonly messages: readonly Message[]
    })[]
  }[]
}

const [PRODUCE, METADATA, FETCH] = [VERSIONS.produce[0], VERSIONS.metadata[0], VERSIONS.fetch[0]]

const produceRequest = {
  acks: -1,
  timeout: 30_000,
  topicData: WRITTEN.map(({ topic, partitions }) => ({
    topic: topic.name,
    partitions: partitions.map(({ index, records }) => ({
      partition: index,
      firstSequence: 0,
      messages: records.map(({ timestamp, key, value, header }) => ({ timestamp, key, value, headers: { [header.key]: header.value } })),
    })),
  })),
}

const fetchRequest = {
  replicaId: -1,
  maxWaitTime: 500,
  minBytes: 1,
  maxBytes: 52_428_800,
  isolationLevel: 1,
  rackId: 'rack-1',
  topics: ASKED.map(({ topic, partitions }) => ({
    topic: topic.name,
    partitions: partitions.map(({ index, offset }) => ({
      partition: index,
      currentLeaderEpoch: 3,
      fetchOffset: String(offset),
      maxBytes: 1_048_576,
    })),
  })),
}

const produceFacts = ({ topics }: Produced): unknown =>
  topics.map(({ topicName, partitions }) => [
    topicName,
    partitions.map((p) => [p.partition, p.errorCode, p.baseOffset, p.logAppendTime, p.logStartOffset]),
  ])

const metadataFacts = ({ brokers, clusterId, controllerId, topicMetadata }: Metadata): unknown => [
  brokers.map(({ nodeId, host, port, rack }) => [nodeId, host, port, rack]),
  [clusterId, controllerId],
  topicMetadata.map(({ topicErrorCode, topic, isInternal, partitionMetadata }) => [
    [topicErrorCode, topic, null, isInternal],
    partitionMetadata.map((p) => [p.partitionErrorCode, p.partitionId, p.leader, p.replicas, p.isr, p.offlineReplicas]),
  ]),
]

const fetchFacts = ({ responses }: Fetched): unknown =>
  responses.map(({ topicName, partitions }) => [
    topicName,
    partitions.map((p) => [
      [p.partition, p.errorCode, p.highWatermark, p.lastStableOffset, p.lastStartOffset],
      p.messages.map((message) => recordFacts({ ...message, headers: Object.entries(message.headers) })),
    ]),
  ])

/** Its codecs lie behind its public door; nothing in the package forbids to open them. */
export const kafkajsTasks = (library: Library, folder: string): readonly Task[] => {
  const load = createRequire(join(folder, 'package.json'))
  const codec = (path: string): unknown => load(`kafkajs/src/protocol/requests/${path}`)
  const requestOf = (api: string, version: number) => codec(`${api}/v${version}/request`) as RequestOf
  const responseOf = <R>(api: string, version: number) => codec(`${api}/v${version}/response`) as ResponseOf<R>
  const encode = (request: RequestOf, value: object) => async (): Promise<Buffer> => (await request(value).encode()).buffer
  const decode =
    <R>(response: ResponseOf<R>, bytes: Buffer) =>
    (): Promise<R> =>
      response.decode(bytes)
  const bytes = answers(library)
  const [produced, metadata, fetched] = [bytes.produce(PRODUCE), bytes.metadata(METADATA), bytes.fetch(FETCH)].map((one) =>
    Buffer.from(one),
  ) as [Buffer, Buffer, Buffer]
  return [
    asyncTask(named.produceRequest(PRODUCE), encode(requestOf('produce', PRODUCE), produceRequest), hexOf),
    asyncTask(named.produceResponse(PRODUCE), decode(responseOf<Produced>('produce', PRODUCE), produced), produceFacts),
    asyncTask(named.metadataResponse(METADATA), decode(responseOf<Metadata>('metadata', METADATA), metadata), metadataFacts),
    asyncTask(named.fetchRequest(FETCH), encode(requestOf('fetch', FETCH), fetchRequest), hexOf),
    asyncTask(named.fetchResponse(FETCH), decode(responseOf<Fetched>('fetch', FETCH), fetched), fetchFacts),
  ]
}
