/** Nodes and metadata over scripted brokers in virtual time, for the specs of lib/cluster. */
import { createMetadata } from '../../lib/cluster/metadata'
import { createNodes } from '../../lib/cluster/nodes'
import type { Attempt } from '../../lib/cluster/nodes'
import { openConnection } from '../../lib/network/connection'
import type { Address } from '../../lib/network/transport'
import { memoryNetwork } from './memory-transport'
import { scriptedCluster } from './scripted-cluster'
import { virtualTime } from './virtual-time'

export const at = (id: number): Address => ({ host: `broker-${String(id)}`, port: 9092 })

interface HarnessOptions {
  readonly brokers?: number
  readonly bootstrap?: readonly Address[]
  readonly random?: () => number
  /** Milliseconds, one way. */
  readonly latency?: number
  readonly retryBackoff?: number
  readonly retryBackoffMax?: number
  readonly maxBlock?: number
  readonly maxAge?: number
  readonly maxIdle?: number
  readonly connectionsMaxIdle?: number
  readonly rebootstrapAfter?: number | undefined
  readonly fallBack?: boolean
}

export function harness({ brokers = 3, bootstrap = [at(1)], random = () => 0.5, ...times }: HarnessOptions = {}) {
  const {
    latency = 1,
    retryBackoff = 100,
    retryBackoffMax = 1000,
    maxBlock = 5000,
    maxAge = 300_000,
    maxIdle = 300_000,
    connectionsMaxIdle = 540_000,
    rebootstrapAfter = 300_000,
    fallBack = true,
  } = times
  const time = virtualTime(random)
  const { clock } = time
  const network = memoryNetwork({ clock, latency })
  const cluster = scriptedCluster(network, clock, brokers)
  const software = { name: 'kafkarx', version: '0.1.0' }
  const connectionOptions = { transport: network.transport, clock, clientId: 'spec', software, requestTimeout: 1000, connectTimeout: 500 }
  const attempts: number[] = []
  const connect = (address: Address, { failures, late }: Attempt) => {
    attempts.push(failures)
    return openConnection(address, { ...connectionOptions, late })
  }
  const nodes = createNodes({ bootstrap, clock, connectionsMaxIdle, fallBack, connect })
  const metadata = createMetadata({ nodes, clock, maxBlock, retryBackoff, retryBackoffMax, maxAge, maxIdle, rebootstrapAfter })
  /** Nodes as if Metadata had named them. */
  const know = (...ids: readonly number[]): void => nodes.update(new Map(ids.map((id) => [id, { id, rack: null, ...at(id) }])))
  const broker = (id: number) => {
    const found = cluster.brokers[id - 1]
    if (found === undefined) throw new Error(`no broker ${String(id)}`)
    return found
  }
  return { time, clock, network, cluster, nodes, metadata, know, broker, attempts }
}
