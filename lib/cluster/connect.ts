/** The cluster as a producer needs it: who leads what, and the connections to them. Nothing opens until somebody asks. */
import { filter, from, map, mergeMap, pairwise } from 'rxjs'
import type { Observable } from 'rxjs'
import type { Settings } from '../config'
import { openConnection } from '../network/connection'
import type { ClientSoftware } from '../network/handshake'
import type { NodeId } from '../record'
import type { Clock } from '../time'
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
  const { transport, clientId, requestTimeout, connectionSetupTimeout: connectTimeout } = settings
  const { maxBlock, retryBackoff, retryBackoffMax } = settings
  const sasl = settings.sasl?.(clock)
  const nodes = createNodes({
    bootstrap: settings.bootstrap,
    clock,
    reconnectBackoff: { initial: settings.reconnectBackoff, max: settings.reconnectBackoffMax },
    connect: (address) => openConnection(address, { transport, clock, clientId, requestTimeout, connectTimeout, sasl, software: SOFTWARE }),
  })
  const metadata = createMetadata({ nodes, clock, maxBlock, retryBackoff, retryBackoffMax })
  return { nodes, metadata, gone$: goneNodes(metadata), anew$: topicsMadeAnew(metadata) }
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
