import { allEqual, compare, renderTable, verdict } from '../../demo/report'
import { tally } from '../../demo/tally'
import { progressLine } from '../../demo/progress'
import { topicDigest } from '../../kafka/digest'
import { BrokerError } from '../../lib/errors'

const record = (key: string, value: string | null) => ({ key, value, headers: [{ key: 'h', value: 'ü' }] })
const timestamp = 0

const bytes = ({ key, value }: ReturnType<typeof record>) => ({
  key: Buffer.from(key),
  value: value === null ? null : Buffer.from(value),
  headers: [{ key: 'h', value: Buffer.from('ü') }],
})

const sent = [record('a', 'ä'), record('b', null), record('c', '3')]

const books = () => {
  const kept = tally()
  sent.forEach((context, i) => {
    kept.sent()
    kept.settled({ type: 'delivered', topic: 't', partition: i % 2, offset: BigInt(i >> 1), timestamp, context })
  })
  return kept
}

const topicOf = (records: typeof sent) => {
  const digest = topicDigest()
  records.forEach((one, i) => digest.add(i % 2, BigInt(i >> 1), bytes(one)))
  return digest.results(3)
}

describe('the report of the demo', () => {
  it('is satisfied when every partition holds what was sent', () => {
    const rows = compare(books().expected(3), topicOf(sent))
    expect(rows.map(({ sent, arrived, offsets, bytes, equal }) => [sent, arrived, offsets, bytes, equal])).toEqual([
      [2, 2, '0-1', 5, true],
      [1, 1, '0-0', 1, true],
      [0, 0, '-', 0, true],
    ])
    expect(verdict(books().counts(), rows)).toBe('3 of 3 records delivered: everything arrived and equals what was sent')
  })

  it('sees a value that differs, and only in its partition', () => {
    const rows = compare(books().expected(3), topicOf([sent[0] ?? record('', ''), record('b', ''), sent[2] ?? record('', '')]))
    expect(rows.map(({ equal }) => equal)).toEqual([true, false, true])
    expect(verdict(books().counts(), rows)).toMatch(/NOT everything/)
    expect(renderTable(rows)).toMatch(/│\s+1 │\s+1 │\s+1 │\s+0-0 │\s+1 │\s+NO │/)
  })

  it('sees a record that is missing or too many', () => {
    expect(allEqual(compare(books().expected(3), topicOf(sent.slice(0, 2))))).toBe(false)
    expect(allEqual(compare(books().expected(3), topicOf([...sent, record('d', '4')])))).toBe(false)
  })

  it('counts failures, keeps the first few, and is not content with what is left', () => {
    const kept = tally()
    const error = new BrokerError('no', { errorCode: 29, name: 'TOPIC_AUTHORIZATION_FAILED', retriable: false })
    for (let i = 0; i < 9; i++) {
      kept.sent()
      kept.settled({ type: 'failed', topic: 't', error, context: record(`k${i}`, '') })
    }
    expect(kept.counts()).toEqual({ sent: 9, delivered: 0, failed: 9, bytes: 0 })
    expect(kept.failures()).toHaveLength(5)
    expect(kept.failures()[0]).toBe('k0: TOPIC_AUTHORIZATION_FAILED no')
    expect(verdict(kept.counts(), compare(kept.expected(3), topicOf([])))).toMatch(/^0 of 9 .* NOT everything/)
  })
})

describe('progressLine', () => {
  it('says how far, how many and how fast', () => {
    const counts = { sent: 20_000, delivered: 10_000, failed: 0, bytes: 5 * 1024 ** 2 }
    expect(progressLine(counts, 0.256, 2)).toBe('   25 % read  20,000 sent  10,000 delivered  5,000 records/s  2.5 MB/s')
    expect(progressLine({ ...counts, failed: 3 }, 1, 0)).toBe('  100 % read  20,000 sent  10,000 delivered  3 FAILED')
  })
})
