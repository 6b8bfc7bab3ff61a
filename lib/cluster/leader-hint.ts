/** What a broker says of a partition that has moved on, beside its refusal (KIP-951). */
import type { NodeId } from '../record'
import { ZERO_UUID } from '../wire/uuid'
import type { Cluster, Node, PartitionInfo, Topic } from './cluster'

export interface LeaderHint {
  readonly topic: string
  /** The id of the topic that was asked about; all zero when none was known. */
  readonly topicId: string
  readonly partition: number
  readonly leader: NodeId
  readonly leaderEpoch: number
  /** Where the leader is, when the broker said it. */
  readonly node: Node | undefined
}

/** The view with what is news in the hints: of a known partition, a later epoch, and a leader that can be reached. */
export function withLeaders(cluster: Cluster, hints: readonly LeaderHint[]): Cluster {
  const nodes = new Map(cluster.nodes)
  const topics = new Map(cluster.topics)
  let news = false
  for (const hint of hints) {
    const topic = topics.get(hint.topic)
    if (topic === undefined || !isAbout(topic, hint) || !isNews(topic.partitions[hint.partition], hint)) continue
    if (hint.node !== undefined) nodes.set(hint.leader, hint.node)
    if (!nodes.has(hint.leader)) continue
    topics.set(hint.topic, ledAnew(topic, hint))
    news = true
  }
  return news ? { ...cluster, nodes, topics } : cluster
}

/** The epochs of a topic that was deleted say nothing of the one that was made anew in its place. */
const isAbout = ({ id }: Topic, { topicId }: LeaderHint): boolean => id === topicId || id === ZERO_UUID || topicId === ZERO_UUID

const isNews = (known: PartitionInfo | undefined, { leaderEpoch }: LeaderHint): boolean =>
  known !== undefined && leaderEpoch > known.leaderEpoch

function ledAnew(topic: Topic, { partition, leader, leaderEpoch }: LeaderHint): Topic {
  return { ...topic, partitions: topic.partitions.map((each) => (each.partition === partition ? { ...each, leader, leaderEpoch } : each)) }
}
