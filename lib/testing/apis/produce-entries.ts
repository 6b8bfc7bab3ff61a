/** What a Produce request asks for, partition by partition, and what is wrong with it before any log is looked at. */
import { COMPRESSION_MASK } from '../../batch/batch-header'
import { compressionTypeOf } from '../../batch/compression/compression'
import { ErrorCode } from '../../generated/error-codes'
import type { ProduceRequest } from '../../generated/messages/ProduceRequest'
import type { Ask } from '../broker/handler'
import { cutBatch } from '../state/log/batch-cut'
import { isTransactional, producerIn } from '../state/log/batch-stamp'
import type { BatchProducer } from '../state/log/batch-stamp'
import type { Partition } from '../state/partition'
import type { Topic } from '../state/topic'
import { refusal } from './produce-outcome'
import type { Outcome } from './produce-outcome'

/** From this version on a topic is named by its id. */
export const BY_ID = 13
const WITH_ZSTD = 7
const MAGIC = 2

export interface Entry {
  /** As the client named it; empty where it gave an id. */
  readonly name: string
  readonly topicId: string
  readonly index: number
  readonly records: Uint8Array | null
  readonly topic: Topic | undefined
  readonly partition: Partition | undefined
}

/** A batch for a partition that is there. */
export interface Candidate {
  readonly entry: Entry
  readonly topic: Topic
  readonly partition: Partition
  /** One whole batch of format v2, by its length. */
  readonly batch: Uint8Array
  /** Undefined when it is not part of a transaction. */
  readonly transactional: BatchProducer | undefined
}

/** In the order of the request. A partition that is named twice counts once, with what is said last. */
export function entriesOf({ topicData }: ProduceRequest, { cluster, version }: Ask): readonly Entry[] {
  const entries = new Map<string, Entry>()
  for (const { name, topicId, partitionData } of topicData) {
    const topic = version >= BY_ID ? cluster.topicById(topicId) : cluster.topics.get(name)
    for (const { index, records } of partitionData) {
      entries.set(`${topicId} ${name} ${String(index)}`, { name, topicId, index, records, topic, partition: topic?.partitions[index] })
    }
  }
  return [...entries.values()]
}

/** An error that fails the request as a whole, or undefined. */
export function wholesaleRefusal(entries: readonly Entry[], transactionalId: string | null): Outcome | undefined {
  for (const { records } of entries) {
    const cut = records === null ? undefined : cutBatch(records, 0)
    if (cut?.type === 'corrupt')
      return refusal(ErrorCode.CORRUPT_MESSAGE, { errorMessage: 'What stands for records in the request are none' })
    if (cut?.type !== 'batch' || !belongsToTransaction(cut.bytes)) continue
    return transactionalId === null ? refusal(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED) : undefined
  }
  return undefined
}

function belongsToTransaction(batch: Uint8Array): boolean {
  const producer = producerIn(batch)
  return producer !== undefined && isTransactional(producer)
}

/** Each entry as a batch for a partition, or why it is none. */
export function candidateOf(entry: Entry, ask: Ask): Candidate | Outcome {
  const { topic, partition, records } = entry
  const ordered = ask.errorFor(topic?.name ?? entry.name, entry.index)
  if (ordered !== ErrorCode.NONE) return refusal(ordered)
  if (topic === undefined && ask.version >= BY_ID) return refusal(ErrorCode.UNKNOWN_TOPIC_ID)
  if (topic === undefined || partition === undefined) return refusal(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
  const batch = onlyBatchIn(records ?? NO_RECORDS, ask.version)
  return typeof batch === 'number' ? refusal(batch) : { entry, topic, partition, batch, transactional: transactionalProducer(batch) }
}

const NO_RECORDS = new Uint8Array(0)

/** Bytes behind it that are no whole batch are left out. */
function onlyBatchIn(records: Uint8Array, version: number): Uint8Array | number {
  const first = cutBatch(records, 0)
  if (first.type !== 'batch' || first.magic !== MAGIC) return ErrorCode.INVALID_RECORD
  const codec = (producerIn(first.bytes)?.attributes ?? 0) & COMPRESSION_MASK
  if (version < WITH_ZSTD && compressionTypeOf(codec) === 'zstd') return ErrorCode.UNSUPPORTED_COMPRESSION_TYPE
  if (version < WITH_ZSTD && compressionTypeOf(codec) === undefined) return ErrorCode.UNKNOWN_SERVER_ERROR
  const second = cutBatch(records, first.end)
  if (second.type === 'corrupt') return ErrorCode.CORRUPT_MESSAGE
  return second.type === 'batch' ? ErrorCode.INVALID_RECORD : first.bytes
}

function transactionalProducer(batch: Uint8Array): BatchProducer | undefined {
  const producer = producerIn(batch)
  return producer !== undefined && isTransactional(producer) && producer.producerId >= 0n ? producer : undefined
}
