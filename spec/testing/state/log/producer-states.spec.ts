import * as fc from 'fast-check'
import { readBatchHeader } from '../../../../lib/batch/batch-header'
import { errorCodeFacts } from '../../../../lib/generated/error-codes'
import { markerBatch } from '../../../../lib/testing/state/log/marker-batch'
import { PartitionLog } from '../../../../lib/testing/state/log/partition-log'
import { ProducerStates } from '../../../../lib/testing/state/log/producer-states'
import { batchOf, lettersIn, sequenced, transactional } from '../../support/batches'
import type { ProducerOptions } from '../../support/batches'

const NEVER = { now: 0, expired: -Infinity }
const LARGEST = 2 ** 31 - 1

/** The states of a partition that has nothing but a log. */
function partition() {
  const log = new PartitionLog({ retentionBytes: Infinity })
  const states = new ProducerStates()
  return {
    states,
    log,
    /** `appended`, `duplicate of` an offset, or Kafka's name of the error; appends where that is the verdict. */
    say: (batch: Uint8Array, time = NEVER): string => {
      const verdict = states.verdict(readBatchHeader(batch, 0), time.expired)
      if (verdict.type === 'duplicate') return `duplicate of ${String(verdict.baseOffset)}`
      if (verdict.type === 'refused') return errorCodeFacts(verdict.errorCode).name
      states.append(log.append(batch, 0), time)
      return 'appended'
    },
    mark: (type: 'commit' | 'abort', producerEpoch = 0, coordinatorEpoch = 0) => {
      const marker = { producerId: 7n, producerEpoch, type, coordinatorEpoch }
      if (states.refuses(marker)) return 'refused' as const
      const stored = log.append(markerBatch(marker, 0), 0)
      return states.append(stored, NEVER)
    },
  }
}

const epoch = (producerEpoch: number): ProducerOptions => ({ producerEpoch })

describe('ProducerStates', () => {
  it('lets pass whoever is nobody', () => {
    const { say, states } = partition()
    expect([say(batchOf('a')), say(batchOf('a'))]).toEqual(['appended', 'appended'])
    expect(states.size).toBe(0)
  })

  it('takes one sequence number after the other', () => {
    const { say } = partition()
    expect([say(sequenced(0, 'ab')), say(sequenced(2)), say(sequenced(3, 'abc'))]).toEqual(['appended', 'appended', 'appended'])
  })

  it('takes any first one of a producer that it does not know (KIP-360)', () => {
    const { say } = partition()
    expect([say(sequenced(100)), say(sequenced(101))]).toEqual(['appended', 'appended'])
  })

  it('refuses a gap, and what comes before', () => {
    const { say } = partition()
    say(sequenced(5))
    expect(say(sequenced(7))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
    expect(say(sequenced(4))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
    expect(say(sequenced(6))).toBe('appended')
  })

  it('knows each of the last five batches again, and says where it is', () => {
    const { say } = partition()
    for (let i = 0; i < 7; i++) say(sequenced(2 * i, 'ab'))
    expect(say(sequenced(12, 'ab'))).toBe('duplicate of 12')
    expect(say(sequenced(4, 'ab'))).toBe('duplicate of 4')
    expect(say(sequenced(2, 'ab'))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
  })

  it('does not know a part of a batch again, nor two of them', () => {
    const { say } = partition()
    say(sequenced(0, 'ab'))
    say(sequenced(2, 'ab'))
    expect(say(sequenced(2))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
    expect(say(sequenced(3))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
    expect(say(sequenced(0, 'abcd'))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
  })

  it('goes on at 0 after the largest number, between batches and within one', () => {
    const { say } = partition()
    say(sequenced(LARGEST))
    expect(say(sequenced(0))).toBe('appended')
    const other = partition()
    other.say(sequenced(LARGEST - 1, 'abc'))
    expect(other.say(sequenced(1))).toBe('appended')
    expect(other.say(sequenced(LARGEST - 1, 'abc'))).toBe('duplicate of 0')
  })

  it('begins a new epoch at 0, and forgets the batches of the old one', () => {
    const { say } = partition()
    say(sequenced(0))
    expect(say(sequenced(1, 'a', epoch(1)))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
    expect(say(sequenced(0, 'a', epoch(1)))).toBe('appended')
    expect(say(sequenced(0))).toBe('INVALID_PRODUCER_EPOCH')
    expect(say(sequenced(1, 'a', epoch(1)))).toBe('appended')
  })

  it('keeps producers apart', () => {
    const { say, states } = partition()
    expect([say(sequenced(0)), say(sequenced(50, 'a', { producerId: 8n })), say(sequenced(1))]).toEqual([
      'appended',
      'appended',
      'appended',
    ])
    expect(states.size).toBe(2)
  })

  it('forgets who was silent for too long, but for an open transaction', () => {
    const { say, states } = partition()
    const at = (now: number) => ({ now, expired: now - 1000 })
    say(sequenced(0), at(100))
    expect(say(sequenced(9), at(1099))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
    expect(say(sequenced(9), at(1100))).toBe('appended')
    say(transactional(0, 'a', { producerId: 8n }), at(100))
    expect(say(transactional(9, 'a', { producerId: 8n }), at(5000))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
    expect(states.size).toBe(2)
  })

  it('does not go by the timestamps of records, which may be of any time', () => {
    const { say } = partition()
    const time = { now: 1_000_000, expired: 900_000 }
    say(sequenced(0, 'a', { timestamp: 5 }), time)
    expect(say(sequenced(0, 'a', { timestamp: 5 }), time)).toBe('duplicate of 0')
  })

  it('lets those go that were silent for too long when new ones come all the time', () => {
    const { say, states } = partition()
    for (let i = 0; i < 10_000; i++) say(sequenced(0, 'a', { producerId: BigInt(i) }), { now: i, expired: i - 100 })
    expect(states.size).toBeLessThan(2100)
  })
})

describe('ProducerStates, transactions', () => {
  it('knows where the first open one begins, until all in-sync replicas have its marker', () => {
    const { say, mark, states } = partition()
    say(batchOf('abc'))
    say(transactional(0))
    say(transactional(0, 'a', { producerId: 8n }))
    expect(states.firstUnstableOffset).toBe(3n)
    expect(mark('commit')).toEqual({ firstOffset: 3n, aborted: false })
    expect(states.firstUnstableOffset).toBe(3n)
    states.replicated(5n)
    expect(states.firstUnstableOffset).toBe(3n)
    states.replicated(6n)
    expect(states.firstUnstableOffset).toBe(4n)
  })

  it('has an open one from the first batch to the marker, in its epoch', () => {
    const { say, mark, states } = partition()
    const header = readBatchHeader(transactional(1), 0)
    expect(states.hasOpenTransaction(header)).toBe(false)
    say(transactional(0))
    expect(states.hasOpenTransaction(header)).toBe(true)
    expect(states.hasOpenTransaction({ ...header, producerEpoch: 1 })).toBe(false)
    mark('abort')
    expect(states.hasOpenTransaction(header)).toBe(false)
  })

  it('refuses a batch beside the transaction of its producer', () => {
    const { say, mark } = partition()
    say(transactional(0))
    expect(say(sequenced(1))).toBe('INVALID_TXN_STATE')
    mark('commit')
    expect(say(sequenced(1))).toBe('appended')
  })

  it('goes on counting after a marker of the same epoch, and from 0 after one of the next (KIP-890)', () => {
    const { say, mark } = partition()
    say(transactional(0))
    mark('commit')
    expect(say(transactional(1))).toBe('appended')
    mark('commit', 1)
    expect(say(transactional(2))).toBe('INVALID_PRODUCER_EPOCH')
    expect(say(transactional(2, 'a', epoch(1)))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
    expect(say(transactional(0, 'a', epoch(1)))).toBe('appended')
  })

  it('refuses markers of an epoch, or of a coordinator, that is out of date', () => {
    const { say, mark } = partition()
    say(transactional(0, 'a', epoch(3)))
    expect(mark('abort', 2)).toBe('refused')
    expect(mark('abort', 3, 5)).toEqual({ firstOffset: 0n, aborted: true })
    expect(mark('abort', 3, 4)).toBe('refused')
  })

  it('ends nothing with a marker for a producer that has written nothing', () => {
    const { mark, states } = partition()
    expect(mark('abort')).toBeUndefined()
    expect(states.firstUnstableOffset).toBeUndefined()
  })

  it('holds back what overtakes a batch that waits for its admission', () => {
    const { say, states } = partition()
    states.awaitAdmission(readBatchHeader(transactional(0), 0), { implicit: true })
    states.awaitAdmission(readBatchHeader(transactional(1), 0), { implicit: true })
    expect(say(transactional(1))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
    expect(say(transactional(0))).toBe('appended')
    expect(say(transactional(1))).toBe('appended')
  })

  it('goes by the lowest sequence that waits, and by the latest epoch', () => {
    const { say, states } = partition()
    states.awaitAdmission(readBatchHeader(transactional(4), 0), { implicit: false })
    states.awaitAdmission(readBatchHeader(transactional(2), 0), { implicit: false })
    expect(say(transactional(4))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
    states.awaitAdmission(readBatchHeader(transactional(9, 'a', epoch(1)), 0), { implicit: false })
    expect(say(transactional(9, 'a', epoch(1)))).toBe('appended')
  })

  it('wants 0 from somebody unknown whose batches join transactions by themselves', () => {
    const { say, states } = partition()
    states.awaitAdmission(readBatchHeader(transactional(5), 0), { implicit: true })
    expect(say(transactional(5))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
    const older = partition()
    older.states.awaitAdmission(readBatchHeader(transactional(5), 0), { implicit: false })
    expect(older.say(transactional(5))).toBe('appended')
  })

  it('forgets that somebody waits when the transaction is ended', () => {
    const { mark, states, say } = partition()
    states.awaitAdmission(readBatchHeader(transactional(3), 0), { implicit: false })
    mark('abort')
    expect(say(transactional(7))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
    expect(say(transactional(0))).toBe('appended')
  })

  it('can be copied: the copy goes its own way', () => {
    const { say, states } = partition()
    say(sequenced(0))
    const copy = states.copy()
    say(sequenced(1))
    expect(copy.verdict(readBatchHeader(sequenced(1), 0), NEVER.expired).type).toBe('next')
    expect(states.verdict(readBatchHeader(sequenced(1), 0), NEVER.expired).type).toBe('duplicate')
  })
})

/** Where a batch is lost: on its way to the broker, or on the way back; or not at all. */
const fate = fc.constantFrom('arrives', 'arrives', 'request lost', 'answer lost')

describe('a producer that sends again what was not answered', () => {
  it('has each of its batches in the log once and in order, with up to five on their way', () => {
    const run = fc.record({
      first: fc.constantFrom(0, 7, LARGEST - 6),
      sizes: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 25 }),
      fates: fc.array(fate, { maxLength: 60 }),
      inFlight: fc.integer({ min: 1, max: 5 }),
    })
    fc.assert(fc.property(run, sendsOnceAndInOrder))
  })
})

interface Run {
  readonly first: number
  readonly sizes: readonly number[]
  readonly fates: readonly string[]
  readonly inFlight: number
}

/** Batches leave in order on one connection: when something is lost on it, so are all answers after it, and all requests after a lost one. */
function sendsOnceAndInOrder({ first, sizes, fates, inFlight }: Run): void {
  const { log, say } = partition()
  let sequence = first
  const waiting = sizes.map((size, i) => {
    const batch = sequenced(sequence, String.fromCharCode(97 + i).repeat(size))
    sequence = (sequence + size) % 2 ** 31
    return batch
  })
  const expected = waiting.map((batch) => lettersIn(batch)).join('')
  let turn = 0
  while (waiting.length > 0) {
    const flying = waiting.splice(0, inFlight)
    const ends = flying.map(() => fates[turn++] ?? 'arrives')
    const arriving = lengthBefore(ends.indexOf('request lost'), flying)
    const answered = Math.min(arriving, lengthBefore(ends.indexOf('answer lost'), flying))
    const answers = flying.slice(0, arriving).map((batch) => say(batch))
    expect(answers.filter((each) => each !== 'appended' && !each.startsWith('duplicate'))).toEqual([])
    waiting.unshift(...flying.slice(answered))
  }
  expect(lettersIn(Buffer.concat(log.batches.map(({ bytes }) => bytes)))).toBe(expected)
}

const lengthBefore = (index: number, list: readonly unknown[]): number => (index < 0 ? list.length : index)
