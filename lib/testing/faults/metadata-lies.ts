/** What Metadata says that is not so. Not a broker's error: clients meet each of these in clusters that are starting, or being moved. */
import { ErrorCode } from '../../generated/error-codes'
import type { MetadataRequest } from '../../generated/messages/MetadataRequest'
import type { MetadataResponse, MetadataResponseBroker, MetadataResponseTopic } from '../../generated/messages/MetadataResponse'
import { ZERO_UUID } from '../../wire/uuid'
import { asksForAll } from '../apis/metadata'
import type { Arrived } from '../broker/disturbances'
import type { ClusterState } from '../state/cluster-state'
import { NO_LEADER } from '../state/partition'
import type { Partition } from '../state/partition'
import type { Topic } from '../state/topic'

/** What an answer says of operations when nobody asked for them. */
const NOT_ASKED_FOR = -(2 ** 31)

export type MetadataLie = (answer: MetadataResponse, arrived: Arrived) => MetadataResponse

/** As it is now, for ever: what changes from now on is not told. */
export function stale(cluster: ClusterState): MetadataLie {
  const { controller } = cluster
  const nodes = [...cluster.nodes.values()].filter(({ fenced }) => !fenced)
  const topics = [...cluster.topics.values()].map((topic) => topicSeen(cluster, topic))

  const topicOf = (asked: MetadataResponseTopic): MetadataResponseTopic => {
    const known = topics.find(({ name, topicId }) => (asked.name === null ? topicId === asked.topicId : name === asked.name))
    return known === undefined ? unknown(asked) : { ...known, topicAuthorizedOperations: asked.topicAuthorizedOperations }
  }

  return (answer, { session, request, version }) => ({
    ...answer,
    controllerId: controller,
    brokers: nodes.flatMap(({ id, rack, addresses }): MetadataResponseBroker[] => {
      const address = addresses[session.listener]
      return address === undefined ? [] : [{ nodeId: id, ...address, rack, unknownTaggedFields: [] }]
    }),
    topics: asksForAll(request as MetadataRequest, version) ? topics : answer.topics.map(topicOf),
  })
}

/** As a broker that has just started and has heard nothing yet. */
export const empty: MetadataLie = (answer, { request, version }) => ({
  ...answer,
  controllerId: -1,
  brokers: [],
  topics: asksForAll(request as MetadataRequest, version) ? [] : answer.topics.map(unknown),
})

/** Brokers at addresses that nobody has, now or ever (RFC 6761). */
export const unreachable: MetadataLie = (answer) => ({
  ...answer,
  brokers: answer.brokers.map((broker) => ({ ...broker, host: `broker-${String(broker.nodeId)}.invalid` })),
})

const topicSeen = (cluster: ClusterState, { name, id, isInternal, partitions }: Topic): MetadataResponseTopic => ({
  ...{ errorCode: ErrorCode.NONE, name, topicId: id, isInternal },
  partitions: partitions.map((partition) => partitionSeen(cluster, partition)),
  topicAuthorizedOperations: NOT_ASKED_FOR,
  unknownTaggedFields: [],
})

const partitionSeen = (
  cluster: ClusterState,
  { index, leader, leaderEpoch, replicas, isr }: Partition,
): MetadataResponseTopic['partitions'][number] => ({
  errorCode: leader === NO_LEADER ? ErrorCode.LEADER_NOT_AVAILABLE : ErrorCode.NONE,
  partitionIndex: index,
  leaderId: leader,
  leaderEpoch,
  replicaNodes: replicas,
  isrNodes: isr,
  offlineReplicas: replicas.filter((id) => !cluster.isActive(id)),
  unknownTaggedFields: [],
})

const unknown = (topic: MetadataResponseTopic): MetadataResponseTopic => ({
  ...topic,
  errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
  topicId: ZERO_UUID,
  partitions: [],
})
