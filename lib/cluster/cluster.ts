/** What is known of the cluster at one moment: an immutable view, and how an answer to Metadata changes it. */
import type { MetadataResponse } from '../generated/messages/MetadataResponse'
import type { NodeId } from '../record'

export interface Node {
  readonly id: NodeId
  readonly host: string
  readonly port: number
  readonly rack: string | null
}

export interface PartitionInfo {
  readonly topic: string
  readonly partition: number
  /** Null while the partition has none, during an election for example. */
  readonly leader: NodeId | null
  /** Grows with every election; −1 when the broker does not say. */
  readonly leaderEpoch: number
  readonly replicas: readonly NodeId[]
  readonly isr: readonly NodeId[]
}

export interface Topic {
  readonly name: string
  /** Base64url; all zero when the broker does not say. A topic that is deleted and made anew gets another one. */
  readonly id: string
  /** In order: `partitions[n].partition === n`. */
  readonly partitions: readonly PartitionInfo[]
}

export interface Cluster {
  readonly clusterId: string | null
  readonly controllerId: NodeId | null
  readonly nodes: ReadonlyMap<NodeId, Node>
  readonly topics: ReadonlyMap<string, Topic>
}

export const emptyCluster: Cluster = { clusterId: null, controllerId: null, nodes: new Map(), topics: new Map() }

/** The node that takes the records of a partition; undefined when there is none, or it is not among the nodes. */
export function leaderOf(cluster: Cluster, topic: string, partition: number): NodeId | undefined {
  const leader = cluster.topics.get(topic)?.partitions[partition]?.leader ?? undefined
  return leader !== undefined && cluster.nodes.has(leader) ? leader : undefined
}

/** Every partition of the topic has a leader that can be reached. */
export const hasAllLeaders = (cluster: Cluster, topic: string): boolean =>
  cluster.topics.get(topic)?.partitions.every(({ partition }) => leaderOf(cluster, topic, partition) !== undefined) ?? false

/**
 * The view after an answer to Metadata. Nodes are replaced, topics that the answer has are updated, others stay as they were. So do
 * topics that the answer has an error for: a broker that has just started may not know them yet, and the leader says it when they are gone.
 */
export function merge(cluster: Cluster, response: MetadataResponse, version: number): Cluster {
  const topics = new Map(cluster.topics)
  for (const fresh of response.topics) {
    const { name, errorCode, partitions } = fresh
    if (name === null || errorCode !== 0 || partitions.length === 0) continue
    const topic = topicIn(name, fresh, version)
    if (isWhole(topic)) topics.set(name, mergeTopic(cluster.topics.get(name), topic))
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
  return { name, id: topicId, partitions: infos.sort((a, b) => a.partition - b.partition) }
}

/** A broker that leaves partitions out, or names one twice, would have records go to the leaders of others. */
const isWhole = ({ partitions }: Topic): boolean => partitions.every(({ partition }, index) => partition === index)

/** Another id is another topic of the same name: its epochs begin anew. */
function mergeTopic(cached: Topic | undefined, fresh: Topic): Topic {
  if (cached === undefined || cached.id !== fresh.id) return fresh
  return { ...fresh, partitions: fresh.partitions.map((partition) => newerOf(cached.partitions[partition.partition], partition)) }
}

/** Brokers learn of an election one after another: one that is behind must not take back what is known. */
const newerOf = (cached: PartitionInfo | undefined, fresh: PartitionInfo): PartitionInfo =>
  cached !== undefined && fresh.leaderEpoch >= 0 && fresh.leaderEpoch < cached.leaderEpoch ? cached : fresh

/** The leaders of a topic differ between two views, or their epochs do: whoever asked got an answer that is news. */
export function leadersDiffer(before: Cluster, after: Cluster, topic: string): boolean {
  const old = before.topics.get(topic)
  const now = after.topics.get(topic)
  if (old === undefined || now === undefined) return old !== now
  if (old.id !== now.id || old.partitions.length !== now.partitions.length) return true
  return now.partitions.some(
    ({ partition, leader, leaderEpoch }) =>
      old.partitions[partition]?.leader !== leader || old.partitions[partition].leaderEpoch !== leaderEpoch,
  )
}
