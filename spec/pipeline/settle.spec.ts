import { Subject } from 'rxjs'
import { Accumulator } from '../../lib/batch/accumulator'
import type { Batch, Settlement } from '../../lib/batch/batch'
import { BufferPool } from '../../lib/batch/buffer-pool'
import { unnumbered } from '../../lib/batch/sequencer'
import { ConnectError, DisconnectError, ProducerClosedError, ProtocolError, UnsupportedVersionError } from '../../lib/errors'
import type { KafkaError } from '../../lib/errors'
import type { ProduceAnswer } from '../../lib/pipeline/produce'
import { settle } from '../../lib/pipeline/settle'
import type { SettleOptions } from '../../lib/pipeline/settle'
import { answered } from '../support/batches'
import { marbles } from '../support/marbles'
import { partitioned, sized } from '../support/records'
import { virtualTime } from '../support/virtual-time'

const NOT_LEADER = 6
const MESSAGE_TOO_LARGE = 10
const NOT_ENOUGH_REPLICAS = 19
const DENIED = 29
const INVALID_RECORD = 87

const DELIVERY_TIMEOUT = 10_000

/** A settle stage over a real accumulator, and what it says to those around it. */
function settling(more: Partial<SettleOptions<string>> = {}) {
  const time = virtualTime()
  const memory = new BufferPool(1024 * 1024)
  const accumulator = new Accumulator<string>({
    ...{
      batchSize: 100,
      maxBatchSize: 10_000,
      maxRequestSize: 100_000,
      maxRecordSize: 10_000,
      linger: 5,
      deliveryTimeout: DELIVERY_TIMEOUT,
    },
    ...{ pieces: memory, leaderOf: () => 1, canTake: () => true, sticky: { partitionOf: () => 0, appended: () => undefined } },
    now: () => time.now,
    sequencer: () => unnumbered,
  })
  const log: string[] = []
  const settlements: Settlement<string>[] = []
  /** Held back until the answer is worked through. */
  const told: string[] = []
  const answers$ = new Subject<ProduceAnswer<string>>()
  const options: SettleOptions<string> = {
    ...{ accumulator, memory, clock: time.clock, retries: Infinity, retryBackoff: { initial: 100, max: 1000 } },
    deliveryTimeout: DELIVERY_TIMEOUT,
    refresh: (topic) => log.push(`refresh ${topic}`),
    wake: () => log.push('wake'),
    report: (event) => log.push(event.type === 'retry' ? `retry ${event.attempts} ${event.error.code}` : event.type),
    hold: () => () => log.push(...told.splice(0)),
    learn: (hints) => log.push(`learn ${hints.map(({ partition, leader }) => `${partition} at ${leader}`).join()}`),
    fatal: (error) => log.push(`fatal ${error.code}`),
    givenUp: () => undefined,
    ...more,
  }
  answers$.pipe(settle(options)).subscribe({
    next: (settlement) => {
      settlements.push(settlement)
      const what = settlement.type === 'delivered' ? `at ${settlement.acknowledgement.baseOffset}` : settlement.error.code
      told.push(`${settlement.batch.contexts.join('')} ${settlement.type} ${what}`)
    },
    error: (error: unknown) => log.push(`# ${String(error)}`),
    complete: () => log.push('|'),
  })
  /** Drains batches of these letters, one a partition, as if they had been sent once. */
  const sent = (...letters: readonly string[]): Batch<string>[] => {
    letters.forEach((each, partition) => {
      for (const context of each) accumulator.append(partitioned({ context, partition, value: sized(1) }), 0)
    })
    const batches = accumulator.drain(1, time.now)
    for (const batch of batches) batch.attempts++
    return batches
  }
  const failedWith = (batches: readonly Batch<string>[], error: KafkaError, isSent = false): ProduceAnswer<string> => ({
    batches,
    topicNames: new Map(),
    outcome: { type: 'failed', error, sent: isSent },
  })
  return { time, memory, accumulator, log, settlements, answers$, sent, failedWith }
}

describe('settle', () => {
  it.each([
    ['nothing of nothing', '--|'],
    ['the error of the source', '--#'],
    ['no end where there is none', '--'],
  ])('gives %s', (_what, marble) => {
    const { accumulator, memory, time } = settling()
    marbles(({ cold, expectObservable }) => {
      const options = {
        ...{ accumulator, memory, clock: time.clock, retries: 0, retryBackoff: { initial: 1, max: 1 }, deliveryTimeout: 1 },
        ...{ refresh: () => undefined, wake: () => undefined, report: () => undefined, givenUp: () => undefined },
        ...{ learn: () => undefined, fatal: () => undefined, hold: () => () => undefined },
      }
      expectObservable(cold<ProduceAnswer<string>>(marble).pipe(settle(options))).toBe(marble)
    })
  })

  it('delivers what was acknowledged, after the accumulator knows that its partitions may send again', () => {
    const { answers$, log, sent, accumulator } = settling()
    const batches = sent('ab', 'c')
    expect(accumulator.drain(1, 0)).toEqual([])
    answers$.next(
      answered(batches, [
        { index: 0, baseOffset: 40n },
        { index: 1, baseOffset: 7n },
      ]),
    )
    expect(log).toEqual(['wake', 'ab delivered at 40', 'c delivered at 7'])
    expect(sent('d', 'e')).toHaveLength(2)
  })

  it('takes the partitions of an answer in any order', () => {
    const { answers$, log, sent } = settling()
    const batches = sent('a', 'b', 'c')
    answers$.next(
      answered(
        batches,
        [2, 0, 1].map((index) => ({ index, baseOffset: BigInt(10 * index) })),
      ),
    )
    expect(log).toEqual(['wake', 'a delivered at 0', 'b delivered at 10', 'c delivered at 20'])
  })

  it('finds topics that the answer names by id', () => {
    const { answers$, log, sent } = settling()
    const id = 'AAAAAAAAAAAAAAAAAAAAAQ'
    answers$.next(answered(sent('a'), [{ topicId: id, baseOffset: 5n }], new Map([[id, 'orders']])))
    expect(log).toEqual(['wake', 'a delivered at 5'])
  })

  it('delivers at −1 what nobody acknowledges', () => {
    const { answers$, log, sent } = settling()
    answers$.next({ batches: sent('a'), topicNames: new Map(), outcome: { type: 'written', version: 12 } })
    expect(log).toEqual(['wake', 'a delivered at -1'])
  })

  it('fails what was refused for good, with what the broker said', () => {
    const errors: unknown[] = []
    const { accumulator, memory, time, sent } = settling()
    const answers$ = new Subject<ProduceAnswer<string>>()
    const silent = {
      ...{ refresh: () => undefined, wake: () => undefined, report: () => undefined, givenUp: () => undefined },
      ...{ learn: () => undefined, fatal: () => undefined, hold: () => () => undefined },
    }
    answers$
      .pipe(
        settle({
          accumulator,
          memory,
          clock: time.clock,
          retries: 5,
          retryBackoff: { initial: 1, max: 1 },
          deliveryTimeout: 1000,
          ...silent,
        }),
      )
      .subscribe((settlement) => settlement.type === 'failed' && errors.push(settlement.error))
    answers$.next(
      answered(sent('a', 'b'), [
        { errorCode: DENIED, errorMessage: 'not you' },
        { index: 1, errorCode: 87, recordErrors: [{ batchIndex: 0, batchIndexErrorMessage: 'no key' }] },
      ]),
    )
    expect(errors).toMatchObject([
      { code: 'TOPIC_AUTHORIZATION_FAILED', errorCode: DENIED, retriable: false, message: expect.stringContaining('not you') },
      { code: 'INVALID_RECORD', message: expect.stringContaining('no key') },
    ])
  })

  it('lets one partition fail, one be retried and one be delivered, by one answer', () => {
    const { answers$, log, sent } = settling()
    const batches = sent('a', 'b', 'c')
    answers$.next(
      answered(batches, [
        { index: 0, errorCode: DENIED },
        { index: 1, errorCode: NOT_ENOUGH_REPLICAS },
        { index: 2, baseOffset: 3n },
      ]),
    )
    expect(log).toEqual(['retry 1 NOT_ENOUGH_REPLICAS', 'wake', 'a failed TOPIC_AUTHORIZATION_FAILED', 'c delivered at 3'])
  })
})

describe('a batch that may succeed later', () => {
  it('goes back, with its pause, and nothing is said yet', () => {
    const { answers$, log, sent, accumulator } = settling()
    const [batch] = sent('a')
    answers$.next(answered([batch], [{ errorCode: NOT_ENOUGH_REPLICAS }]))
    expect(log).toEqual(['retry 1 NOT_ENOUGH_REPLICAS', 'wake'])
    expect(accumulator.drain(1, 99)).toEqual([])
    expect(accumulator.drain(1, 100)).toEqual([batch])
    expect(batch.lastError).toMatchObject({ code: 'NOT_ENOUGH_REPLICAS' })
  })

  it('waits twice as long after each attempt, up to a limit', () => {
    const { answers$, sent, accumulator, time } = settling()
    const [batch] = sent('a')
    const pauses: number[] = []
    for (let i = 0; i < 6; i++) {
      answers$.next(answered([batch], [{ errorCode: NOT_ENOUGH_REPLICAS }]))
      pauses.push(batch.notBefore - time.now)
      time.advance(batch.notBefore - time.now)
      accumulator.drain(1, time.now)
      batch.attempts++
    }
    expect(pauses).toEqual([100, 200, 400, 800, 1000, 1000])
  })

  it('asks for metadata when its leader may have changed', () => {
    const { answers$, log, sent } = settling()
    answers$.next(answered(sent('a'), [{ errorCode: NOT_LEADER }]))
    expect(log).toEqual(['retry 1 NOT_LEADER_OR_FOLLOWER', 'refresh orders', 'wake'])
  })

  it.each<[string, KafkaError, string]>([
    ['the connection broke', new DisconnectError('cut'), 'NETWORK_EXCEPTION'],
    ['there was none', new ConnectError('none'), 'CONNECT_FAILED'],
  ])('is sent again, and metadata asked for, when %s', (_what, error, code) => {
    const { answers$, log, sent, failedWith } = settling()
    answers$.next(failedWith(sent('a'), error))
    expect(log).toEqual([`retry 1 ${code}`, 'refresh orders', 'wake'])
  })

  it('is one that the answer leaves out', () => {
    const { answers$, log, sent } = settling()
    answers$.next(answered(sent('a', 'b'), [{ index: 1, baseOffset: 3n }]))
    expect(log).toEqual(['retry 1 PROTOCOL_ERROR', 'wake', 'b delivered at 3'])
  })

  it('fails with its error after its last try', () => {
    const { answers$, log, sent, accumulator } = settling({ retries: 1 })
    const [batch] = sent('a')
    answers$.next(answered([batch], [{ errorCode: NOT_ENOUGH_REPLICAS }]))
    accumulator.drain(1, 1000)
    batch.attempts++
    answers$.next(answered([batch], [{ errorCode: NOT_ENOUGH_REPLICAS }]))
    expect(log).toEqual(['retry 1 NOT_ENOUGH_REPLICAS', 'wake', 'wake', 'a failed NOT_ENOUGH_REPLICAS'])
  })

  it('fails with a timeout, which has the error as its cause, when its time is over', () => {
    const { answers$, log, sent, time } = settling()
    const [batch] = sent('a')
    time.advance(DELIVERY_TIMEOUT)
    answers$.next(answered([batch], [{ errorCode: NOT_ENOUGH_REPLICAS }]))
    expect(log).toEqual(['wake', 'a failed DELIVERY_TIMEOUT'])
  })

  it('is delivered though its time is over, when the broker has it', () => {
    const { answers$, log, sent, time } = settling()
    const batches = sent('a')
    time.advance(DELIVERY_TIMEOUT)
    answers$.next(answered(batches, [{ baseOffset: 1n }]))
    expect(log).toEqual(['wake', 'a delivered at 1'])
  })

  it.each<[string, KafkaError, string]>([
    ['no version in common', new UnsupportedVersionError('none'), 'UNSUPPORTED_VERSION'],
    ['bytes that cannot be written', new ProtocolError('bad'), 'PROTOCOL_ERROR'],
  ])('is none when there is %s', (_what, error, code) => {
    const { answers$, log, sent, failedWith } = settling()
    answers$.next(failedWith(sent('a', 'b'), error))
    expect(log).toEqual(['wake', `a failed ${code}`, `b failed ${code}`])
  })

  it('fails once the producer has given up', () => {
    const { answers$, log, sent, failedWith } = settling({ givenUp: () => new ProducerClosedError('closed') })
    answers$.next(failedWith(sent('a'), new DisconnectError('cut')))
    expect(log).toEqual(['wake', 'a failed PRODUCER_CLOSED'])
  })
})

describe('a batch of which some records are bad', () => {
  it('goes out again in the runs between them, and they alone fail, each in its turn with what the broker said of it', () => {
    const { answers$, log, sent, accumulator } = settling()
    const [batch] = sent('abcd')
    const recordErrors = [1, 3].map((batchIndex) => ({ batchIndex, batchIndexErrorMessage: `no ${batchIndex}` }))
    answers$.next(answered([batch], [{ errorCode: INVALID_RECORD, recordErrors }]))
    expect(log).toEqual(['wake'])
    for (const offset of [4n, 5n]) answers$.next(answered(accumulator.drain(1, 0), [{ baseOffset: offset }]))
    expect(log).toEqual([
      'wake',
      ...['wake', 'a delivered at 4', 'b failed INVALID_RECORD'],
      ...['wake', 'c delivered at 5', 'd failed INVALID_RECORD'],
    ])
  })

  it('fails as a whole when the broker complains of every record, or of one that there is not', () => {
    const { answers$, log, sent } = settling()
    answers$.next(
      answered(sent('ab', 'cd'), [
        { errorCode: INVALID_RECORD, recordErrors: [0, 1].map((batchIndex) => ({ batchIndex })) },
        { index: 1, errorCode: INVALID_RECORD, recordErrors: [{ batchIndex: 7 }] },
      ]),
    )
    expect(log).toEqual(['wake', 'ab failed INVALID_RECORD', 'cd failed INVALID_RECORD'])
  })
})

describe('a batch that expired on its way', () => {
  it('is not told again, whatever the answer; its partition may send again', () => {
    const { answers$, log, sent, accumulator } = settling()
    const batches = sent('a', 'b')
    const error = new ProducerClosedError('late')
    for (const batch of batches) accumulator.settle({ type: 'failed', batch, error })
    answers$.next(answered(batches, [{ index: 0 }, { index: 1, errorCode: NOT_ENOUGH_REPLICAS }]))
    expect(log).toEqual(['wake'])
    expect(sent('c', 'd').map(({ contexts }) => contexts)).toEqual([['c'], ['d']])
  })
})

describe('a batch that is too large', () => {
  it('goes out again in two, in order, at once, and its memory is given back', () => {
    const { answers$, log, sent, accumulator, memory } = settling()
    const [batch] = sent('abc')
    answers$.next(answered([batch], [{ errorCode: MESSAGE_TOO_LARGE }]))
    expect(log).toEqual(['split', 'wake'])
    expect(memory.held).toBeLessThan(1024)
    const [first] = accumulator.drain(1, 0)
    accumulator.forget(first)
    const [second] = accumulator.drain(1, 0)
    expect([first.contexts, second.contexts]).toEqual([['a', 'b'], ['c']])
    for (const part of [first, second]) part.settle()
    expect(memory.held).toBe(0)
  })

  it('fails when it is a record alone', () => {
    const { answers$, log, sent } = settling()
    answers$.next(answered(sent('a'), [{ errorCode: MESSAGE_TOO_LARGE }]))
    expect(log).toEqual(['wake', 'a failed MESSAGE_TOO_LARGE'])
  })

  it('is split though nothing is to be sent twice: in parts it has not been sent', () => {
    const { answers$, log, sent } = settling({ retries: 0 })
    answers$.next(answered(sent('ab'), [{ errorCode: MESSAGE_TOO_LARGE }]))
    expect(log).toEqual(['split', 'wake'])
  })
})

describe('a batch that the broker has already', () => {
  /** What the records of this spec are stamped with. */
  const RESENT_AT = 0
  const timestampOf = (logAppendTimeMs: bigint, attempts: number): number => {
    const { answers$, sent, settlements } = settling()
    const [batch] = sent('a')
    batch.attempts = attempts
    answers$.next(answered([batch], [{ baseOffset: 3n, logAppendTimeMs }]))
    const [settlement] = settlements
    return settlement?.type === 'delivered' ? settlement.acknowledgement.logAppendTime : NaN
  }

  it('is answered with its own highest timestamp, which is no time of appending', () => {
    expect(timestampOf(BigInt(RESENT_AT), 2)).toBe(-1)
  })

  it('keeps what is a time of appending', () => {
    expect([timestampOf(BigInt(RESENT_AT), 1), timestampOf(99n, 2)]).toEqual([RESENT_AT, 99])
  })
})
