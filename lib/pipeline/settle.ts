import type { OperatorFunction, Subscriber } from 'rxjs'
import type { Accumulator } from '../batch/accumulator'
import type { Batch } from '../batch/batch'
import type { BufferPool } from '../batch/buffer-pool'
import { splitBatch } from '../batch/split'
import type { Verdict } from '../batch/verdicts'
import { DeliveryTimeoutError } from '../errors'
import type { KafkaError } from '../errors'
import type { ProducerEvent } from '../events'
import { backoffAfter } from '../network/backoff'
import type { Backoff } from '../network/backoff'
import type { Clock } from '../time'
import { operate } from './operate'
import type { ProduceAnswer } from './produce'
import { resultsOf } from './produce-results'
import type { BatchResult } from './produce-results'
import type { Settlement } from './settlement'

export interface SettleOptions<C> {
  /** Where batches go back to. */
  readonly accumulator: Accumulator<C>
  /** What batches are made of, for the parts of one that is split. */
  readonly memory: BufferPool
  readonly clock: Clock
  /** How often a batch is sent again. */
  readonly retries: number
  readonly retryBackoff: Backoff
  /** Milliseconds from a batch's creation after which it is not sent again. */
  readonly deliveryTimeout: number
  /** The broker's knowledge of a topic and ours differ. */
  readonly refresh: (topic: string) => void
  /** Every partition of an answer may send again, or has its batch back. */
  readonly wake: () => void
  readonly report: (event: ProducerEvent) => void
  /** Set once nothing is sent again: what comes back fails with this. */
  readonly givenUp: () => KafkaError | undefined
}

/**
 * Decides what an answer means for each batch: it is delivered, it has failed, or it goes back to the accumulator and nothing is
 * said yet. First the whole answer is worked into the accumulator, so that the next request is drained from all its partitions;
 * then it is told.
 */
export function settle<C>(options: SettleOptions<C>): OperatorFunction<ProduceAnswer<C>, Settlement<C>> {
  return operate((destination: Subscriber<Settlement<C>>) => ({
    next: (answer) => {
      const settlements: Settlement<C>[] = []
      for (const result of resultsOf(answer)) {
        const settlement = result.type === 'delivered' ? delivered(result, options) : refused(result, options)
        if (settlement !== undefined) settlements.push(settlement)
      }
      options.wake()
      for (const settlement of settlements) destination.next(settlement)
    },
  }))
}

type Delivered<C> = Extract<BatchResult<C>, { type: 'delivered' }>
type Refused<C> = Extract<BatchResult<C>, { type: 'refused' }>

function delivered<C>({ batch, acknowledgement }: Delivered<C>, { accumulator }: SettleOptions<C>): Settlement<C> {
  accumulator.done(batch)
  return { type: 'delivered', batch, acknowledgement }
}

function refused<C>(result: Refused<C>, options: SettleOptions<C>): Settlement<C> | undefined {
  const { batch, error } = result
  const final = options.givenUp() ?? finalError(batch, error, options)
  return final === undefined ? actions[result.verdict](result, options) : failed(batch, final, options)
}

/** What each verdict does to a batch that has time and tries left. */
const actions: Readonly<Record<Verdict, <C>(result: Refused<C>, options: SettleOptions<C>) => Settlement<C> | undefined>> = {
  retry: ({ batch, error }, options) => {
    sendAgain(batch, error, options)
    return undefined
  },
  refresh: ({ batch, error }, options) => {
    options.refresh(batch.topic)
    sendAgain(batch, error, options)
    return undefined
  },
  split: ({ batch, error }, options) => {
    if (batch.recordCount === 1) return failed(batch, error, options)
    const { topic, partition, recordCount: records, size: bytes } = batch
    options.report({ type: 'split', topic, partition, records, bytes })
    options.accumulator.requeue(splitBatch(batch, options.memory.overdraft))
    batch.settle()
    return undefined
  },
  fail: ({ batch, error }, options) => failed(batch, error, options),
}

function sendAgain<C>(batch: Batch<C>, error: KafkaError, { accumulator, clock, retryBackoff, report }: SettleOptions<C>): void {
  const { topic, partition, attempts } = batch
  report({ type: 'retry', topic, partition, attempts, error })
  batch.lastError = error
  batch.notBefore = clock.now() + backoffAfter(Math.max(1, attempts), retryBackoff, clock.random())
  accumulator.requeue([batch])
}

function failed<C>(batch: Batch<C>, error: KafkaError, { accumulator }: SettleOptions<C>): Settlement<C> {
  accumulator.done(batch)
  return { type: 'failed', batch, error }
}

/** Why a batch is not sent again though its error allows it; undefined when it is. */
function finalError<C>(batch: Batch<C>, error: KafkaError, { clock, retries, deliveryTimeout }: SettleOptions<C>): KafkaError | undefined {
  if (batch.attempts > retries) return error
  return clock.now() - batch.createdAt >= deliveryTimeout ? deliveryTimedOut(batch, deliveryTimeout, error) : undefined
}

export function deliveryTimedOut(batch: Batch, deliveryTimeout: number, cause: unknown): DeliveryTimeoutError {
  const attempts = batch.attempts === 1 ? '1 attempt' : `${String(batch.attempts)} attempts`
  const where = `${batch.topic}-${String(batch.partition)}`
  return new DeliveryTimeoutError(`Not acknowledged by ${where} within ${String(deliveryTimeout)} ms, after ${attempts}`, cause)
}
