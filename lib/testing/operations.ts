/** What an administrator or the controller does to a cluster while it runs. */
import { ConfigError } from '../errors'
import type { NodeId } from '../record'
import { checkTopic } from './settings'
import type { TestTopic } from './settings'
import type { ClusterState } from './state/cluster-state'
import type { Lifecycle } from './state/lifecycle'
import { NO_LEADER } from './state/partition'
import type { Partition } from './state/partition'
import { place, replicasProblem } from './state/placement'
import type { Placement } from './state/placement'
import type { Topic } from './state/topic'

/** All of them throw a RangeError for a topic, partition or broker that is not there, or is there already. */
export interface Operations {
  /** Throws a ConfigError for a name, numbers or settings that Kafka would not take. */
  createTopic(name: string, topic: number | TestTopic): void
  /** Its records are gone. */
  deleteTopic(name: string): void
  /** Deletes it and makes it anew: the same name, partitions and settings, another id, no records. */
  recreateTopic(name: string): void
  /** So many more than there are. */
  addPartitions(topic: string, count: number): void

  /** Who leads the partition, or nobody. */
  leaderOf(topic: string, partition: number): NodeId | undefined
  /** One of its replicas leads from now on, if it was not given up. One that was not in sync becomes the only one that is: what it does not have is lost. */
  elect(topic: string, partition: number, leader: NodeId): void
  /** Only these replicas are in sync, as if the others could not keep up. Until `restoreIsr`. */
  shrinkIsr(topic: string, partition: number, isr: readonly NodeId[]): void
  /** The replicas that run are in sync again. */
  restoreIsr(topic: string, partition: number): void
  /** Another broker is the controller. */
  moveController(to: NodeId): void
}

export function operationsOn(cluster: ClusterState, lifecycle: Lifecycle): Operations {
  const { topicOf, partitionOf, replicaOf, activeOf } = thoseOf(cluster)
  const create = (name: string, given: number | TestTopic): void => {
    if (cluster.topics.has(name)) throw new RangeError(`There is a topic '${name}' already`)
    const { topic, problems } = checkTopic(name, given, cluster.nodes.size)
    if (problems.length > 0) throw new ConfigError(problems.map((problem) => `${name}: ${problem}`))
    const assignment = checkedAssignment(cluster, topic.assignment) ?? assignmentOf(cluster, topic)
    cluster.createTopic({ name, assignment, configs: topic.configs })
  }

  return {
    createTopic: create,
    deleteTopic: (name) => cluster.deleteTopic(topicOf(name).name),
    recreateTopic: (name) => {
      const { partitions, configs, isInternal } = topicOf(name)
      const assignment = partitions.map(({ replicas }) => replicas)
      cluster.deleteTopic(name)
      // As it was: also when none of its brokers runs, and nobody can lead it for now.
      cluster.createTopic({ name, isInternal, assignment, configs: Object.fromEntries(configs) })
    },
    addPartitions: (name, count) => {
      const topic = topicOf(name)
      if (!Number.isInteger(count) || count < 1) throw new RangeError(`${String(count)} is no number of partitions to add`)
      const replicationFactor = topic.partitions[0]?.replicas.length ?? 1
      cluster.grow(topic, assignmentOf(cluster, { partitions: count, replicationFactor, first: topic.partitions.length }))
    },
    leaderOf: (topic, index) => {
      const { leader } = partitionOf(topic, index)
      return leader === NO_LEADER ? undefined : leader
    },
    elect: (topic, index, leader) => {
      const partition = partitionOf(topic, index)
      cluster.elect(partition, activeOf(replicaOf(partition, leader)))
      lifecycle.settle()
    },
    shrinkIsr: (topic, index, isr) => {
      const partition = partitionOf(topic, index)
      if (partition.leader === NO_LEADER) throw new RangeError(`Nobody leads ${topic}-${String(index)}: nobody can be in sync with it`)
      if (!isr.includes(partition.leader))
        throw new RangeError(`Broker ${String(partition.leader)} leads ${topic}-${String(index)}: it is in sync`)
      lifecycle.holdIsr(
        partition,
        isr.map((id) => activeOf(replicaOf(partition, id))),
      )
    },
    restoreIsr: (topic, index) => lifecycle.restoreIsr(partitionOf(topic, index)),
    moveController: (to) => {
      cluster.controller = activeOf(found(cluster.nodes.get(to), `broker ${String(to)}`).id)
      cluster.changed$.next()
    },
  }
}

/** What is named, or a RangeError that says what is not there. */
function thoseOf(cluster: ClusterState) {
  const topicOf = (name: string): Topic => found(cluster.topics.get(name), `topic '${name}'`)
  const partitionOf = (topic: string, index: number): Partition =>
    found(topicOf(topic).partitions[index], `partition ${topic}-${String(index)}`)
  const replicaOf = (partition: Partition, id: NodeId): NodeId =>
    found(
      partition.replicas.includes(id) ? id : undefined,
      `replica of ${partition.topic}-${String(partition.index)} on broker ${String(id)}`,
    )
  const activeOf = (id: NodeId): NodeId => {
    if (!cluster.isActive(id))
      throw new RangeError(`Broker ${String(id)} was given up: it leads nothing and is in sync with nobody until it is back`)
    return id
  }
  return { topicOf, partitionOf, replicaOf, activeOf }
}

function assignmentOf(cluster: ClusterState, placement: Placement): readonly (readonly NodeId[])[] {
  const placed = place(cluster, placement)
  if ('problem' in placed) throw new RangeError(placed.problem)
  return placed.assignment
}

/** Throws when somebody chose replicas that cannot be. */
function checkedAssignment({ nodes }: ClusterState, assignment: TestTopic['assignment']): TestTopic['assignment'] {
  const [first] = assignment ?? []
  const problem = assignment?.map((replicas) => replicasProblem(nodes, replicas, first?.length ?? 0)).find((each) => each !== undefined)
  if (problem !== undefined) throw new RangeError(problem)
  return assignment
}

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new RangeError(`There is no ${what}`)
  return value
}
