/**
 * What topics and brokers are set to. A topic's own value, else what was set while the cluster ran (for one broker, then for all), else
 * what the brokers were started with, else Kafka 4.4's default.
 *
 * An effect have, of a topic: min.insync.replicas, max.message.bytes, segment.bytes (no batch is larger), message.timestamp.*,
 * compression.*, cleanup.policy (a compacted topic wants keys), unclean.leader.election.enable; of brokers what stands behind those,
 * auto.create.topics.enable, num.partitions, default.replication.factor, delete.topic.enable, max.request.partition.size.limit,
 * fetch.max.bytes, request.timeout.ms, sasl.enabled.mechanisms, connections.max.reauth.ms, connection.failed.authentication.delay.ms,
 * producer.id.expiration.ms, and what groups and transactions ask for. All others are kept and told and do nothing: there is no disk,
 * no cleaner and no tiered storage here, and `retentionBytes` of the cluster bounds a log.
 *
 * Laxer than Kafka: what one broker was set to while it ran is told by DescribeConfigs, but topics go by what holds for all brokers.
 */
import { ConfigError } from '../../../errors'
import type { NodeId } from '../../../record'
import { BROKER_CONFIGS } from './broker-config-facts'
import type { ClusterState } from '../cluster-state'
import { printed } from './config-facts'
import { ALL_BROKERS } from './dynamic-configs'
import { TOPIC_CONFIGS } from './topic-config-facts'
import type { Fallback, TopicConfigFact } from './topic-config-facts'
import type { Topic } from '../topic'

/** As text, the way Kafka prints it. Throws ConfigError for a name that no topic knows. */
export const topicConfig = (cluster: ClusterState, topic: Topic, name: string): string =>
  topic.configs.get(name) ?? inheritedConfig(cluster, topicFact(name))

export const topicNumber = (cluster: ClusterState, topic: Topic, name: string): number => Number(topicConfig(cluster, topic, name))

/** What a topic without a value of its own goes by. */
export function inheritedConfig(cluster: ClusterState, fact: TopicConfigFact, node?: NodeId): string {
  for (const fallback of fact.fallbacks) {
    const value = brokerValue(cluster, fallback.name, node)
    if (value !== null) return inTopicsUnit(value, fallback)
  }
  return fact.default ?? ''
}

/** As text; empty when nothing is set. Throws ConfigError for a name that no broker knows. */
export function brokerConfig(cluster: ClusterState, name: string): string {
  if (!BROKER_CONFIGS.has(name)) throw new ConfigError([`${name}: brokers have no such setting`])
  return brokerValue(cluster, name) ?? ''
}

export const brokerNumber = (cluster: ClusterState, name: string): number => Number(brokerConfig(cluster, name))

/** What is set, as it was given, of what was set first to Kafka's default. */
export function brokerLayers({ brokerConfigs, settings }: ClusterState, name: string, node?: NodeId): readonly Layer[] {
  const of = (source: ConfigSource, value: string | null | undefined): Layer[] =>
    value === null || value === undefined ? [] : [{ source, value }]
  return [
    ...of('dynamic broker', node === undefined ? undefined : brokerConfigs.get(String(node))?.get(name)),
    ...of('dynamic default broker', brokerConfigs.get(ALL_BROKERS)?.get(name)),
    ...of('static broker', settings.configs[name]),
    ...of('default', BROKER_CONFIGS.get(name)?.default),
  ]
}

export interface Layer {
  readonly source: ConfigSource
  readonly value: string
}

export type ConfigSource = 'topic' | 'dynamic broker' | 'dynamic default broker' | 'static broker' | 'default'

/** A broker's value as a topic would say it. A negative time means none, in every unit. */
function inTopicsUnit(value: string, { factor }: Fallback): string {
  if (factor === 1) return value
  return value.startsWith('-') ? '-1' : String(Number(value) * factor)
}

/** As Kafka prints it. What was set while the brokers ran is kept as it was given. */
function brokerValue(cluster: ClusterState, name: string, node?: NodeId): string | null {
  const fact = BROKER_CONFIGS.get(name)
  const [first] = brokerLayers(cluster, name, node)
  if (fact === undefined || first === undefined) return null
  return first.source.startsWith('dynamic') ? printed(fact, first.value) : first.value
}

function topicFact(name: string): TopicConfigFact {
  const fact = TOPIC_CONFIGS.get(name)
  if (fact === undefined) throw new ConfigError([`${name}: topics have no such setting`])
  return fact
}
