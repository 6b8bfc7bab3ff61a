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
  reader: "this library's own Fetch codec",
  digest: (topic) => cluster.digest(topic),
  stop: () => Promise.resolve(),
})

/** Kafka's own consumer is the better judge, and needs Java. */
export type Reader = "Kafka's consumer" | 'own Fetch'

export const readBack = async (brokers: readonly string[], cluster: WireCluster, reader: Reader): Promise<ReadBack> =>
  reader === 'own Fetch' ? ownFetch(cluster) : kafkasConsumer(brokers)
