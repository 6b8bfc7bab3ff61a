/** What a topic that somebody wants would be, or why it cannot be. As in Kafka's controller: names first, then settings, then replicas. */
import type { NodeId } from '../../record'
import type { ClusterState } from './cluster-state'
import { checkTopicConfigs } from './configs/config-checks'
import { brokerNumber, inheritedConfig } from './configs/configs'
import { place, replicasProblem } from './placement'
import { isRefusal, refusal } from './refusal'
import type { Refusal } from './refusal'
import { TOPIC_CONFIGS } from './configs/topic-config-facts'
import { collision, nameProblem } from './topic-names'

/** Of one request: records that Kafka's controller writes at once. */
export const MOST_PARTITIONS = 10_000

export interface WantedTopic {
  readonly name: string
  /** −1: what the brokers are set to. */
  readonly numPartitions: number
  /** −1: what the brokers are set to. */
  readonly replicationFactor: number
  /** Empty: the cluster chooses. */
  readonly assignments: readonly WantedPartition[]
  readonly configs: readonly { readonly name: string; readonly value: string | null }[]
}

interface WantedPartition {
  readonly partitionIndex: number
  readonly brokerIds: readonly NodeId[]
}

export interface TopicPlan {
  readonly name: string
  readonly assignment: Assignment
  readonly configs: ReadonlyMap<string, string>
}

/** The replicas of each partition. */
type Assignment = readonly (readonly NodeId[])[]

/** Changes nothing. */
export function planTopic(cluster: ClusterState, wanted: WantedTopic): TopicPlan | Refusal {
  const refused = refuseName(cluster, wanted.name)
  if (refused !== undefined) return refused
  const configs = configsOf(cluster, wanted)
  if (isRefusal(configs)) return configs
  const assignment = wanted.assignments.length > 0 ? asWanted(cluster, wanted) : asPlaced(cluster, wanted)
  return isRefusal(assignment) ? assignment : { name: wanted.name, assignment, configs }
}

function refuseName({ topics }: ClusterState, name: string): Refusal | undefined {
  if (topics.has(name)) return refusal('TOPIC_ALREADY_EXISTS', `There is a topic ${name} already`)
  const problem = nameProblem(name)
  if (problem !== undefined) return refusal('INVALID_TOPIC_EXCEPTION', problem)
  const other = collision(topics, name)
  return other === undefined
    ? undefined
    : refusal('INVALID_TOPIC_EXCEPTION', `The metrics of ${name} would have the names of those of ${other}`)
}

function configsOf(cluster: ClusterState, { configs }: WantedTopic): ReadonlyMap<string, string> | Refusal {
  const unset = configs.filter(({ value }) => value === null).map(({ name }) => name)
  if (unset.length > 0) return refusal('INVALID_CONFIG', `A topic cannot be set to null: ${unset.join(', ')}`)
  return checkedConfigs(cluster, new Map(configs.map(({ name, value }) => [name, value ?? ''])))
}

/** All settings of a topic of its own, as Kafka prints them. */
export function checkedConfigs(cluster: ClusterState, configs: ReadonlyMap<string, string>): ReadonlyMap<string, string> | Refusal {
  const inherited = (name: string): string => {
    const fact = TOPIC_CONFIGS.get(name)
    return fact === undefined ? '' : inheritedConfig(cluster, fact)
  }
  const { values, problems } = checkTopicConfigs(configs, inherited)
  return problems.length === 0 ? values : refusal('INVALID_CONFIG', problems.join('; '))
}

function asWanted({ nodes }: ClusterState, { assignments, numPartitions, replicationFactor }: WantedTopic): Assignment | Refusal {
  if (replicationFactor !== -1) return refusal('INVALID_REQUEST', 'Replicas were assigned: then the replication factor must be -1')
  if (numPartitions !== -1) return refusal('INVALID_REQUEST', 'Replicas were assigned: then the number of partitions must be -1')
  const byIndex = [...assignments].sort((a, b) => a.partitionIndex - b.partitionIndex)
  const factor = assignments[0]?.brokerIds.length ?? 0
  const problem =
    assignments.map(({ brokerIds }) => replicasProblem(nodes, brokerIds, factor)).find((each) => each !== undefined) ??
    (byIndex.every(({ partitionIndex }, i) => partitionIndex === i) ? undefined : 'Partitions are counted from 0 on, each once')
  return problem === undefined ? byIndex.map(({ brokerIds }) => brokerIds) : refusal('INVALID_REPLICA_ASSIGNMENT', problem)
}

function asPlaced(cluster: ClusterState, { numPartitions, replicationFactor }: WantedTopic): Assignment | Refusal {
  if (replicationFactor < -1 || replicationFactor === 0)
    return refusal('INVALID_REPLICATION_FACTOR', 'A partition needs a replica at least; -1 for what the brokers are set to')
  if (numPartitions < -1 || numPartitions === 0) return refusal('INVALID_PARTITIONS', 'A topic needs a partition at least')
  const placed = place(cluster, {
    partitions: numPartitions === -1 ? brokerNumber(cluster, 'num.partitions') : numPartitions,
    replicationFactor: replicationFactor === -1 ? brokerNumber(cluster, 'default.replication.factor') : replicationFactor,
  })
  return 'problem' in placed ? refusal('INVALID_REPLICATION_FACTOR', placed.problem) : placed.assignment
}
