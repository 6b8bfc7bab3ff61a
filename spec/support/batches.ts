/** Batches and answers about them, for the stages behind the accumulator. */
import { Batch } from '../../lib/batch/batch'
import type { BatchedRecord } from '../../lib/batch/batch'
import { BufferPool } from '../../lib/batch/buffer-pool'
import { ProduceResponse } from '../../lib/generated/messages/ProduceResponse'
import type { PartitionProduceResponseInput } from '../../lib/generated/messages/ProduceResponse'
import type { ProduceAnswer } from '../../lib/pipeline/produce'
import type { Drained } from '../../lib/pipeline/batch-streams'
import { batched, utf8 } from './records'

interface BatchOptions {
  readonly topic?: string
  readonly partition?: number
  readonly createdAt?: number
  readonly pool?: BufferPool
  readonly outlet?: BatchedRecord<string>['outlet']
}

/** A sealed batch with a record for each letter, whose context is the letter. */
export function batchOf(letters: string, options: BatchOptions = {}): Batch<string> {
  const { topic = 'orders', partition = 0, createdAt = 0, pool = new BufferPool(Infinity), outlet } = options
  const batch = new Batch<string>(topic, partition, createdAt, pool)
  for (const letter of letters) batch.append(batched<string>({ value: utf8(letter), context: letter, outlet }), 7)
  batch.seal()
  return batch
}

export interface PartitionAnswer extends Partial<PartitionProduceResponseInput> {
  readonly topic?: string
  readonly topicId?: string
}

/** An answer as the broker gives it, partition by partition. */
export function answered<C>(
  batches: Drained<C>,
  partitions: readonly PartitionAnswer[],
  topicNames: ReadonlyMap<string, string> = new Map(),
): ProduceAnswer<C> {
  const version = partitions.some(({ topicId }) => topicId !== undefined) ? 13 : 12
  const responses = partitions.map(({ topic = 'orders', topicId, ...partition }) => ({
    ...(version === 13 ? { topicId: topicId ?? '' } : { name: topic }),
    partitionResponses: [{ index: 0, errorCode: 0, baseOffset: 0n, ...partition }],
  }))
  const response = ProduceResponse.decode(ProduceResponse.encode({ responses }, version), version)
  return { batches, topicNames, outcome: { type: 'answered', response, version } }
}
