/**
 * ListOffsets 1–11. Where a log begins (−2, and −4: what of it is on the broker's own disk), where it ends for the one who asks (−1), its
 * latest record (−3), and the first record that is not older than a time. Nothing lies in other storage (−5, −6): offset −1.
 *
 * - Consumers: the high watermark, with read_committed the last stable offset. Replicas and tools: the end of the log.
 * - A special time that the version does not know is UNSUPPORTED_VERSION; a partition that is named twice is INVALID_REQUEST.
 * - Only the leader answers, tools (replica −2) excepted; leader epochs are checked. After an election, while the high watermark has not
 *   come to where the leader began, OFFSET_NOT_AVAILABLE (before version 5: LEADER_NOT_AVAILABLE).
 *
 * - Stricter: the latest record is one that can still be read; Kafka also finds one that DeleteRecords has put out of reach.
 * - Laxer: a batch whose codec is not installed is found by its latest time only. No authorization.
 */
import { ErrorCode } from '../../generated/error-codes'
import { ListOffsetsRequest } from '../../generated/messages/ListOffsetsRequest'
import type { ListOffsetsPartition } from '../../generated/messages/ListOffsetsRequest'
import { ListOffsetsResponse } from '../../generated/messages/ListOffsetsResponse'
import type { ListOffsetsPartitionResponseInput } from '../../generated/messages/ListOffsetsResponse'
import { handler } from '../broker/handler'
import type { Ask } from '../broker/handler'
import { offsetByTimestamp, offsetOfLatest } from '../state/log/offset-lookup'
import type { TimedOffset } from '../state/log/offset-lookup'
import type { Partition } from '../state/partition'
import { leaderError, replicaError } from './leader-epoch'

const CONSUMER = -1
const DEBUGGING_TOOL = -2
const READ_COMMITTED = 1
const WITH_LEADER_EPOCH = 4
const WITH_NOT_AVAILABLE = 5

const LATEST = -1n
const LATEST_TIMESTAMP = -3n

interface Question {
  readonly replicaId: number
  readonly isolationLevel: number
  readonly ask: Ask
}

/** How one of the special times is answered, and since when there is it. */
interface SpecialTime {
  readonly since: number
  find(partition: Partition): TimedOffset | undefined
}

const NOWHERE: TimedOffset = { offset: -1n, timestamp: -1, leaderEpoch: -1 }

const beginning = ({ log }: Partition): TimedOffset => ({
  offset: log.startOffset,
  timestamp: -1,
  leaderEpoch: log.epochs.at(log.startOffset),
})

const SPECIAL_TIMES: ReadonlyMap<bigint, SpecialTime> = new Map([
  [-2n, { since: 1, find: beginning }],
  [LATEST_TIMESTAMP, { since: 7, find: ({ log }) => offsetOfLatest(log) }],
  [-4n, { since: 8, find: beginning }],
  [-5n, { since: 9, find: () => NOWHERE }],
  [-6n, { since: 11, find: () => NOWHERE }],
])

export const listOffsets = handler({ request: ListOffsetsRequest, response: ListOffsetsResponse }, (request, ask) => {
  const question = { ...request, ask }
  const answers = [...byTopic(request)].map(([name, partitions]) => ({
    name,
    partitions: [...partitions.values()].map(({ asked, times }) =>
      times > 1 ? refused(asked, ErrorCode.INVALID_REQUEST) : answer(name, asked, question),
    ),
  }))
  return { topics: answers }
})

interface Asked {
  readonly asked: ListOffsetsPartition
  readonly times: number
}

/** Each topic once, each of its partitions once. */
function byTopic({ topics }: ListOffsetsRequest): ReadonlyMap<string, ReadonlyMap<number, Asked>> {
  const all = new Map<string, Map<number, Asked>>()
  for (const { name, partitions } of topics) {
    const known = all.get(name) ?? new Map<number, Asked>()
    all.set(name, known)
    for (const asked of partitions) known.set(asked.partitionIndex, { asked, times: (known.get(asked.partitionIndex)?.times ?? 0) + 1 })
  }
  return all
}

const refused = ({ partitionIndex }: ListOffsetsPartition, errorCode: number): ListOffsetsPartitionResponseInput => ({
  partitionIndex,
  errorCode,
})

function answer(name: string, asked: ListOffsetsPartition, question: Question): ListOffsetsPartitionResponseInput {
  const { ask } = question
  if (!isKnown(asked.timestamp, ask.version)) return refused(asked, ErrorCode.UNSUPPORTED_VERSION)
  const partition = ask.cluster.partition(name, asked.partitionIndex)
  const ordered = ask.errorFor(name, asked.partitionIndex)
  if (ordered !== ErrorCode.NONE) return refused(asked, ordered)
  if (partition === undefined) return refused(asked, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
  const error = errorOf(partition, asked, question)
  if (error !== ErrorCode.NONE) return refused(asked, error)
  const found = find(partition, asked.timestamp, question)
  if (typeof found === 'number') return refused(asked, found)
  const { offset, timestamp, leaderEpoch } = found
  const epoch = ask.version >= WITH_LEADER_EPOCH ? { leaderEpoch } : {}
  return { partitionIndex: asked.partitionIndex, errorCode: ErrorCode.NONE, offset, timestamp: BigInt(timestamp), ...epoch }
}

const isKnown = (timestamp: bigint, version: number): boolean =>
  timestamp >= 0n || timestamp === LATEST || (SPECIAL_TIMES.get(timestamp)?.since ?? Infinity) <= version

const errorOf = (partition: Partition, { currentLeaderEpoch }: ListOffsetsPartition, { replicaId, ask }: Question): number =>
  (replicaId === DEBUGGING_TOOL ? replicaError : leaderError)(partition, ask.node.id, currentLeaderEpoch)

/** Or an error. What lies beyond what the one who asks may see is not found. */
function find(partition: Partition, timestamp: bigint, question: Question): TimedOffset | number {
  const end = visibleEnd(partition, question)
  const notYet = notAvailable(partition, question)
  if (timestamp === LATEST) return notYet === ErrorCode.NONE ? { offset: end, timestamp: -1, leaderEpoch: partition.leaderEpoch } : notYet
  const special = SPECIAL_TIMES.get(timestamp)
  const found = special === undefined ? offsetByTimestamp(partition.log, Number(timestamp)) : special.find(partition)
  if (special !== undefined && timestamp !== LATEST_TIMESTAMP) return found ?? NOWHERE
  if (found !== undefined && found.offset < end) return found
  return notYet === ErrorCode.NONE ? NOWHERE : notYet
}

function visibleEnd({ log, highWatermark, lastStableOffset }: Partition, { replicaId, isolationLevel }: Question): bigint {
  if (replicaId !== CONSUMER) return log.endOffset
  return isolationLevel === READ_COMMITTED ? lastStableOffset : highWatermark
}

function notAvailable({ highWatermark, epochStartOffset }: Partition, { replicaId, ask }: Question): number {
  if (replicaId !== CONSUMER || epochStartOffset <= highWatermark) return ErrorCode.NONE
  return ask.version >= WITH_NOT_AVAILABLE ? ErrorCode.OFFSET_NOT_AVAILABLE : ErrorCode.LEADER_NOT_AVAILABLE
}
