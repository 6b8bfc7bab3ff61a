/** How an answer to Metadata changes the view of the cluster. */
import type { MetadataResponse } from '../generated/messages/MetadataResponse'
import { ZERO_UUID } from '../wire/uuid'
import type { Cluster, PartitionInfo, Topic } from './cluster'

/** What was asked of one broker, and answered. */
export interface MetadataAnswer {
  readonly response: MetadataResponse
  readonly version: number
}

/** Whether what an answer says of a partition takes the place of what is known. */
export type Accepts = (known: PartitionInfo, fresh: PartitionInfo) => boolean

/** Brokers learn of an election one after another: one that is behind must not take back what is known. */
export const isNoOlder: Accepts = (known, fresh) => fresh.leaderEpoch < 0 || fresh.leaderEpoch >= known.leaderEpoch

/**
 * The view after an answer. Nodes are replaced, topics that the answer has are updated, others stay as they were. So do topics that the
 * answer has an error for: a broker that has just started may not know them yet, and the leader says it when they are gone.
 */
export function merge(cluster: Cluster, { response, version }: MetadataAnswer, accepts: Accepts = isNoOlder): Cluster {
  const topics = new Map(cluster.topics)
  for (const fresh of response.topics) {
    const { name, errorCode, partitions } = fresh
    if (name === null || errorCode !== 0 || partitions.length === 0) continue
    const topic = topicIn(name, fresh, version)
    if (isWhole(topic)) topics.set(name, mergeTopic(cluster.topics.get(name), topic, accepts))
  }
  return {
    clusterId: response.clusterId ?? cluster.clusterId,
    controllerId: response.controllerId < 0 ? null : response.controllerId,
    nodes: new Map(response.brokers.map(({ nodeId, host, port, rack }) => [nodeId, { id: nodeId, host, port, rack }])),
    topics,
  }
}

/** Before version 9 a broker may answer with the epoch of one election and the leader of another (KAFKA-9212). */
const EPOCHS_TRUSTED_FROM = 9

type TopicAnswer = MetadataResponse['topics'][number]

function topicIn(name: string, { topicId, partitions }: TopicAnswer, version: number): Topic {
  const infos = partitions.map((answer): PartitionInfo => ({
    topic: name,
    partition: answer.partitionIndex,
    leader: answer.leaderId < 0 ? null : answer.leaderId,
    leaderEpoch: version >= EPOCHS_TRUSTED_FROM ? answer.leaderEpoch : -1,
    replicas: answer.replicaNodes,
    isr: answer.isrNodes,
  }))
  const wrong = partitions.filter(({ errorCode }) => errorCode !== 0)
  return {
    name,
    id: topicId,
    partitions: infos.sort((a, b) => a.partition - b.partition),
    errors: new Map(wrong.map(({ partitionIndex, errorCode }) => [partitionIndex, errorCode])),
  }
}

/** A broker that leaves partitions out, or names one twice, would have records go to the leaders of others. */
const isWhole = ({ partitions }: Topic): boolean => partitions.every(({ partition }, index) => partition === index)

function mergeTopic(known: Topic | undefined, fresh: Topic, accepts: Accepts): Topic {
  if (known === undefined || isAnotherTopic(known, fresh)) return fresh
  const partitions = fresh.partitions.map((info) => {
    const before = known.partitions[info.partition]
    return before === undefined || accepts(before, info) ? info : before
  })
  // A broker that names no ids (before 2.8, in the midst of an upgrade) does not say that the topic has none.
  return { ...fresh, partitions, id: fresh.id === ZERO_UUID ? known.id : fresh.id }
}

/** Another id is another topic of the same name: its epochs begin anew. */
const isAnotherTopic = (known: Topic, fresh: Topic): boolean => fresh.id !== ZERO_UUID && known.id !== ZERO_UUID && known.id !== fresh.id
