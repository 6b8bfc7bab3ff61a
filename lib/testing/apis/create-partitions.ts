/**
 * CreatePartitions 0–3. Any broker takes it; the partitions are there, on all brokers, when it answers.
 *
 * - A topic only grows, and new partitions have as many replicas as its first.
 * - Stricter: nothing. Laxer: no quota. The error messages are our own.
 */
import { CreatePartitionsRequest } from '../../generated/messages/CreatePartitionsRequest'
import type { CreatePartitionsTopic } from '../../generated/messages/CreatePartitionsRequest'
import { CreatePartitionsResponse } from '../../generated/messages/CreatePartitionsResponse'
import { handler } from '../broker/handler'
import type { Ask } from '../broker/handler'
import type { NodeId } from '../../record'
import type { ClusterState } from '../state/cluster-state'
import { place, replicasProblem } from '../state/placement'
import { isRefusal, NOT_REFUSED, ordered, outOfTime, refusal } from '../state/refusal'
import type { Refusal } from '../state/refusal'
import type { Topic } from '../state/topic'
import { MOST_PARTITIONS } from '../state/topic-plan'
import { duplicatesOf } from './duplicates'

export const createPartitions = handler({ request: CreatePartitionsRequest, response: CreatePartitionsResponse }, (request, ask) => {
  const { topics, timeoutMs, validateOnly } = request
  const { throttleTimeMs } = ask
  const duplicates = duplicatesOf(topics.map(({ name }) => name))
  const own = topics.filter(({ name }) => !duplicates.has(name))
  const all = own.length === 0 ? undefined : (outOfTime(timeoutMs) ?? tooMany(ask.cluster, own))
  if (all !== undefined) return { throttleTimeMs, results: topics.map(({ name }) => ({ name, ...all })) }
  return {
    throttleTimeMs,
    results: [
      ...[...duplicates].map((name) => ({ name, ...refusal('INVALID_REQUEST', `${name} was asked for more than once`) })),
      ...own.map((topic) => ({ name: topic.name, ...grown(topic, ask, validateOnly ? 'look' : 'grow') })),
    ],
  }
})

function tooMany({ topics }: ClusterState, wanted: readonly CreatePartitionsTopic[]): Refusal | undefined {
  const more = wanted.reduce((sum, { name, count }) => sum + Math.max(0, count - (topics.get(name)?.partitions.length ?? count)), 0)
  return more <= MOST_PARTITIONS ? undefined : refusal('POLICY_VIOLATION', `${String(more)} partitions are more than one request may add`)
}

function grown(wanted: CreatePartitionsTopic, ask: Ask, how: 'look' | 'grow'): Refusal {
  const { cluster } = ask
  const topic = cluster.topics.get(wanted.name)
  const refused = ordered(ask.errorFor(wanted.name))
  if (refused !== undefined || topic === undefined) return refused ?? refusal('UNKNOWN_TOPIC_OR_PARTITION')
  const assignment = added(cluster, topic, wanted)
  if (isRefusal(assignment)) return assignment
  if (how === 'grow') cluster.grow(topic, assignment)
  return NOT_REFUSED
}

/** The replicas of each partition that comes. */
type Assignment = readonly (readonly NodeId[])[]

function added(cluster: ClusterState, { partitions }: Topic, { name, count, assignments }: CreatePartitionsTopic): Assignment | Refusal {
  const now = partitions.length
  const replicationFactor = partitions[0]?.replicas.length ?? 0
  if (count <= now) return refusal('INVALID_PARTITIONS', `${name} has ${String(now)} partitions, ${String(count)} would not be more`)
  if (assignments === null) return placed(cluster, { partitions: count - now, replicationFactor, first: now })
  if (assignments.length !== count - now)
    return refusal('INVALID_REPLICA_ASSIGNMENT', `${String(count - now)} partitions come, ${String(assignments.length)} were assigned`)
  const wanted = assignments.map(({ brokerIds }) => brokerIds)
  const problem = wanted.map((replicas) => replicasProblem(cluster.nodes, replicas, replicationFactor)).find((each) => each !== undefined)
  return problem === undefined ? wanted : refusal('INVALID_REPLICA_ASSIGNMENT', problem)
}

function placed(cluster: ClusterState, wanted: Parameters<typeof place>[1]): Assignment | Refusal {
  const result = place(cluster, wanted)
  return 'problem' in result ? refusal('INVALID_REPLICATION_FACTOR', result.problem) : result.assignment
}
