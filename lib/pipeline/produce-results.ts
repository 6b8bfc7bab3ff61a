/** A Produce answer, batch by batch. A broker answers in its own order of partitions: batches are matched by partition. */
import type { Batch } from '../batch/batch'
import type { Acknowledgement } from '../batch/delivered-record'
import { judge } from '../batch/verdicts'
import type { Verdict } from '../batch/verdicts'
import { ProtocolError } from '../errors'
import type { KafkaError } from '../errors'
import type { PartitionProduceResponse, ProduceResponse } from '../generated/messages/ProduceResponse'
import { brokerError } from '../protocol/broker-error'
import type { ProduceAnswer } from './produce'

/** What is to be done with a batch that was not delivered. */
export type Refusal = Exclude<Verdict, 'duplicate'>

export type BatchResult<C> =
  | { readonly type: 'delivered'; readonly batch: Batch<C>; readonly acknowledgement: Acknowledgement }
  | {
      readonly type: 'refused'
      readonly batch: Batch<C>
      readonly verdict: Refusal
      /** The batch may have been appended all the same. */
      readonly doubtful: boolean
      readonly error: KafkaError
      /** The records that the broker complains of, by their place in the batch (KIP-467). */
      readonly recordErrors: ReadonlyMap<number, KafkaError>
    }

export function resultsOf<C>({ batches, topicNames, outcome }: ProduceAnswer<C>): BatchResult<C>[] {
  switch (outcome.type) {
    case 'failed': {
      const { error, sent } = outcome
      const judgement = { verdict: error.retriable ? 'refresh' : 'fail', doubtful: sent } as const
      return batches.map((batch) => refused(batch, judgement, error))
    }
    case 'written':
      return batches.map((batch) => delivered(batch, -1n, -1))
    case 'answered': {
      const answers = byPartition(outcome.response, topicNames)
      return batches.map((batch) => resultOf(batch, answers.get(batch.topic)?.get(batch.partition)))
    }
  }
}

/** Of thousands of small batches the names would cost more than all else here, were they put together with the numbers. */
type Answers = ReadonlyMap<string, ReadonlyMap<number, PartitionProduceResponse>>

function byPartition({ responses }: ProduceResponse, topicNames: ReadonlyMap<string, string>): Answers {
  const answers = new Map<string, Map<number, PartitionProduceResponse>>()
  for (const { name, topicId, partitionResponses } of responses) {
    const topic = name === '' ? (topicNames.get(topicId) ?? '') : name
    const ofTopic = answers.get(topic) ?? new Map<number, PartitionProduceResponse>()
    answers.set(topic, ofTopic)
    for (const answer of partitionResponses) ofTopic.set(answer.index, answer)
  }
  return answers
}

function resultOf<C>(batch: Batch<C>, answer: PartitionProduceResponse | undefined): BatchResult<C> {
  if (answer === undefined)
    return refused(batch, LEFT_OUT, new ProtocolError(`The broker's answer to a Produce request leaves out ${nameOf(batch)}`))
  const { errorCode, baseOffset, logAppendTimeMs, errorMessage } = answer
  if (errorCode === 0) return delivered(batch, baseOffset, appendTimeOf(batch, Number(logAppendTimeMs)))
  const { verdict, doubtful } = judge(errorCode)
  // Where the batch lies is not said: maybe it is no longer among those that the broker remembers.
  if (verdict === 'duplicate') return delivered(batch, -1n, -1)
  const recordErrors = recordErrorsOf(batch, answer)
  // With a complaint about every record, or about none, there is nobody to tell apart.
  const isolate = recordErrors.size > 0 && recordErrors.size < batch.recordCount
  const [first] = recordErrors.values()
  const error = errorMessage === null && first !== undefined ? first : brokerError(errorCode, nameOf(batch), errorMessage)
  return refused(batch, { verdict: isolate ? 'isolate' : verdict, doubtful }, error, recordErrors)
}

type Judgement = Pick<Refused<unknown>, 'verdict' | 'doubtful'>
type Refused<C> = Extract<BatchResult<C>, { type: 'refused' }>

const LEFT_OUT: Judgement = { verdict: 'retry', doubtful: true }

/**
 * Of a batch that it has already, a broker names the highest of the timestamps that it was sent with, whether the topic stamps records on
 * append or not (UnifiedLog, for duplicates): that says nothing.
 */
const appendTimeOf = ({ attempts, maxTimestamp }: Batch, said: number): number => (attempts > 1 && said === maxTimestamp ? -1 : said)

const NONE: ReadonlyMap<number, KafkaError> = new Map()

function refused<C>(batch: Batch<C>, judgement: Judgement, error: KafkaError, recordErrors = NONE): BatchResult<C> {
  return { type: 'refused', batch, ...judgement, error, recordErrors }
}

function recordErrorsOf(batch: Batch, { errorCode, recordErrors, errorMessage }: PartitionProduceResponse) {
  const errors = new Map<number, KafkaError>()
  for (const { batchIndex, batchIndexErrorMessage } of recordErrors) {
    if (batchIndex < 0 || batchIndex >= batch.recordCount) continue
    errors.set(batchIndex, brokerError(errorCode, nameOf(batch), batchIndexErrorMessage ?? errorMessage))
  }
  return errors
}

function delivered<C>(batch: Batch<C>, baseOffset: bigint, logAppendTime: number): BatchResult<C> {
  const { topic, partition } = batch
  return { type: 'delivered', batch, acknowledgement: { topic, partition, baseOffset, logAppendTime } }
}

const nameOf = ({ topic, partition }: Batch): string => `${topic}/${String(partition)}`
