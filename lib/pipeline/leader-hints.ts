import type { LeaderHint } from '../cluster/leader-hint'
import type { ProduceResponse } from '../generated/messages/ProduceResponse'
import { ZERO_UUID } from '../wire/uuid'

const NONE: readonly LeaderHint[] = []

/**
 * Who leads the partitions of an answer now, as far as the broker says it (KIP-951): only beside an error. `topicNames` are the names of
 * the topics of the request, by the ids that they had when it was sent.
 */
export function leaderHints({ responses, nodeEndpoints }: ProduceResponse, topicNames: ReadonlyMap<string, string>): readonly LeaderHint[] {
  if (nodeEndpoints.length === 0 && responses.every(({ partitionResponses }) => partitionResponses.every(saysNothing))) return NONE
  return responses.flatMap(({ partitionResponses, ...answered }) =>
    partitionResponses.flatMap((response) => {
      const { index: partition, currentLeader } = response
      if (saysNothing(response)) return []
      const node = nodeEndpoints.find(({ nodeId }) => nodeId === currentLeader.leaderId)
      const { leaderId: leader, leaderEpoch } = currentLeader
      return {
        ...{ ...topicOf(answered, topicNames), partition, leader, leaderEpoch },
        node: node && { id: node.nodeId, host: node.host, port: node.port, rack: node.rack },
      }
    }),
  )
}

type Answered = Pick<ProduceResponse['responses'][number], 'name' | 'topicId'>

/** An answer has a name up to version 12, and an id from then on. */
function topicOf({ name, topicId }: Answered, topicNames: ReadonlyMap<string, string>): Pick<LeaderHint, 'topic' | 'topicId'> {
  if (name === '') return { topic: topicNames.get(topicId) ?? '', topicId }
  const sent = [...topicNames].find(([, topic]) => topic === name)
  return { topic: name, topicId: sent?.[0] ?? ZERO_UUID }
}

type PartitionResponse = ProduceResponse['responses'][number]['partitionResponses'][number]

const saysNothing = ({ currentLeader: { leaderId, leaderEpoch } }: PartitionResponse): boolean => leaderId < 0 || leaderEpoch < 0
