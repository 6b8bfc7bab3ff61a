import type { OperatorFunction, Subscriber } from 'rxjs'
import type { Accumulator } from '../batch/accumulator'
import type { Batch } from '../batch/batch'
import type { BufferPool } from '../batch/buffer-pool'
import { regroup, splitBatch } from '../batch/split'
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
      try {
        for (const result of resultsOf(answer)) settlements.push(...settlementsOf(result, options))
        options.wake()
      } finally {
        for (const settlement of settlements) destination.next(settlement)
      }
    },
  }))
}

type Settlements<C> = readonly Settlement<C>[]
type Refused<C> = Extract<BatchResult<C>, { type: 'refused' }>

function settlementsOf<C>(result: BatchResult<C>, options: SettleOptions<C>): Settlements<C> {
  const { batch } = result
  // It expired on its way: its partition may send again, and that is all.
  if (batch.concluded || result.type === 'delivered') options.accumulator.done(batch)
  if (batch.concluded) return []
  if (result.type === 'delivered') return [result]
  const final = options.givenUp() ?? timedOut(result, options)
  return final === undefined ? actions[result.verdict](result, options) : failed(result, final, options)
}

/** What each verdict does to a batch that has time left. */
const actions: Readonly<Record<Verdict, <C>(result: Refused<C>, options: SettleOptions<C>) => Settlements<C>>> = {
  retry: (result, options) => sendAgain(result, options),
  refresh: (result, options) => {
    options.refresh(result.batch.topic)
    return sendAgain(result, options)
  },
  split: (result, options) => {
    const { batch, error } = result
    const { topic, partition, recordCount: records, size: bytes } = batch
    if (records === 1) return failed(result, error, options)
    options.report({ type: 'split', topic, partition, records, bytes })
    options.accumulator.refusedSize(topic, bytes)
    replace(batch, splitBatch(batch, options.memory.overdraft), options)
    return []
  },
  isolate: ({ batch, recordErrors }, options) => {
    const bad = [...recordErrors.keys()]
    const good = [...batch.contexts.keys()].filter((index) => !recordErrors.has(index))
    const [rest, ...alone] = regroup(batch, [good, ...bad.map((index) => [index])], options.memory.overdraft)
    replace(batch, [rest], options)
    return [...recordErrors.values()].map((error, at) => ({ type: 'failed', batch: alone[at], error }))
  },
  fail: (result, options) => failed(result, result.error, options),
}

/** Other batches take the place of one of which nothing was appended. */
function replace<C>(batch: Batch<C>, by: readonly Batch<C>[], { accumulator }: SettleOptions<C>): void {
  accumulator.done(batch)
  accumulator.requeue(by)
  batch.concluded = true
  batch.settle()
}

function sendAgain<C>(result: Refused<C>, options: SettleOptions<C>): Settlements<C> {
  const { batch, error } = result
  const { topic, partition, attempts } = batch
  const { clock } = options
  if (attempts > options.retries) return failed(result, error, options)
  options.report({ type: 'retry', topic, partition, attempts, error })
  batch.lastError = error
  batch.notBefore = clock.now() + backoffAfter(Math.max(1, attempts), options.retryBackoff, clock.random())
  options.accumulator.requeue([batch])
  return []
}

function failed<C>({ batch }: Refused<C>, error: KafkaError, { accumulator }: SettleOptions<C>): Settlements<C> {
  accumulator.done(batch)
  return [{ type: 'failed', batch, error }]
}

function timedOut<C>({ batch, error }: Refused<C>, { clock, deliveryTimeout }: SettleOptions<C>): KafkaError | undefined {
  return clock.now() - batch.createdAt >= deliveryTimeout ? deliveryTimedOut(batch, deliveryTimeout, error) : undefined
}

export function deliveryTimedOut(batch: Batch, deliveryTimeout: number, cause: unknown): DeliveryTimeoutError {
  const attempts = batch.attempts === 1 ? '1 attempt' : `${String(batch.attempts)} attempts`
  const where = `${batch.topic}-${String(batch.partition)}`
  return new DeliveryTimeoutError(`Not acknowledged by ${where} within ${String(deliveryTimeout)} ms, after ${attempts}`, cause)
}
