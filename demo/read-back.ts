import type { PartitionDigest } from '../kafka/digest'
import { startHarness } from '../kafka/harness'
import type { WireCluster } from './wire-cluster'

/** Whoever reads the topic when all is sent. */
export interface ReadBack {
  /** The report says it. */
  readonly reader: string
  digest(topic: string): Promise<readonly PartitionDigest[]>
  stop(): Promise<void>
}

const kafkasConsumer = async (brokers: readonly string[]): Promise<ReadBack> => {
  const harness = await startHarness(brokers.join(','))
  return {
    reader: "Kafka's own consumer (kafka-clients 4.4.0)",
    digest: (topic) => harness.digest(topic),
    stop: () => harness.stop(),
  }
}

const ownFetch = (cluster: WireCluster): ReadBack => ({
  reader: "this library's own Fetch codec (no Java here, hence not Kafka's consumer)",
  digest: (topic) => cluster.digest(topic),
  stop: () => Promise.resolve(),
})

export const readBack = async (brokers: readonly string[], cluster: WireCluster, java: boolean): Promise<ReadBack> =>
  java ? kafkasConsumer(brokers) : ownFetch(cluster)
