/** Which broker looks after a group or a transactional id: the leader of its partition of an internal topic. */
import { ErrorCode } from '../../generated/error-codes'
import type { NodeId } from '../../record'
import type { ClusterState } from './cluster-state'
import { brokerConfig, brokerNumber } from './configs/configs'
import { coordinatorPartition, INTERNAL_TOPICS } from './internal-topics'
import type { CoordinatorType } from './internal-topics'
import { NO_LEADER } from './partition'
import { place } from './placement'

/**
 * Undefined while the partition has no leader. Makes the internal topic when it is not there yet and a broker can lead it; Kafka says
 * COORDINATOR_NOT_AVAILABLE to whoever asked first, and clients ask again.
 */
export function coordinatorOf(cluster: ClusterState, type: CoordinatorType, key: string): NodeId | undefined {
  if (!cluster.topics.has(INTERNAL_TOPICS[type].name)) createInternalTopic(cluster, type)
  const leader = coordinatorPartition(cluster.topics, type, key)?.leader ?? NO_LEADER
  return leader === NO_LEADER ? undefined : leader
}

interface Asked {
  readonly cluster: ClusterState
  /** The broker that was asked. */
  readonly node: { readonly id: NodeId }
}

/** Whether the broker that was asked looks after the key. Before anybody has looked for a coordinator, no broker does. */
export const isCoordinator = ({ cluster, node }: Asked, type: CoordinatorType, key: string): boolean =>
  coordinatorPartition(cluster.topics, type, key)?.leader === node.id

export const coordinatorError = (asked: Asked, type: CoordinatorType, key: string): number =>
  isCoordinator(asked, type, key) ? ErrorCode.NONE : ErrorCode.NOT_COORDINATOR

/** As `coordinatorError`, for requests that must name a group. */
export const groupError = (asked: Asked, groupId: string): number =>
  groupId === '' ? ErrorCode.INVALID_GROUP_ID : coordinatorError(asked, 'group', groupId)

function createInternalTopic(cluster: ClusterState, type: CoordinatorType): void {
  const { name, settings, configs, configsOfBroker } = INTERNAL_TOPICS[type]
  const taken = Object.entries(configsOfBroker).map(([own, broker]) => [own, brokerConfig(cluster, broker)])
  const placed = place(cluster, {
    partitions: brokerNumber(cluster, `${settings}.num.partitions`),
    // Kafka makes none while it has fewer brokers than replicas are asked for, so that by default a single broker has no groups at all.
    replicationFactor: Math.min(cluster.nodes.size, brokerNumber(cluster, `${settings}.replication.factor`)),
  })
  if ('problem' in placed) return
  cluster.createTopic({
    name,
    assignment: placed.assignment,
    configs: { ...configs, ...(Object.fromEntries(taken) as Record<string, string>) },
    isInternal: true,
  })
}
