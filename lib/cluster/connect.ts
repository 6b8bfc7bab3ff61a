/** The cluster as a producer needs it: who leads what, and the connections to them. Nothing opens until somebody asks. */
import { filter, from, map, mergeMap, pairwise } from 'rxjs'
import type { Observable } from 'rxjs'
import type { Settings } from '../config'
import { backoffAfter } from '../network/backoff'
import { openConnection } from '../network/connection'
import type { ClientSoftware, MeantNode } from '../network/handshake'
import type { NodeId } from '../record'
import type { Clock } from '../time'
import type { Cluster } from './cluster'
import { createMetadata } from './metadata'
import type { Metadata } from './metadata'
import { createNodes } from './nodes'
import type { Nodes } from './nodes'

/** How brokers see this library (KIP-511). A spec holds the version and package.json together. */
export const SOFTWARE: ClientSoftware = { name: 'kafkarx', version: '0.1.0' }

export interface ClusterLink {
  readonly nodes: Nodes
  readonly metadata: Metadata
  /** Topics that were deleted and made anew, as far as ids tell (KIP-516). */
  readonly anew$: Observable<string>
  /** Nodes that left the cluster. */
  readonly gone$: Observable<NodeId>
}

export function connectCluster(settings: Settings, clock: Clock): ClusterLink {
  const { transport, clientId, requestTimeout, connectionsMaxIdle } = settings
  const { maxBlock, retryBackoff, retryBackoffMax, metadataMaxAge: maxAge, metadataMaxIdle: maxIdle } = settings
  const recovers = settings.metadataRecovery === 'rebootstrap'
  const sasl = settings.sasl?.(clock)
  const nodes = createNodes({
    bootstrap: settings.bootstrap,
    clock,
    reconnectBackoff: { initial: settings.reconnectBackoff, max: settings.reconnectBackoffMax },
    connectionsMaxIdle,
    fallBack: recovers,
    connect: (address, { failures, late, node }) => {
      const connectTimeout = setupTimeout(settings, failures, clock)
      const meant = recovers ? meantNode(metadata.cluster, node) : undefined
      return openConnection(address, { transport, clock, clientId, requestTimeout, connectTimeout, sasl, software: SOFTWARE, meant, late })
    },
  })
  const rebootstrapAfter = recovers ? settings.metadataRebootstrapTrigger : undefined
  const metadata: Metadata = createMetadata({ nodes, clock, maxBlock, retryBackoff, retryBackoffMax, maxAge, maxIdle, rebootstrapAfter })
  return { nodes, metadata, gone$: goneNodes(metadata), anew$: topicsMadeAnew(metadata) }
}

/** An address may belong to a broker of another cluster by now: whoever listens there is told whom we mean, and says when he is another. */
function meantNode({ clusterId }: Cluster, nodeId: NodeId | undefined): MeantNode | undefined {
  return clusterId === null || nodeId === undefined ? undefined : { clusterId, nodeId }
}

/** Longer after each attempt in vain: a network that is slow just now needs the time, and one that is gone is not worth it at first (KIP-601). */
function setupTimeout(
  { connectionSetupTimeout: initial, connectionSetupTimeoutMax: max }: Settings,
  failures: number,
  clock: Clock,
): number {
  return Math.round(backoffAfter(failures + 1, { initial, max }, clock.random()))
}

function topicsMadeAnew({ changes$ }: Metadata): Observable<string> {
  return changes$.pipe(
    pairwise(),
    filter(([before, after]) => before.topics !== after.topics),
    mergeMap(([before, after]) => [...after.topics.values()].filter(({ name, id }) => (before.topics.get(name)?.id ?? id) !== id)),
    map(({ name }) => name),
  )
}

function goneNodes({ changes$ }: Metadata): Observable<NodeId> {
  return changes$.pipe(
    pairwise(),
    filter(([before, after]) => before.nodes !== after.nodes),
    mergeMap(([before, after]) => from([...before.nodes.keys()].filter((id) => !after.nodes.has(id)))),
  )
}
