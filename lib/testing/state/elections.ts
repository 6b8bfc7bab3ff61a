/**
 * What the controller decides about leaders and in-sync replicas, as Kafka's does (ReplicationControlManager):
 *
 * - The leader is the first replica, in the order of the assignment, that is in sync and active. Without one the partition has no leader;
 *   a topic with `unclean.leader.election.enable` takes any active replica, and loses what that one does not have.
 * - A broker that is given up leaves the in-sync replicas, but the last one of them stays: it alone may lead again.
 * - Who was the leader once is not made it again just because it is back.
 *
 * Where Apache Kafka differs: it moves leaders back to the preferred replica every five minutes (auto.leader.rebalance.enable), and it
 * remembers replicas that left while too few were in sync (eligible leader replicas, KIP-966).
 */
import type { NodeId } from '../../record'
import type { ClusterState } from './cluster-state'
import { topicConfig } from './configs/configs'
import { NO_LEADER } from './partition'
import type { Partition } from './partition'

/** The broker is no longer active: others take over what it led. */
export function replace(cluster: ClusterState, id: NodeId): void {
  for (const partition of cluster.partitions) {
    if (!partition.isr.includes(id)) continue
    const others = partition.isr.filter((replica) => replica !== id)
    if (partition.leader === id) partition.changeLeader(electedOf(cluster, partition, others))
    if (others.length > 0 && partition.isr.includes(id)) partition.changeIsr(others)
  }
}

/** The broker is active again: it may lead where nobody does. */
export function reinstate(cluster: ClusterState): void {
  for (const partition of cluster.partitions) {
    const elected = partition.leader === NO_LEADER ? electedOf(cluster, partition, partition.isr) : NO_LEADER
    if (elected !== NO_LEADER) partition.changeLeader(elected)
  }
}

/** Replicas that run have caught up with a leader that runs: it takes them back among those in sync. */
export function rejoin(cluster: ClusterState, partition: Partition): void {
  const { alive } = cluster
  if (!alive.has(partition.leader)) return
  const back = partition.replicas.filter((id) => alive.has(id) && cluster.isActive(id) && !partition.isr.includes(id))
  if (back.length > 0) partition.changeIsr([...partition.isr, ...back])
}

function electedOf(cluster: ClusterState, { topic, replicas }: Partition, isr: readonly NodeId[]): NodeId {
  const active = replicas.filter((id) => cluster.isActive(id))
  return active.find((id) => isr.includes(id)) ?? (isUnclean(cluster, topic) ? active[0] : undefined) ?? NO_LEADER
}

function isUnclean(cluster: ClusterState, name: string): boolean {
  const topic = cluster.topics.get(name)
  return topic !== undefined && topicConfig(cluster, topic, 'unclean.leader.election.enable') === 'true'
}
