/** Answers to Metadata as plain values, for the specs of what is made of them. */
import { MetadataResponse } from '../../lib/generated/messages/MetadataResponse'
import type { MetadataResponseInput, MetadataResponseTopicInput } from '../../lib/generated/messages/MetadataResponse'
import { merge } from '../../lib/cluster/merge'
import type { Accepts } from '../../lib/cluster/merge'
import type { Cluster } from '../../lib/cluster/cluster'

export const ID = 'AAAAAAAAAAAAAAAAAAAAAQ'
export const OTHER_ID = 'AAAAAAAAAAAAAAAAAAAAAg'
export const NO_ID = 'AAAAAAAAAAAAAAAAAAAAAA'

export interface Leader {
  readonly leader: number
  readonly epoch?: number
  readonly errorCode?: number
}

export const topic = (name: string, leaders: readonly Leader[], id = ID): MetadataResponseTopicInput => ({
  errorCode: 0,
  name,
  topicId: id,
  partitions: leaders.map(({ leader, epoch = 0, errorCode = 0 }, partitionIndex) => ({
    errorCode,
    partitionIndex,
    leaderId: leader,
    leaderEpoch: epoch,
    replicaNodes: [1, 2],
    isrNodes: [1],
    offlineReplicas: [],
  })),
})

export const answer = (topics: MetadataResponseInput['topics'], nodes: readonly number[] = [1, 2]): MetadataResponse =>
  MetadataResponse.decode(
    MetadataResponse.encode(
      { brokers: nodes.map((nodeId) => ({ nodeId, host: `b${String(nodeId)}`, port: 9092 })), clusterId: 'c', topics },
      12,
    ),
    12,
  )

interface How {
  readonly version?: number
  readonly accepts?: Accepts
}

export const after = (cluster: Cluster, topics: MetadataResponseInput['topics'], { version = 12, accepts }: How = {}): Cluster =>
  merge(cluster, { response: answer(topics), version }, accepts)

export const leaders = (cluster: Cluster, name: string) => cluster.topics.get(name)?.partitions.map(({ leader }) => leader)
