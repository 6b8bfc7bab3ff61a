/**
 * Which brokers hold a new partition: leaders in turn, followers beside them, on another rack where there is one; a broker that was
 * given up only when there are not enough others, and not in sync.
 *
 * Unlike Kafka, which begins at a broker that chance picks: the same cluster gives the same placement.
 */
import type { NodeId } from '../../record'
import type { ClusterState } from './cluster-state'
import type { ClusterNode } from './node'

export interface Placement {
  readonly partitions: number
  readonly replicationFactor: number
  /** How many partitions the topic has already. Default 0. */
  readonly first?: number
}

export type Placed = { readonly assignment: readonly (readonly NodeId[])[] } | { readonly problem: string }

export function place({ nodes }: Pick<ClusterState, 'nodes'>, { partitions, replicationFactor, first = 0 }: Placement): Placed {
  const all = [...nodes.values()]
  const leaders = acrossRacks(all.filter(({ fenced }) => !fenced))
  const last = acrossRacks(all.filter(({ fenced }) => fenced))
  if (replicationFactor > all.length)
    return { problem: `${String(replicationFactor)} replicas need as many brokers, there are ${String(all.length)}` }
  if (leaders.length === 0) return { problem: 'All brokers are fenced' }
  const replicas = (partition: number): readonly NodeId[] => {
    const begin = partition % leaders.length
    return [...leaders.slice(begin), ...leaders.slice(0, begin), ...last].slice(0, replicationFactor)
  }
  return { assignment: Array.from({ length: partitions }, (_, i) => replicas(first + i)) }
}

/** What is wrong with replicas that somebody chose; undefined when nothing is. `replicationFactor` is that of the other partitions. */
export function replicasProblem(nodes: ClusterState['nodes'], replicas: readonly NodeId[], replicationFactor: number): string | undefined {
  const stranger = replicas.find((id) => !nodes.has(id))
  if (replicas.length === 0) return 'A partition needs a replica at least'
  if (stranger !== undefined) return `There is no broker ${String(stranger)}`
  if (new Set(replicas).size < replicas.length) return `A broker is named twice: ${replicas.join(', ')}`
  if (replicas.length !== replicationFactor)
    return `${String(replicas.length)} replicas, where other partitions have ${String(replicationFactor)}`
  if (replicas.every((id) => nodes.get(id)?.fenced === true)) return `All of the brokers ${replicas.join(', ')} are fenced`
  return undefined
}

/** One of each rack, then the next of each. */
function acrossRacks(nodes: readonly ClusterNode[]): readonly NodeId[] {
  const names = new Set(nodes.map(({ rack }) => rack))
  const racks = [...names].map((name) => nodes.filter(({ rack }) => rack === name))
  const most = Math.max(0, ...racks.map(({ length }) => length))
  return Array.from({ length: most }, (_, i) => racks.flatMap((rack) => rack[i]?.id ?? [])).flat()
}
