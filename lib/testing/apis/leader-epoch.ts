/** Whether a broker has the log of a partition, and whether the client knows who leads it (KIP-101, KIP-320). */
import { ErrorCode } from '../../generated/error-codes'
import type { NodeId } from '../../record'
import type { Partition } from '../state/partition'

/** What a client says that does not know the epoch. */
const UNKNOWN_EPOCH = -1

/** `leaderEpoch`: what the client takes for the current one. */
export function epochError({ leaderEpoch: current }: Partition, leaderEpoch: number): number {
  if (leaderEpoch === UNKNOWN_EPOCH || leaderEpoch === current) return ErrorCode.NONE
  return leaderEpoch < current ? ErrorCode.FENCED_LEADER_EPOCH : ErrorCode.UNKNOWN_LEADER_EPOCH
}

/** Looks at the epoch first, as Kafka does: whoever has no replica says that before anything else. */
export function leaderError(partition: Partition, node: NodeId, leaderEpoch: number): number {
  const error = replicaError(partition, node, leaderEpoch)
  if (error !== ErrorCode.NONE) return error
  return partition.leader === node ? ErrorCode.NONE : ErrorCode.NOT_LEADER_OR_FOLLOWER
}

/** A follower will do. */
export function replicaError(partition: Partition, node: NodeId, leaderEpoch: number): number {
  return partition.replicas.includes(node) ? epochError(partition, leaderEpoch) : ErrorCode.NOT_LEADER_OR_FOLLOWER
}
