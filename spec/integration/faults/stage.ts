/** What a scenario plays on: a cluster of three, a proxy before each broker, Kafka's own clients. One for many scenarios. */
import { BROKERS, startCluster } from '../../../kafka/cluster'
import type { Cluster, ClusterBroker } from '../../../kafka/cluster'
import { startHarness } from '../../../kafka/harness'
import type { Harness } from '../../../kafka/harness'
import { startProxy } from '../../../kafka/proxy'
import type { Proxy } from '../../../kafka/proxy'

export interface Stage {
  readonly cluster: Cluster
  /** In the order of the brokers. */
  readonly proxies: readonly Proxy[]
  readonly java: Harness
  /** Whatever a scenario left behind: all brokers run, nothing is meddled with, every replica is in sync. */
  mend(): Promise<void>
  stop(): Promise<void>
}

const revive = async (broker: ClusterBroker): Promise<void> => {
  await broker.resume()
  if (!broker.running) await broker.start()
}

export async function startStage(): Promise<Stage> {
  const behind = new Map<number, Proxy>()
  const portInFrontOf = async (port: number): Promise<number> => {
    const proxy = await startProxy(port)
    behind.set(proxy.port, proxy)
    return proxy.port
  }
  const stopProxies = () => Promise.all([...behind.values()].map((proxy) => proxy.stop()))
  const cluster = await startCluster({ portInFrontOf }).catch(async (error: unknown) => {
    await stopProxies()
    throw error
  })
  const java = await startHarness(cluster.direct.join())
  const proxies = cluster.fronted.flatMap((address) => behind.get(Number(address.split(':')[1])) ?? [])
  return {
    cluster,
    proxies,
    java,
    mend: async () => {
      for (const proxy of proxies) proxy.meddle(undefined)
      await Promise.all(cluster.brokers.map(revive))
      await java.awaitWhole(BROKERS)
    },
    stop: async () => {
      await java.stop()
      await cluster.stop()
      await stopProxies()
    },
  }
}
