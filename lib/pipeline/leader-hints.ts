import type { LeaderHint } from '../cluster/leader-hint'
import type { ProduceResponse } from '../generated/messages/ProduceResponse'

const NONE: readonly LeaderHint[] = []

/** Who leads the partitions of an answer now, as far as the broker says it (KIP-951): only beside an error. */
export function leaderHints({ responses, nodeEndpoints }: ProduceResponse, topicNames: ReadonlyMap<string, string>): readonly LeaderHint[] {
  if (nodeEndpoints.length === 0 && responses.every(({ partitionResponses }) => partitionResponses.every(saysNothing))) return NONE
  return responses.flatMap(({ name, topicId, partitionResponses }) =>
    partitionResponses.flatMap((response) => {
      const { index: partition, currentLeader } = response
      if (saysNothing(response)) return []
      const node = nodeEndpoints.find(({ nodeId }) => nodeId === currentLeader.leaderId)
      const topic = name === '' ? (topicNames.get(topicId) ?? '') : name
      const { leaderId: leader, leaderEpoch } = currentLeader
      return { topic, partition, leader, leaderEpoch, node: node && { id: node.nodeId, host: node.host, port: node.port, rack: node.rack } }
    }),
  )
}

type PartitionResponse = ProduceResponse['responses'][number]['partitionResponses'][number]

const saysNothing = ({ currentLeader: { leaderId, leaderEpoch } }: PartitionResponse): boolean => leaderId < 0 || leaderEpoch < 0
