import type { OperatorFunction } from 'rxjs'
import type { Accumulator } from '../batch/accumulator'
import type { Batch, Settlement } from '../batch/batch'
import type { BufferPool } from '../batch/buffer-pool'
import { cutBatch, halves, runs } from '../batch/split'
import type { LeaderHint } from '../cluster/leader-hint'
import type { KafkaError } from '../errors'
import type { ProducerEvent } from '../events'
import { backoffAfter } from '../network/backoff'
import type { Backoff } from '../network/backoff'
import type { Clock } from '../time'
import { deliveryTimedOut, finalError } from './final-error'
import { leaderHints } from './leader-hints'
import { operate } from './operate'
import type { ProduceAnswer } from './produce'
import { resultsOf } from './produce-results'
import type { BatchResult, Refusal } from './produce-results'
import type { Sink } from './stage'

export interface SettleOptions<C> {
  /** Where batches wait until they have an end. */
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
  /** A broker says who leads a partition now (KIP-951). */
  readonly learn: (hints: readonly LeaderHint[]) => void
  /** Nothing is told until the returned function is called: first the next request leaves. */
  readonly hold: () => () => void
  /** Every partition of an answer may send again, or has its batch back. */
  readonly wake: () => void
  readonly report: (event: ProducerEvent) => void
  /** Set once nothing is sent again: what comes back fails with this. */
  readonly givenUp: () => KafkaError | undefined
  /** No broker will take anything any more. */
  readonly fatal: (error: KafkaError) => void
}

/**
 * Decides what an answer means for each batch: it is delivered, it has failed, or it is sent again and nothing is said yet. First the
 * whole answer is worked into the accumulator, so that the next request is drained from all its partitions; then it is told.
 */
export function settle<C>(options: SettleOptions<C>): OperatorFunction<ProduceAnswer<C>, Settlement<C>> {
  return operate((destination: Sink<Settlement<C>>) => ({
    next: (answer) => {
      const release = options.hold()
      try {
        const results = resultsOf(answer)
        for (const result of results) for (const settlement of settlementsOf(result, options)) destination.next(settlement)
        heed(answer, options)
        const end = results.find(isTheEnd)
        if (end === undefined) options.wake()
        else options.fatal(end.error)
      } finally {
        release()
      }
    },
  }))
}

type Settlements<C> = readonly Settlement<C>[]
type Refused<C> = Extract<BatchResult<C>, { type: 'refused' }>

/** Nothing will be taken of the producer any more. It hears of that last: what has failed already is told before what fails with it. */
const isTheEnd = <C>(result: BatchResult<C>): result is Refused<C> =>
  result.type === 'refused' && result.verdict === 'fatal' && result.batch.number !== undefined

/** What an answer says beside the fates of its batches. */
function heed<C>({ outcome, topicNames }: ProduceAnswer<C>, { learn, report }: SettleOptions<C>): void {
  if (outcome.type !== 'answered') return
  const { throttleTimeMs } = outcome.response
  if (throttleTimeMs > 0) report({ type: 'throttled', milliseconds: throttleTimeMs })
  const hints = leaderHints(outcome.response, topicNames)
  if (hints.length > 0) learn(hints)
}

/** The order is the rule: it has arrived, and is in doubt or not, before its end is asked for; an end that was told comes before any other. */
function settlementsOf<C>(result: BatchResult<C>, options: SettleOptions<C>): Settlements<C> {
  const { batch } = result
  const { accumulator } = options
  accumulator.arrived(batch)
  const wasDoubtful = batch.doubtful
  if (result.type === 'refused' && result.doubtful) batch.doubtful = true
  if (batch.settlement !== undefined) return tooLate(result, options)
  if (result.type === 'delivered') return accumulator.settle(result)
  const final = options.givenUp() ?? timedOut(result, options)
  if (final !== undefined) return failed(result, final, options)
  return wasDoubtful && mayDouble(result) ? failed(result, result.error, options) : actions[result.verdict](result, options)
}

/** It was told already: it expired on its way. But the numbers behind it depend on what became of it. */
function tooLate<C>({ type, batch }: BatchResult<C>, { accumulator }: SettleOptions<C>): Settlements<C> {
  accumulator.late(batch, type === 'delivered' ? 'appended' : batch.doubtful ? 'unknown' : 'refused')
  return []
}

/** What an earlier attempt may have appended must not be appended again in other batches; but parts that keep its numbers cannot be. */
const mayDouble = <C>({ verdict, batch }: Refused<C>): boolean =>
  verdict === 'isolate' || (verdict === 'split' && batch.number === undefined)

/** What each verdict does to a batch that has time left. */
const actions: Readonly<Record<Refusal, <C>(result: Refused<C>, options: SettleOptions<C>) => Settlements<C>>> = {
  retry: (result, options) => sendAgain(result, options),
  refresh: (result, options) => {
    const settlements = sendAgain(result, options)
    options.refresh(result.batch.topic)
    return settlements
  },
  split: (result, options) => {
    const { batch, error } = result
    const { topic, partition, recordCount: records, size: bytes } = batch
    if (records === 1) return failed(result, error, options)
    const parts = cutBatch(batch, halves(batch), options.memory)
    // Without room for another header the same is tried again: what is delivered meanwhile makes room.
    if (parts === undefined) return sendAgain(result, options)
    options.accumulator.refusedSize(topic, bytes)
    options.accumulator.divide(batch, parts)
    options.report({ type: 'split', topic, partition, records, bytes })
    return []
  },
  isolate: (result, options) => {
    const { batch, recordErrors } = result
    const { accumulator, memory } = options
    const starts = runs(batch.recordCount, (index) => recordErrors.has(index))
    const parts = cutBatch(batch, starts, memory)
    if (parts === undefined) return sendAgain(result, options)
    accumulator.substitute(batch, parts)
    return parts.flatMap((part, at) => {
      const error = recordErrors.get(starts[at])
      return error === undefined ? [] : accumulator.settle({ type: 'failed', batch: part, error })
    })
  },
  resequence: (result, options) => {
    const { batch, error } = result
    return options.accumulator.outOfOrder(batch) === 'again' ? sendAgain(result, options) : failed(result, error, options)
  },
  fatal: (result, options) => failed(result, result.error, options),
  fail: (result, options) => failed(result, result.error, options),
}

function sendAgain<C>(result: Refused<C>, options: SettleOptions<C>): Settlements<C> {
  const { batch, error } = result
  const { topic, partition, attempts } = batch
  const { clock } = options
  if (attempts > options.retries) return failed(result, error, options)
  batch.lastError = error
  options.accumulator.again(batch, clock.now() + backoffAfter(Math.max(1, attempts), options.retryBackoff, clock.random()))
  // Whoever hears of it may send, and the loop then looks at this batch too.
  options.report({ type: 'retry', topic, partition, attempts, error })
  return []
}

function failed<C>({ batch }: Refused<C>, error: KafkaError, { accumulator }: SettleOptions<C>): Settlements<C> {
  return accumulator.settle({ type: 'failed', batch, error: finalError(batch, error) })
}

function timedOut<C>({ batch, error }: Refused<C>, { clock, deliveryTimeout }: SettleOptions<C>): KafkaError | undefined {
  return clock.now() - batch.createdAt >= deliveryTimeout ? deliveryTimedOut(batch, deliveryTimeout, error) : undefined
}

/** Settles what nobody will send any more; gives what can be told. */
export function failAll<C>(
  batches: readonly Batch<C>[],
  error: (batch: Batch<C>) => KafkaError,
  accumulator: Accumulator<C>,
): Settlements<C> {
  return batches.flatMap((batch) => accumulator.settle({ type: 'failed', batch, error: finalError(batch, error(batch)) }))
}
