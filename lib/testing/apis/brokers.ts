/** Brokers and replicas as a client sees them from where it came in. */
import type { NodeId } from '../../record'
import type { Ask } from '../broker/handler'
import { NO_LEADER } from '../state/partition'
import type { Partition } from '../state/partition'

const NO_CONTROLLER = -1

/** Not given up, and with an address for this client: metadata names it. */
export function isNamed({ cluster, session }: Ask, id: NodeId): boolean {
  const node = cluster.nodes.get(id)
  return node !== undefined && !node.fenced && node.addresses[session.listener] !== undefined
}

/** Whom a client sends what only a controller does. Another broker stands in for one that was given up. */
export function controllerOf(ask: Ask): NodeId {
  const { controller, nodes } = ask.cluster
  return [controller, ...nodes.keys()].find((id) => isNamed(ask, id)) ?? NO_CONTROLLER
}

/** `unreachable`: there is a leader, which has no address for this client. */
export type LeaderView = { readonly type: 'leader'; readonly id: NodeId } | { readonly type: 'none' | 'unreachable' }

/** A leader that was given up and not replaced yet is still told. */
export function leaderOf({ cluster, session }: Ask, { leader }: Partition): LeaderView {
  const node = leader === NO_LEADER ? undefined : cluster.nodes.get(leader)
  if (node === undefined) return { type: 'none' }
  return node.addresses[session.listener] === undefined ? { type: 'unreachable' } : { type: 'leader', id: leader }
}

export const offlineReplicasOf = (ask: Ask, { replicas }: Partition): readonly NodeId[] => replicas.filter((id) => !isNamed(ask, id))
