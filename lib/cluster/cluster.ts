/** What is known of the cluster at one moment: an immutable view. */
import type { NodeId } from '../record'

export interface Node {
  readonly id: NodeId
  readonly host: string
  readonly port: number
  readonly rack: string | null
}

/** One partition of a topic as the brokers told of it last; brokers are named by their ids. */
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
  /** Base64url; all zero when no broker has said it. A topic that is deleted and made anew gets another one. */
  readonly id: string
  /** In order: `partitions[n].partition === n`. */
  readonly partitions: readonly PartitionInfo[]
  /** What the latest answer found wrong with partitions, by their numbers: Kafka's error codes. */
  readonly errors: ReadonlyMap<number, number>
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

/** The view without these topics. */
export function without(cluster: Cluster, names: readonly string[]): Cluster {
  const topics = new Map(cluster.topics)
  for (const name of names) topics.delete(name)
  return { ...cluster, topics }
}
