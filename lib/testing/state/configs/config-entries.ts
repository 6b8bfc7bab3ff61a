/** Settings as DescribeConfigs tells them: where a value comes from, and what would hold without it. */
import type { NodeId } from '../../../record'
import { BROKER_CONFIGS } from './broker-config-facts'
import type { ClusterState } from '../cluster-state'
import { CONFIG_TYPES, printed } from './config-facts'
import { brokerLayers, inheritedConfig } from './configs'
import type { ConfigSource, Layer } from './configs'
import { ALL_BROKERS } from './dynamic-configs'
import { TOPIC_CONFIGS } from './topic-config-facts'
import type { TopicConfigFact } from './topic-config-facts'

/** Kafka's numbers. */
export const CONFIG_SOURCES: Readonly<Record<ConfigSource, number>> = {
  topic: 1,
  'dynamic broker': 2,
  'dynamic default broker': 3,
  'static broker': 4,
  default: 5,
}

interface Synonym {
  readonly name: string
  readonly value: string | null
  readonly source: number
}

export interface ConfigEntry {
  readonly name: string
  readonly value: string | null
  readonly readOnly: boolean
  readonly configSource: number
  readonly isSensitive: boolean
  readonly configType: number
  /** The value's own source first. */
  readonly synonyms: readonly Synonym[]
}

/** A topic's settings, as the broker that is asked sees them. */
export const topicEntries = (cluster: ClusterState, configs: ReadonlyMap<string, string>, node: NodeId): readonly ConfigEntry[] =>
  [...TOPIC_CONFIGS.values()].map((fact) => {
    const own = configs.get(fact.name)
    const ofTopic = own === undefined ? [] : [synonymOf(fact.name, { source: 'topic', value: own })]
    const synonyms = [...ofTopic, ...behindTopic(cluster, fact, node)]
    return entryOf(fact, { value: own ?? inheritedConfig(cluster, fact, node), synonyms, readOnly: false })
  })

export interface EffectiveConfig {
  readonly name: string
  readonly value: string
  readonly configSource: number
}

/** What holds for a topic, by name; here a value that was given in another unit is told to come from there. */
export const effectiveConfigs = (cluster: ClusterState, configs: ReadonlyMap<string, string>): readonly EffectiveConfig[] =>
  [...TOPIC_CONFIGS.values()]
    .map((fact) => {
      const own = configs.get(fact.name)
      const source = own === undefined ? sourceBehind(cluster, fact) : 'topic'
      return { name: fact.name, value: own ?? inheritedConfig(cluster, fact), configSource: CONFIG_SOURCES[source] }
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))

const sourceBehind = (cluster: ClusterState, { fallbacks }: TopicConfigFact): ConfigSource =>
  fallbacks.flatMap(({ name }) => brokerLayers(cluster, name)[0] ?? [])[0]?.source ?? 'default'

/** What a broker is set to. */
export function brokerEntries(cluster: ClusterState, node: NodeId): readonly ConfigEntry[] {
  const own = new Map(ownConfigs(cluster, node))
  const known = [...BROKER_CONFIGS.values()].map((fact) => {
    const its = own.get(fact.name)
    const started = its === undefined ? [] : [synonymOf(fact.name, { source: 'static broker', value: its })]
    const synonyms = [...started, ...synonymsOf(cluster, sameSetting(fact.name), node)]
    const first = synonyms.findIndex(({ name }) => name === fact.name)
    const from = first === -1 ? [] : synonyms.slice(first)
    const value = from[0]?.value ?? null
    return entryOf(fact, { value: value === null ? null : printed(fact, value), synonyms: from, readOnly: !fact.dynamic })
  })
  return [...known, ...secretEntries(cluster, node)]
}

/** What was set for all brokers while they ran, as it was given. */
export const defaultBrokerEntries = (cluster: ClusterState): readonly ConfigEntry[] =>
  [...(cluster.brokerConfigs.get(ALL_BROKERS) ?? [])].map(([name, value]) => {
    const fact = BROKER_CONFIGS.get(name)
    if (fact === undefined) return secretEntry(name, [ALL_BROKERS])
    const synonym = synonymOf(name, { source: 'dynamic default broker', value })
    return entryOf(fact, { value, synonyms: [synonym], readOnly: !fact.dynamic })
  })

/** What a broker was set to that the cluster does not know. */
function secretEntries({ brokerConfigs }: ClusterState, node: NodeId): readonly ConfigEntry[] {
  const where = [String(node), ALL_BROKERS]
  const names = new Set(where.flatMap((each) => [...(brokerConfigs.get(each)?.keys() ?? [])]).filter((name) => !BROKER_CONFIGS.has(name)))
  return [...names].map((name) =>
    secretEntry(
      name,
      where.filter((each) => brokerConfigs.get(each)?.has(name)),
    ),
  )
}

/** Its value is not told: it may be a password. */
function secretEntry(name: string, where: readonly string[]): ConfigEntry {
  const synonyms = where.map((each) => {
    const source = each === ALL_BROKERS ? 'dynamic default broker' : 'dynamic broker'
    return { name, value: null, source: CONFIG_SOURCES[source] }
  })
  const configSource = synonyms[0]?.source ?? CONFIG_SOURCES.default
  return { name, value: null, readOnly: true, configSource, isSensitive: true, configType: 0, synonyms }
}

interface Described {
  readonly value: string | null
  readonly synonyms: readonly Synonym[]
  readonly readOnly: boolean
}

const entryOf = ({ name, type }: Pick<TopicConfigFact, 'name' | 'type'>, { value, synonyms, readOnly }: Described): ConfigEntry => ({
  name,
  value,
  readOnly,
  configSource: synonyms[0]?.source ?? CONFIG_SOURCES.default,
  isSensitive: false,
  configType: CONFIG_TYPES[type],
  synonyms,
})

/** Kafka leaves out what comes before the first name: a value in hours is not told unless there is one in milliseconds. */
function behindTopic(cluster: ClusterState, { fallbacks }: TopicConfigFact, node: NodeId): readonly Synonym[] {
  const names = fallbacks.map(({ name }) => name)
  const synonyms = synonymsOf(cluster, names, node)
  const first = synonyms.findIndex(({ name }) => name === names[0])
  return first === -1 ? [] : synonyms.slice(first)
}

/** Of all names, what was set last first. */
const synonymsOf = (cluster: ClusterState, names: readonly string[], node: NodeId): readonly Synonym[] =>
  names.flatMap((name) => brokerLayers(cluster, name, node).map((layer) => synonymOf(name, layer))).sort((a, b) => a.source - b.source)

const synonymOf = (name: string, { source, value }: Layer): Synonym => ({ name, value, source: CONFIG_SOURCES[source] })

/** A broker's settings that stand for the same in different units. */
function sameSetting(name: string): readonly string[] {
  const topics = [...TOPIC_CONFIGS.values()].find(({ fallbacks }) => fallbacks.some((fallback) => fallback.name === name))
  return topics?.fallbacks.map((fallback) => fallback.name) ?? [name]
}

/** What every broker is started with by itself. */
function ownConfigs({ nodes, settings }: ClusterState, id: NodeId): readonly (readonly [string, string])[] {
  const node = nodes.get(id)
  if (node === undefined) return []
  const protocol = settings.users === undefined ? 'PLAINTEXT' : 'SASL_PLAINTEXT'
  const listeners = Object.values(node.addresses).map(({ host, port }) => `${protocol}://${host}:${String(port)}`)
  return [
    ['node.id', String(id)],
    ['broker.id', String(id)],
    ['process.roles', 'broker,controller'],
    ['listeners', listeners.join(',')],
    ['advertised.listeners', listeners.join(',')],
    ...(node.rack === null ? [] : [['broker.rack', node.rack] as const]),
  ]
}
