/** Who leads now, in the answer to a client that asked somebody else (KIP-951). */
import type { NodeId } from '../../record'
import type { Ask } from '../broker/handler'
import { NO_LEADER } from '../state/partition'
import type { Partition } from '../state/partition'

export interface CurrentLeader {
  readonly leaderId: NodeId
  readonly leaderEpoch: number
}

export const currentLeaderOf = (partition: Partition | undefined): CurrentLeader => ({
  leaderId: partition?.leader ?? NO_LEADER,
  leaderEpoch: partition?.leaderEpoch ?? -1,
})

export interface Endpoint {
  readonly nodeId: NodeId
  readonly host: string
  readonly port: number
  readonly rack: string | null
}

/** Where the client reaches these leaders: each once, and none that the cluster has given up. */
export function endpointsOf(leaders: readonly (CurrentLeader | undefined)[], { cluster, session }: Ask): Endpoint[] {
  const ids = new Set(leaders.flatMap((leader) => leader?.leaderId ?? []))
  return [...ids].flatMap((id) => {
    const node = cluster.nodes.get(id)
    const address = node?.addresses[session.listener]
    return node === undefined || node.fenced || address === undefined ? [] : [{ nodeId: id, ...address, rack: node.rack }]
  })
}
