/** What a broker gives of one partition: an error, or a part of the log up to where the consumer may see it. */
import { ErrorCode } from '../../generated/error-codes'
import type { FetchRequest } from '../../generated/messages/FetchRequest'
import type { PartitionDataInput } from '../../generated/messages/FetchResponse'
import type { Ask } from '../broker/handler'
import type { AbortedTransaction } from '../state/log/aborted-transactions'
import type { FetchTarget } from '../state/fetch-sessions'
import { UNKNOWN_EPOCH_END } from '../state/log/leader-epochs'
import type { EpochEnd } from '../state/log/leader-epochs'
import type { Partition } from '../state/partition'
import { leaderError, replicaError } from './leader-epoch'

/** From this version on a consumer may read from a follower (KIP-392). */
const FROM_FOLLOWERS = 11

const READ_COMMITTED = 1
/** Consumers, and the tools that look at logs. */
const CONSUMERS: ReadonlySet<number> = new Set([-1, -2])
const NO_EPOCH = -1

/** Who reads, and how much it may see. */
export interface Reader {
  readonly isolation: 'committed' | 'uncommitted'
  /** Null for a consumer; else it says that it is a replica. */
  readonly replica: number | null
  readonly ask: Ask
}

export function readerOf(request: FetchRequest, ask: Ask): Reader {
  const replicaId = request.replicaState.replicaId >= 0 ? request.replicaState.replicaId : request.replicaId
  return {
    isolation: request.isolationLevel === READ_COMMITTED ? 'committed' : 'uncommitted',
    replica: CONSUMERS.has(replicaId) ? null : replicaId,
    ask,
  }
}

export interface Limits {
  readonly maxBytes: number
  /** The first batch is given even if it is longer than that. */
  readonly atLeastOne: boolean
}

/** `records`: what there is; a partition that cannot be read has none and an error. */
export type Readable =
  | { readonly type: 'error'; readonly errorCode: number }
  | { readonly type: 'diverging'; readonly epochEnd: EpochEnd }
  /** Up to `to`, which is left out. */
  | { readonly type: 'records'; readonly to: bigint }

/** How the partition stands to the target: what a fetch that waits looks at again and again. */
export function readableOf(partition: Partition, target: FetchTarget, reader: Reader): Readable {
  const { node, cluster } = reader.ask
  if (cluster.partition(partition.topic, partition.index) !== partition) return error(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
  const refused = errorOf(partition, target, reader)
  if (refused !== ErrorCode.NONE) return error(refused)
  const { log } = partition
  const end = partition.leader === node.id ? log.endOffset : partition.endOffsetOf(node.id)
  const epochEnd = target.lastFetchedEpoch === NO_EPOCH ? undefined : log.epochs.endOf(target.lastFetchedEpoch, end)
  if (epochEnd === UNKNOWN_EPOCH_END) return error(ErrorCode.OFFSET_OUT_OF_RANGE)
  if (target.fetchOffset < log.startOffset) return error(ErrorCode.OFFSET_OUT_OF_RANGE)
  if (epochEnd !== undefined && isBefore(epochEnd, target)) return { type: 'diverging', epochEnd }
  if (target.fetchOffset > end) return error(ErrorCode.OFFSET_OUT_OF_RANGE)
  const visible = reader.isolation === 'committed' ? partition.lastStableOffset : partition.highWatermark
  return { type: 'records', to: visible < end ? visible : end }
}

const error = (errorCode: number): Readable => ({ type: 'error', errorCode })

const isBefore = ({ epoch, endOffset }: EpochEnd, { lastFetchedEpoch, fetchOffset }: FetchTarget): boolean =>
  epoch < lastFetchedEpoch || endOffset < fetchOffset

function errorOf(partition: Partition, { currentLeaderEpoch }: FetchTarget, { replica, ask }: Reader): number {
  if (replica === null && ask.version >= FROM_FOLLOWERS) return replicaError(partition, ask.node.id, currentLeaderEpoch)
  const refused = leaderError(partition, ask.node.id, currentLeaderEpoch)
  if (refused !== ErrorCode.NONE || replica === null) return refused
  // Replicas copy among themselves here: nobody who comes over the network is one.
  return currentLeaderEpoch === NO_EPOCH ? ErrorCode.NOT_LEADER_OR_FOLLOWER : ErrorCode.UNKNOWN_LEADER_EPOCH
}

/** A partition's part of the answer. */
export interface FetchedData extends PartitionDataInput {
  readonly records: readonly Uint8Array[]
}

export const sizeOfRecords = ({ records }: FetchedData): number => records.reduce((sum, { length }) => sum + length, 0)

export function dataOf(partition: Partition, target: FetchTarget, readable: Readable, reader: Reader & Limits): FetchedData {
  if (readable.type === 'error') return failed(target.index, readable.errorCode)
  const { highWatermark, lastStableOffset, log } = partition
  const facts = {
    partitionIndex: target.index,
    errorCode: ErrorCode.NONE,
    highWatermark,
    lastStableOffset,
    logStartOffset: log.startOffset,
  }
  if (readable.type === 'diverging') return { ...facts, abortedTransactions: null, records: [], divergingEpoch: readable.epochEnd }
  const from = target.fetchOffset
  const maxBytes = Math.min(target.maxBytes, reader.maxBytes)
  // Kafka stumbles over a negative size as soon as there is something to read.
  if (maxBytes < 0 && from < readable.to) return failed(target.index, ErrorCode.UNKNOWN_SERVER_ERROR)
  const { pieces, size } = log.slice({ from, to: readable.to, maxBytes, atLeastOne: reader.atLeastOne })
  const abortedTransactions = reader.isolation === 'committed' ? abortedIn(partition, { from, to: readable.to, size, maxBytes }) : null
  return { ...facts, abortedTransactions, records: pieces }
}

interface Sent {
  readonly from: bigint
  readonly to: bigint
  readonly size: number
  readonly maxBytes: number
}

/** As Kafka, which has them from a sparse index: also some that begin behind what is sent; null where the first batch was too long. */
function abortedIn(partition: Partition, { from, to, size, maxBytes }: Sent): readonly AbortedTransaction[] | null {
  if (from >= to) return []
  if (size === 0 && maxBytes > 0) return null
  return partition.abortedTransactions(from, partition.log.indexedOffset(from, size))
}

const failed = (partitionIndex: number, errorCode: number): FetchedData => ({
  partitionIndex,
  errorCode,
  highWatermark: -1n,
  abortedTransactions: null,
  records: [],
})
