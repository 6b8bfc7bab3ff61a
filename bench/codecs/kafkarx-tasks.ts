import type * as Protocol from '../../lib/entries/protocol'
import type { FetchResponse } from '../../lib/generated/messages/FetchResponse'
import type { MetadataResponse } from '../../lib/generated/messages/MetadataResponse'
import type { ProduceResponse } from '../../lib/generated/messages/ProduceResponse'
import { ASKED, CLUSTER, WRITTEN } from './content'
import type { Name, PartitionRecords } from './content'
import { FETCH_BY_ID, hexOf, named, recordFacts, task, VERSIONS } from './task'
import type { Task } from './task'

export type Library = typeof Protocol
type Decoded<M extends keyof Library['messages']> = ReturnType<Library['messages'][M]['decode']>

const uuid = (hex: string): string => Buffer.from(hex, 'hex').toString('base64url')
const hex = (id: string): string => Buffer.from(id, 'base64url').toString('hex')

/** What the others' batches say: both write 0 where Java writes −1. */
const AS_THE_OTHERS = { partitionLeaderEpoch: 0, producerEpoch: 0, baseSequence: 0 }

const recordsOf = (content: PartitionRecords) =>
  content.records.map(({ timestamp, key, value, header }) => ({ timestamp, key, value, headers: [header] }))

/** As users have them; the batches are encoded with the request, as the others do it. */
const WRITTEN_RECORDS = WRITTEN.map(({ topic, partitions }) => ({
  name: topic.name,
  partitions: partitions.map((content) => ({ index: content.index, records: recordsOf(content) })),
}))

const encodeProduce = ({ messages, recordBatch }: Library, version: number): Uint8Array => {
  const topicData = WRITTEN_RECORDS.map(({ name, partitions }) => ({
    name,
    partitionData: partitions.map(({ index, records }) => ({ index, records: recordBatch.encode({ records, ...AS_THE_OTHERS }) })),
  }))
  return messages.ProduceRequest.encode({ transactionalId: null, acks: -1, timeoutMs: 30_000, topicData }, version)
}

const produceResponse = {
  responses: ASKED.map(({ topic, partitions }) => ({
    name: topic.name,
    partitionResponses: partitions.map(({ index, offset }) => ({ index, errorCode: 0, baseOffset: BigInt(offset), logStartOffset: 5n })),
  })),
}

const produceFacts = ({ responses }: ProduceResponse): unknown =>
  responses.map(({ name, partitionResponses }) => [
    name,
    partitionResponses.map((p) => [p.index, p.errorCode, p.baseOffset, p.logAppendTimeMs, p.logStartOffset]),
  ])

const metadataResponse = {
  brokers: CLUSTER.brokers.map(({ id, host, port, rack }) => ({ nodeId: id, host, port, rack })),
  clusterId: CLUSTER.id,
  controllerId: 1,
  topics: CLUSTER.topics.map(({ topic, partitions }) => ({
    errorCode: 0,
    name: topic.name,
    topicId: uuid(topic.id),
    partitions: partitions.map(({ index, leader, replicas }) => ({
      errorCode: 0,
      partitionIndex: index,
      leaderId: leader,
      leaderEpoch: 3,
      replicaNodes: replicas,
      isrNodes: replicas,
    })),
  })),
}

const metadataFacts =
  (version: number) =>
  ({ brokers, clusterId, controllerId, topics }: MetadataResponse): unknown => [
    brokers.map(({ nodeId, host, port, rack }) => [nodeId, host, port, rack]),
    [clusterId, controllerId],
    topics.map(({ errorCode, name, topicId, isInternal, partitions }) => [
      [errorCode, name, version >= 10 ? hex(topicId) : null, isInternal],
      partitions.map((p) => [p.errorCode, p.partitionIndex, p.leaderId, p.replicaNodes, p.isrNodes, p.offlineReplicas]),
    ]),
  ]

const topicOf = (topic: Name, version: number): { readonly topicId?: string; readonly topic?: string } =>
  version >= FETCH_BY_ID ? { topicId: uuid(topic.id) } : { topic: topic.name }

const fetchRequest = (version: number) => ({
  maxWaitMs: 500,
  minBytes: 1,
  maxBytes: 52_428_800,
  isolationLevel: 1,
  sessionId: 0,
  sessionEpoch: -1,
  topics: ASKED.map(({ topic, partitions }) => ({
    ...topicOf(topic, version),
    partitions: partitions.map(({ index, offset }) => ({
      partition: index,
      currentLeaderEpoch: 3,
      fetchOffset: BigInt(offset),
      partitionMaxBytes: 1_048_576,
    })),
  })),
  rackId: 'rack-1',
})

const fetchResponse = ({ recordBatch }: Library, version: number) => ({
  throttleTimeMs: 0,
  responses: WRITTEN.map(({ topic, partitions }) => ({
    ...topicOf(topic, version),
    partitions: partitions.map((content) => ({
      partitionIndex: content.index,
      errorCode: 0,
      highWatermark: 9_000_000_000n,
      lastStableOffset: 9_000_000_000n,
      logStartOffset: 7n,
      abortedTransactions: null,
      records: recordBatch.encode({ records: recordsOf(content), baseOffset: 8_999_999_000n, ...AS_THE_OTHERS }),
    })),
  })),
})

type Batch = ReturnType<Library['recordBatch']['decode']>
type Fetched = readonly (readonly [FetchResponse['responses'][number], readonly (readonly Batch[])[]])[]

const batchesOf = ({ recordBatch }: Library, bytes: Uint8Array | null): readonly Batch[] => {
  const batches: Batch[] = []
  for (let rest = bytes ?? new Uint8Array(0); rest.length > 0;) {
    const batch = recordBatch.decode(rest)
    batches.push(batch)
    rest = rest.subarray(batch.size)
  }
  return batches
}

/** The message, and every record in it: the others read both in one go. */
const decodeFetch = (library: Library, bytes: Uint8Array, version: number): Fetched =>
  library.messages.FetchResponse.decode(bytes, version).responses.map((response) => [
    response,
    response.partitions.map(({ records }) => batchesOf(library, records)),
  ])

const fetchFacts =
  (version: number) =>
  (fetched: Fetched): unknown =>
    fetched.map(([response, batches]) => [
      version >= FETCH_BY_ID ? hex(response.topicId) : response.topic,
      response.partitions.map((p, i) => [
        [p.partitionIndex, p.errorCode, p.highWatermark, p.lastStableOffset, p.logStartOffset],
        (batches[i] ?? []).flatMap(({ records }) =>
          records.map((record) => recordFacts({ ...record, headers: record.headers.map(({ key, value }) => [key, value] as const) })),
        ),
      ]),
    ])

/** The bytes of the answers that everybody reads: no other client writes answers. */
export const answers = (library: Library) => ({
  produce: (version: number): Uint8Array => library.messages.ProduceResponse.encode(produceResponse, version),
  metadata: (version: number): Uint8Array => library.messages.MetadataResponse.encode(metadataResponse, version),
  fetch: (version: number): Uint8Array => library.messages.FetchResponse.encode(fetchResponse(library, version), version),
})

/** What the others do, too. */
const sharedTasks = (library: Library): readonly Task[] => {
  const { messages } = library
  const bytes = answers(library)
  return [
    ...VERSIONS.produce.map((version) => task(named.produceRequest(version), () => encodeProduce(library, version), hexOf)),
    ...VERSIONS.produce.map((version) => {
      const answer = bytes.produce(version)
      return task(named.produceResponse(version), () => messages.ProduceResponse.decode(answer, version), produceFacts)
    }),
    ...VERSIONS.metadata.map((version) => {
      const answer = bytes.metadata(version)
      return task(named.metadataResponse(version), () => messages.MetadataResponse.decode(answer, version), metadataFacts(version))
    }),
    ...VERSIONS.fetch.map((version) => {
      const request = fetchRequest(version)
      return task(named.fetchRequest(version), () => messages.FetchRequest.encode(request, version), hexOf)
    }),
    ...VERSIONS.fetch.map((version) => {
      const answer = bytes.fetch(version)
      return task(named.fetchResponse(version), () => decodeFetch(library, answer, version), fetchFacts(version))
    }),
  ]
}

const ownTask = (name: string, run: () => unknown): Task => task(name, run, () => null)

/** The other side of each message, which the others do not have. */
const ownTasks = (library: Library): readonly Task[] => {
  const { messages } = library
  const [produce, metadata, fetch] = [VERSIONS.produce[1], VERSIONS.metadata[1], VERSIONS.fetch[1]]
  const produced = encodeProduce(library, produce)
  const asked = messages.FetchRequest.encode(fetchRequest(fetch), fetch)
  const fetched: Decoded<'FetchResponse'> = messages.FetchResponse.decode(answers(library).fetch(fetch), fetch)
  return [
    ownTask(`Produce request v${produce}, decode`, () => messages.ProduceRequest.decode(produced, produce)),
    ownTask(`Produce response v${produce}, encode`, () => messages.ProduceResponse.encode(produceResponse, produce)),
    ownTask(`Metadata response v${metadata}, encode`, () => messages.MetadataResponse.encode(metadataResponse, metadata)),
    ownTask(`Fetch request v${fetch}, decode`, () => messages.FetchRequest.decode(asked, fetch)),
    ownTask(`Fetch response v${fetch}, encode`, () => messages.FetchResponse.encode(fetched, fetch)),
  ]
}

export const kafkarxTasks = (library: Library): readonly Task[] => [...sharedTasks(library), ...ownTasks(library)]
