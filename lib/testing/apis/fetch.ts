/**
 * Fetch 4–18. The answer waits until there are `minBytes`, until something has to be said of a partition, or until `maxWaitMs` are over.
 *
 * - Consumers see the log up to the high watermark, with read_committed up to the last stable offset; then the aborted transactions come
 *   along.
 * - Sizes: `maxBytes` (fetch.max.bytes at most) and `partitionMaxBytes`, but the first batch of the answer is always whole. The last
 *   batch of a partition may be cut off where there was no more room.
 * - A position outside of the log is OFFSET_OUT_OF_RANGE; one between what consumers see and the end of the log gives nothing.
 * - Leader epochs are checked where the client knows one; with the epoch of its last record (12) it is told where the log diverges.
 * - Any replica serves consumers from version 11 on (KIP-392); nobody is sent to another replica. Topic ids from 13, current leader and
 *   its endpoint from 16 (KIP-951), fetch sessions as in KIP-227.
 *
 * - Stricter: clients that call themselves replicas are told that they are none.
 * - Laxer: no quotas and no authorization.
 */
import { filter, map, take } from 'rxjs'
import { ErrorCode } from '../../generated/error-codes'
import { FetchRequest } from '../../generated/messages/FetchRequest'
import { FetchResponse } from '../../generated/messages/FetchResponse'
import type { FetchableTopicResponseInput, FetchResponseInput, PartitionDataInput } from '../../generated/messages/FetchResponse'
import { handler } from '../broker/handler'
import type { Ask } from '../broker/handler'
import { FetchSessions } from '../state/fetch-sessions'
import type { FetchTarget } from '../state/fetch-sessions'
import { currentLeaderOf, endpointsOf } from './current-leader'
import type { CurrentLeader } from './current-leader'
import { fetchContextOf } from './fetch-context'
import type { Fetched, SessionAnswer } from './fetch-context'
import { whenEnough } from './fetch-wait'
import type { Wanted } from './fetch-wait'

/** From this version on a topic is named by its id. */
const BY_ID = 13
const WITH_CURRENT_LEADER = 16

const LEADER_ERRORS: ReadonlySet<number> = new Set([ErrorCode.NOT_LEADER_OR_FOLLOWER, ErrorCode.FENCED_LEADER_EPOCH])

export const fetch = handler({ request: FetchRequest, response: FetchResponse }, (request, ask) => {
  const context = fetchContextOf(request, ask.version, sessionsOf(ask))
  const found = context.targets.map((target) => wantedOf(target, ask))
  const wanted = found.flatMap((each) => ('partition' in each ? each : []))
  const missing = found.flatMap((each) => ('data' in each ? each : []))
  return whenEnough(wanted, request, ask).pipe(map((fetched) => responseOf(context.answer([...fetched, ...missing]), ask)))
})

/** A broker that goes down forgets its sessions. */
function sessionsOf({ cluster, node }: Ask): FetchSessions {
  const { fetchSessions, changed$, clock } = cluster
  const known = fetchSessions.get(node.id)
  if (known !== undefined) return known
  const sessions = new FetchSessions(clock)
  fetchSessions.set(node.id, sessions)
  changed$
    .pipe(
      filter(() => node.status === 'down'),
      take(1),
    )
    .subscribe(() => fetchSessions.delete(node.id))
  return sessions
}

function wantedOf(target: FetchTarget, ask: Ask): Wanted | Fetched {
  const { cluster, version } = ask
  const topic = version >= BY_ID ? cluster.topicById(target.topicId) : cluster.topics.get(target.name)
  const partition = topic?.partitions[target.index]
  const ordered = ask.errorFor(topic?.name ?? target.name, target.index)
  if (partition !== undefined) return { target, partition, ordered }
  const unknown = topic === undefined && version >= BY_ID ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
  const errorCode = ordered === ErrorCode.NONE ? unknown : ordered
  return { target, data: { partitionIndex: target.index, errorCode, highWatermark: -1n, abortedTransactions: [], records: [] } }
}

/** Topics follow one another as their partitions do, and a topic comes again where another stood in between: so does Kafka. */
function responseOf({ errorCode, sessionId, fetched }: SessionAnswer, ask: Ask): FetchResponseInput {
  const leaders: CurrentLeader[] = []
  const responses: (FetchableTopicResponseInput & { readonly partitions: PartitionDataInput[] })[] = []
  for (const { target, data } of fetched) {
    const { name: topic, topicId } = target
    const leader = leaderFor(target, data, ask)
    if (leader !== undefined) leaders.push(leader)
    const last = responses.at(-1)
    const same = last !== undefined && last.topic === topic && last.topicId === topicId ? last : undefined
    const response = same ?? { topic, topicId, partitions: [] }
    if (same === undefined) responses.push(response)
    response.partitions.push(leader === undefined ? data : { ...data, currentLeader: leader })
  }
  return { throttleTimeMs: 0, errorCode, sessionId, responses, nodeEndpoints: endpointsOf(leaders, ask) }
}

function leaderFor({ topicId, index }: FetchTarget, { errorCode }: PartitionDataInput, ask: Ask): CurrentLeader | undefined {
  if (ask.version < WITH_CURRENT_LEADER || !LEADER_ERRORS.has(errorCode)) return undefined
  return currentLeaderOf(ask.cluster.topicById(topicId)?.partitions[index])
}
