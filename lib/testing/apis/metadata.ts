/**
 * Metadata 0–13: brokers, a broker for what a controller does, and topics with their partitions: all (null; at 0 an empty list), by name,
 * or (12+) by id. Whoever names topics by id gets none by name.
 *
 * - A topic that is not there is made when brokers (auto.create.topics.enable) and request allow it. The answer to the request that
 *   asked for it says UNKNOWN_TOPIC_OR_PARTITION, as in 4.4; it is there for the next one. What keeps it from being made nobody is told.
 * - First come ids that nobody knows, then topics, then names that nobody knows, each in the order of the request and once.
 * - Brokers that were given up are left out. A partition without leader is LEADER_NOT_AVAILABLE; with a leader that has no address for
 *   this client LISTENER_NOT_FOUND (LEADER_NOT_AVAILABLE before version 6). Version 0 leaves replicas out that cannot be reached and
 *   says REPLICA_NOT_AVAILABLE.
 * - REBOOTSTRAP_REQUIRED that was ordered is told at the top (13) and nothing else is; any other error is told for each topic.
 * - Stricter: nothing. Laxer: nobody is kept from a topic. The controller is the cluster's own, where Kafka names a broker by chance.
 */
import { ErrorCode } from '../../generated/error-codes'
import { MetadataRequest } from '../../generated/messages/MetadataRequest'
import type { MetadataRequestTopic } from '../../generated/messages/MetadataRequest'
import { MetadataResponse } from '../../generated/messages/MetadataResponse'
import type {
  MetadataResponseBrokerInput,
  MetadataResponseInput,
  MetadataResponsePartitionInput,
  MetadataResponseTopicInput,
} from '../../generated/messages/MetadataResponse'
import { ZERO_UUID } from '../../wire/uuid'
import { handler } from '../broker/handler'
import type { Ask } from '../broker/handler'
import { brokerConfig } from '../state/configs/configs'
import { NO_LEADER } from '../state/partition'
import type { Partition } from '../state/partition'
import { makeTopicOnDemand } from '../state/topic-making'
import { isInternal, nameProblem } from '../state/topic-names'
import type { Topic } from '../state/topic'
import { CLUSTER_OPERATIONS, TOPIC_OPERATIONS } from './authorized-operations'
import { controllerOf, isNamed, leaderOf, offlineReplicasOf } from './brokers'

/** From this version on a topic may be asked for by its id. */
const BY_ID = 12
const SINCE_LISTENER_NOT_FOUND = 6
const SINCE_REBOOTSTRAP = 13

export const metadata = handler({ request: MetadataRequest, response: MetadataResponse }, (request, ask) => {
  const errorCode = rebootstrap(ask) || malformed(request, ask)
  if (errorCode !== ErrorCode.NONE) return failed(request, errorCode)
  const topics = wantedBy(request, ask).map((wanted) => answer(wanted, request, ask))
  return {
    brokers: brokersOf(ask),
    clusterId: ask.cluster.clusterId,
    controllerId: controllerOf(ask),
    topics: topics.map((topic) => (request.includeTopicAuthorizedOperations && topic.name !== null ? { ...topic, ...OPERATIONS } : topic)),
    ...(request.includeClusterAuthorizedOperations ? { clusterAuthorizedOperations: CLUSTER_OPERATIONS } : {}),
  }
})

const OPERATIONS = { topicAuthorizedOperations: TOPIC_OPERATIONS }

/** The one error that is about the whole (KIP-1102). Any other that was ordered for the request is told for each of its topics. */
function rebootstrap(ask: Ask): number {
  const ordered = ask.version >= SINCE_REBOOTSTRAP ? ask.errorFor() : ErrorCode.NONE
  return ordered === ErrorCode.REBOOTSTRAP_REQUIRED ? ordered : ErrorCode.NONE
}

/** Before 12 nothing has an id; from 12 on Kafka stumbles over what has neither name nor id. */
function malformed({ topics }: MetadataRequest, { version }: Ask): number {
  const asked = topics ?? []
  const byId = asked.some(({ topicId }) => topicId !== ZERO_UUID)
  const nameless = asked.some(({ name }) => name === null)
  if (version < BY_ID) return byId || nameless ? ErrorCode.INVALID_REQUEST : ErrorCode.NONE
  return nameless && !byId ? ErrorCode.UNKNOWN_SERVER_ERROR : ErrorCode.NONE
}

const failed = ({ topics }: MetadataRequest, errorCode: number): MetadataResponseInput => ({
  brokers: [],
  topics: (topics ?? []).map(({ name, topicId }) => ({ errorCode, name: name ?? '', topicId, partitions: [] })),
  errorCode,
})

type Wanted =
  | { readonly type: 'topic'; readonly topic: Topic }
  | { readonly type: 'unknown name'; readonly name: string }
  | { readonly type: 'unknown id'; readonly topicId: string }

const ORDER: readonly Wanted['type'][] = ['unknown id', 'topic', 'unknown name']

/** All topics, and not those that it names. */
export const asksForAll = ({ topics }: Pick<MetadataRequest, 'topics'>, version: number): boolean =>
  topics === null || (version === 0 && topics.length === 0)

function wantedBy(request: MetadataRequest, { cluster, version }: Ask): readonly Wanted[] {
  const topics = request.topics ?? []
  if (asksForAll(request, version)) return [...cluster.topics.values()].map((topic) => ({ type: 'topic', topic }))
  const ids = idsOf(topics)
  const wanted =
    ids.length > 0 ? ids.map((id) => byId(id, cluster.topicById(id))) : namesOf(topics).map((name) => byName(name, cluster.topics))
  return ORDER.flatMap((type) => wanted.filter((each) => each.type === type))
}

const idsOf = (topics: readonly MetadataRequestTopic[]): readonly string[] => [
  ...new Set(topics.map(({ topicId }) => topicId).filter((id) => id !== ZERO_UUID)),
]

const namesOf = (topics: readonly MetadataRequestTopic[]): readonly string[] => [...new Set(topics.flatMap(({ name }) => name ?? []))]

const byId = (topicId: string, topic: Topic | undefined): Wanted => (topic ? { type: 'topic', topic } : { type: 'unknown id', topicId })

function byName(name: string, topics: ReadonlyMap<string, Topic>): Wanted {
  const topic = topics.get(name)
  return topic === undefined ? { type: 'unknown name', name } : { type: 'topic', topic }
}

function answer(wanted: Wanted, request: MetadataRequest, ask: Ask): MetadataResponseTopicInput {
  switch (wanted.type) {
    case 'unknown id':
      return { errorCode: ErrorCode.UNKNOWN_TOPIC_ID, name: null, topicId: wanted.topicId, partitions: [] }
    case 'unknown name':
      return { errorCode: missing(wanted.name, request, ask), name: wanted.name, isInternal: isInternal(wanted.name), partitions: [] }
    case 'topic':
      return topicOf(wanted.topic, ask)
  }
}

function missing(name: string, { allowAutoTopicCreation }: MetadataRequest, ask: Ask): number {
  const ordered = ask.errorFor(name)
  if (ordered !== ErrorCode.NONE) return ordered
  if (nameProblem(name) !== undefined) return ErrorCode.INVALID_TOPIC_EXCEPTION
  if (allowAutoTopicCreation && brokerConfig(ask.cluster, 'auto.create.topics.enable') === 'true') makeTopicOnDemand(ask.cluster, name)
  return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
}

function topicOf({ name, id, isInternal: internal, partitions }: Topic, ask: Ask): MetadataResponseTopicInput {
  const errorCode = ask.errorFor(name)
  const told = errorCode === ErrorCode.NONE ? partitions.map((partition) => partitionOf(partition, ask)) : []
  return { errorCode, name, topicId: id, isInternal: internal, partitions: told }
}

function partitionOf(partition: Partition, ask: Ask): MetadataResponsePartitionInput {
  const { replicas, isr, index, leaderEpoch, topic } = partition
  const reachable = (ids: Partition['replicas']): Partition['replicas'] => (ask.version === 0 ? ids.filter((id) => isNamed(ask, id)) : ids)
  const [replicaNodes, isrNodes] = [reachable(replicas), reachable(isr)]
  const isShort = replicaNodes.length < replicas.length || isrNodes.length < isr.length
  const leader = leaderOf(ask, partition)
  const found = leader.type === 'leader' ? (isShort ? ErrorCode.REPLICA_NOT_AVAILABLE : ErrorCode.NONE) : leaderError(leader.type, ask)
  const errorCode = ask.errorFor(topic, index) || found
  return {
    errorCode,
    partitionIndex: index,
    leaderId: leader.type === 'leader' && !LEADERLESS.has(errorCode) ? leader.id : NO_LEADER,
    leaderEpoch,
    replicaNodes,
    isrNodes,
    offlineReplicas: offlineReplicasOf(ask, partition),
  }
}

const LEADERLESS: ReadonlySet<number> = new Set([ErrorCode.LEADER_NOT_AVAILABLE, ErrorCode.LISTENER_NOT_FOUND])

const leaderError = (why: 'none' | 'unreachable', { version }: Ask): number =>
  why === 'unreachable' && version >= SINCE_LISTENER_NOT_FOUND ? ErrorCode.LISTENER_NOT_FOUND : ErrorCode.LEADER_NOT_AVAILABLE

const brokersOf = (ask: Ask): readonly MetadataResponseBrokerInput[] =>
  [...ask.cluster.nodes.values()].flatMap(({ id, rack, addresses }) => {
    const address = addresses[ask.session.listener]
    return address === undefined || !isNamed(ask, id) ? [] : [{ nodeId: id, host: address.host, port: address.port, rack }]
  })
