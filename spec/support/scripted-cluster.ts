/** Brokers that agree on topics and leaders, keep what is produced and give it offsets. */
import { CreateTopicsRequest } from '../../lib/generated/messages/CreateTopicsRequest'
import { CreateTopicsResponse } from '../../lib/generated/messages/CreateTopicsResponse'
import { InitProducerIdRequest } from '../../lib/generated/messages/InitProducerIdRequest'
import { InitProducerIdResponse } from '../../lib/generated/messages/InitProducerIdResponse'
import { MetadataRequest } from '../../lib/generated/messages/MetadataRequest'
import { MetadataResponse } from '../../lib/generated/messages/MetadataResponse'
import type { MetadataResponseInput, MetadataResponseTopicInput } from '../../lib/generated/messages/MetadataResponse'
import { ProduceRequest } from '../../lib/generated/messages/ProduceRequest'
import { ProduceResponse } from '../../lib/generated/messages/ProduceResponse'
import type { NodeId } from '../../lib/record'
import type { Clock } from '../../lib/time'
import { ZERO_UUID, uuidToText } from '../../lib/wire/uuid'
import type { MemoryNetwork } from './memory-transport'
import { scriptedBroker, silence, value } from './scripted-broker'
import type { ScriptedBroker } from './scripted-broker'

export const METADATA = { request: MetadataRequest, response: MetadataResponse }
export const PRODUCE = { request: ProduceRequest, response: ProduceResponse }
export const INIT_PRODUCER_ID = { request: InitProducerIdRequest, response: InitProducerIdResponse }
export const CREATE_TOPICS = { request: CreateTopicsRequest, response: CreateTopicsResponse }

export interface ScriptedPartition {
  leader: NodeId
  leaderEpoch: number
  /** The record batches as they came. */
  readonly batches: Uint8Array[]
  nextOffset: bigint
}

export interface ScriptedTopic {
  readonly name: string
  readonly id: string
  readonly partitions: ScriptedPartition[]
}

export interface ScriptedCluster {
  readonly brokers: readonly ScriptedBroker[]
  readonly topics: Map<string, ScriptedTopic>
  create(name: string, partitions: number): ScriptedTopic
  /** Moves a partition to another node, with a new epoch. */
  elect(topic: string, partition: number, leader: NodeId): void
  /** What Metadata answers as things are. */
  metadata(asked: readonly string[]): MetadataResponseInput
}

const UNKNOWN_TOPIC_OR_PARTITION = 3
const NOT_LEADER_OR_FOLLOWER = 6
const UNKNOWN_TOPIC_ID = 100
const TOPIC_ALREADY_EXISTS = 36
/** lastOffsetDelta in a record batch of version 2. */
const LAST_OFFSET_DELTA_AT = 23

/** Nodes 1 to `size` at broker-1:9092, broker-2:9092 …; partition n of a topic is led by node n + 1, round and round. */
export function scriptedCluster(network: MemoryNetwork, clock: Clock, size = 1): ScriptedCluster {
  const topics = new Map<string, ScriptedTopic>()
  const ids = Array.from({ length: size }, (_, i) => i + 1)
  const brokers = ids.map((id) => scriptedBroker(network, clock, { host: `broker-${String(id)}`, port: 9092 }))

  const create = (name: string, count: number): ScriptedTopic => {
    const id = uuidToText(Uint8Array.from({ length: 16 }, (_, i) => (i === 15 ? topics.size + 1 : 7)))
    const partitions = Array.from({ length: count }, (_, i) => ({ leader: (i % size) + 1, leaderEpoch: 0, batches: [], nextOffset: 0n }))
    const topic = { name, id, partitions }
    topics.set(name, topic)
    return topic
  }

  const describe = (name: string): MetadataResponseTopicInput => {
    const topic = topics.get(name)
    if (topic === undefined) return { errorCode: UNKNOWN_TOPIC_OR_PARTITION, name, partitions: [] }
    const partitions = topic.partitions.map(({ leader, leaderEpoch }, partitionIndex) => {
      const errorCode = leader < 0 ? 5 : 0
      return { errorCode, partitionIndex, leaderId: leader, leaderEpoch, replicaNodes: ids, isrNodes: ids, offlineReplicas: [] }
    })
    return { errorCode: 0, name, topicId: topic.id, partitions }
  }

  const metadata = (asked: readonly string[]): MetadataResponseInput => ({
    brokers: brokers.map(({ address }, i) => ({ nodeId: i + 1, ...address, rack: null })),
    clusterId: 'scripted',
    controllerId: 1,
    topics: asked.map(describe),
  })

  const cluster: ScriptedCluster = {
    brokers,
    topics,
    create,
    metadata,
    elect: (name, index, leader) => {
      const partition = topics.get(name)?.partitions[index]
      if (partition !== undefined) Object.assign(partition, { leader, leaderEpoch: partition.leaderEpoch + 1 })
    },
  }
  brokers.forEach((broker, i) => answerAsNode(broker, i + 1, cluster))
  return cluster
}

function answerAsNode(broker: ScriptedBroker, id: NodeId, { topics, create, metadata }: ScriptedCluster): void {
  broker.on(METADATA, (request) => value(metadata((request.topics ?? []).flatMap(({ name }) => name ?? []))))
  broker.on(INIT_PRODUCER_ID, () => value({ throttleTimeMs: 0, errorCode: 0, producerId: BigInt(1000 + id), producerEpoch: 0 }))
  broker.on(CREATE_TOPICS, (request) => {
    const results = request.topics.map(({ name, numPartitions }) => {
      if (topics.has(name)) return { name, errorCode: TOPIC_ALREADY_EXISTS, errorMessage: null }
      return { name, topicId: create(name, numPartitions).id, errorCode: 0, errorMessage: null }
    })
    return value({ throttleTimeMs: 0, topics: results })
  })
  broker.on(PRODUCE, (request, version) => {
    const responses = request.topicData.map(({ name, topicId, partitionData }) => {
      const topic = version >= 13 ? [...topics.values()].find(({ id }) => id === topicId) : topics.get(name)
      const missing = version >= 13 ? UNKNOWN_TOPIC_ID : UNKNOWN_TOPIC_OR_PARTITION
      const partitionResponses = partitionData.map(({ index, records }) =>
        append(topic?.partitions[index], { index, records, id, missing }),
      )
      return { name, topicId: version >= 13 ? topicId : ZERO_UUID, partitionResponses }
    })
    return request.acks === 0 ? silence : value({ responses })
  })
}

interface Append {
  readonly index: number
  readonly records: Uint8Array | null
  readonly id: NodeId
  readonly missing: number
}

function append(partition: ScriptedPartition | undefined, { index, records, id, missing }: Append) {
  if (partition === undefined) return { index, errorCode: missing, baseOffset: -1n }
  if (partition.leader !== id) return { index, errorCode: NOT_LEADER_OR_FOLLOWER, baseOffset: -1n }
  const batch = Uint8Array.from(records ?? [])
  const baseOffset = partition.nextOffset
  partition.batches.push(batch)
  partition.nextOffset += BigInt(new DataView(batch.buffer).getInt32(LAST_OFFSET_DELTA_AT)) + 1n
  return { index, errorCode: 0, baseOffset, logStartOffset: 0n }
}
