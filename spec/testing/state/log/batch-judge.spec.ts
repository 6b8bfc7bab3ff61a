import { gzipSync } from 'node:zlib'
import { recordBatch } from '../../../../lib/batch/record-batch'
import { ErrorCode, errorCodeFacts } from '../../../../lib/generated/error-codes'
import { judgeBatch } from '../../../../lib/testing/state/log/batch-judge'
import type { BatchRules } from '../../../../lib/testing/state/log/batch-rules'
import { altered, AT, batchOf, damaged, lettersIn, sequenced } from '../../support/batches'

const RULES: BatchRules = {
  maxMessageBytes: 1_000_000,
  segmentBytes: 1_000_000_000,
  timestampType: 'create',
  now: 5000,
  oldest: -Infinity,
  latest: Infinity,
  compacted: false,
  compression: undefined,
}

const judge = (batch: Uint8Array, rules: Partial<BatchRules> = {}) => judgeBatch(batch, { ...RULES, ...rules })

/** `accepted`, or Kafka's name of the error. */
function verdict(batch: Uint8Array, rules: Partial<BatchRules> = {}): string {
  const judged = judge(batch, rules)
  return judged.type === 'accepted' ? 'accepted' : errorCodeFacts(judged.errorCode).name
}

/** What goes into the log; the batch must be accepted. */
function accepted(batch: Uint8Array, rules: Partial<BatchRules> = {}) {
  const judged = judge(batch, rules)
  if (judged.type === 'refused') throw new Error(`It was refused with ${String(judged.errorCode)}`)
  return judged
}

const good = batchOf('abc', { timestamp: 1000 })

describe('judgeBatch', () => {
  it('takes a batch as it is', () => {
    const { bytes, time } = accepted(good)
    expect(bytes).toBe(good)
    expect(time).toEqual({ type: 'create', maxTimestamp: 1002 })
  })

  it.each([
    ['is shorter than a header', good.subarray(0, 60), 'CORRUPT_MESSAGE'],
    ['has a wrong checksum', damaged(good, (view) => view.setUint8(80, 1)), 'CORRUPT_MESSAGE'],
    ['has offsets already', altered(good, (view) => view.setBigInt64(AT.baseOffset, 1n)), 'INVALID_RECORD'],
    ['is compressed with a codec of the future', altered(good, (view) => view.setInt16(AT.attributes, 5)), 'UNKNOWN_SERVER_ERROR'],
    ['counts no records', altered(good, (view) => view.setInt32(AT.recordCount, 0)), 'INVALID_RECORD'],
    ['counts fewer records than offsets', altered(good, (view) => view.setInt32(AT.recordCount, 2)), 'INVALID_RECORD'],
    ['has a negative last offset', altered(good, (view) => view.setInt32(AT.lastOffsetDelta, -1)), 'INVALID_RECORD'],
    ['is a control batch', batchOf('a', { control: true }), 'INVALID_RECORD'],
    ['has a producer and no sequence', batchOf('a', { producerId: 1n, producerEpoch: 0 }), 'INVALID_RECORD'],
    ['begins at a time that no number holds', altered(good, (view) => view.setBigInt64(27, 2n ** 62n)), 'INVALID_TIMESTAMP'],
    ['holds records that are none', altered(good, (view) => view.setUint8(AT.records, 4)), 'INVALID_RECORD'],
    ['says gzip and is not', altered(good, (view) => view.setInt16(AT.attributes, 1)), 'UNKNOWN_SERVER_ERROR'],
  ])('refuses one that %s', (_, batch, error) => {
    expect(verdict(batch)).toBe(error)
  })

  it('refuses one with both counts wrong alike', () => {
    const wrong = altered(good, (view) => [view.setInt32(AT.recordCount, 4), view.setInt32(AT.lastOffsetDelta, 3)])
    expect(verdict(wrong)).toBe('INVALID_RECORD')
  })

  it('knows how large a batch may be, and looks at its size before its checksum', () => {
    expect(verdict(good, { maxMessageBytes: good.length })).toBe('accepted')
    expect(verdict(good, { maxMessageBytes: good.length - 1 })).toBe('MESSAGE_TOO_LARGE')
    expect(
      verdict(
        damaged(good, (view) => view.setUint8(80, 1)),
        { maxMessageBytes: 10 },
      ),
    ).toBe('MESSAGE_TOO_LARGE')
    expect(verdict(good, { segmentBytes: good.length - 1 })).toBe('RECORD_LIST_TOO_LARGE')
  })

  it('wants keys in a compacted topic, and names the records that have none (KIP-467)', () => {
    const records = ['x', null, null].map((key) => ({ timestamp: 0, key: key === null ? null : Buffer.from(key), value: null }))
    const judged = judge(recordBatch.encode({ records }), { compacted: true })
    expect(judged).toMatchObject({
      type: 'refused',
      errorCode: ErrorCode.INVALID_RECORD,
      errorMessage: expect.stringContaining('2 of its records'),
      recordErrors: [{ batchIndex: 1 }, { batchIndex: 2 }],
    })
    expect(verdict(batchOf('abc', { key: 'x' }), { compacted: true })).toBe('accepted')
  })

  it('wants timestamps within the limits of the topic, if there are any', () => {
    expect(judge(good, { oldest: 1001 })).toMatchObject({ errorCode: ErrorCode.INVALID_TIMESTAMP, recordErrors: [{ batchIndex: 0 }] })
    expect(judge(good, { latest: 1000 })).toMatchObject({
      errorCode: ErrorCode.INVALID_TIMESTAMP,
      recordErrors: [{ batchIndex: 1 }, { batchIndex: 2 }],
    })
    expect(verdict(batchOf('a', { timestamp: -1 }), { oldest: 1000 })).toBe('accepted')
  })

  it('says INVALID_TIMESTAMP as soon as one record is out of time, whatever is wrong with the others', () => {
    expect(judge(good, { latest: 1001, compacted: true })).toMatchObject({
      errorCode: ErrorCode.INVALID_RECORD,
      recordErrors: [{ batchIndex: 0 }, { batchIndex: 1 }, { batchIndex: 2 }],
    })
    const records = [
      { timestamp: 0, key: null, value: null },
      { timestamp: 9, key: Buffer.from('x'), value: null },
    ]
    expect(judge(recordBatch.encode({ records }), { latest: 5, compacted: true })).toMatchObject({
      errorCode: ErrorCode.INVALID_TIMESTAMP,
      recordErrors: [{ batchIndex: 0 }, { batchIndex: 1 }],
    })
  })

  it('writes its own time over that of the records where the topic says so', () => {
    expect(accepted(good, { timestampType: 'append', latest: 0 }).time).toEqual({ type: 'append', maxTimestamp: 5000 })
  })

  it('does not let a producer say that the time is that of the append', () => {
    const claimed = batchOf('ab', { timestampType: 'append' })
    expect(judge(claimed, { timestampType: 'append' })).toMatchObject({
      errorCode: ErrorCode.INVALID_TIMESTAMP,
      recordErrors: [{ batchIndex: 0 }, { batchIndex: 1 }],
    })
    expect(accepted(claimed).time).toEqual({ type: 'create', maxTimestamp: 1 })
  })

  it('finds the latest time by itself', () => {
    for (const claimed of [9n, -1n, 2n ** 62n]) {
      expect(accepted(altered(good, (view) => view.setBigInt64(AT.maxTimestamp, claimed))).time.maxTimestamp).toBe(1002)
    }
  })

  it.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)('looks into what is compressed with %s', (compression) => {
    expect(accepted(batchOf('abc', { compression, timestamp: 7 })).time.maxTimestamp).toBe(9)
    expect(verdict(batchOf('abc', { compression }), { compacted: true })).toBe('INVALID_RECORD')
  })

  it.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const)('writes a batch anew in the compression of the topic: %s', (compression) => {
    const { bytes } = accepted(sequenced(5, 'abc', { compression: compression === 'gzip' ? 'none' : 'gzip' }), { compression })
    expect(recordBatch.decode(bytes)).toMatchObject({ compression, producerId: 7n, producerEpoch: 0, baseSequence: 5 })
    expect(lettersIn(bytes)).toBe('abc')
  })

  it('does not write a batch anew whose records are from before 1970', () => {
    const early = altered(batchOf('a'), (view) => view.setBigInt64(27, -500n))
    expect(verdict(early)).toBe('accepted')
    expect(verdict(early, { compression: 'gzip' })).toBe('UNKNOWN_SERVER_ERROR')
  })

  it('writes a compressed batch anew whose records are counted wrongly, as some old clients do', () => {
    const inner = altered(batchOf('ab'), (view) => view.setUint8(AT.records + 3, 40)).subarray(AT.records)
    const { bytes } = accepted(gzipped(inner))
    expect(recordBatch.decode(bytes).records.map(({ offset }) => offset)).toEqual([0n, 1n])
  })
})

/** A batch of two whose records are these bytes, compressed. */
function gzipped(records: Uint8Array): Uint8Array {
  const batch = Buffer.concat([batchOf('ab', { compression: 'gzip' }).subarray(0, AT.records), gzipSync(records)])
  return altered(batch, (view) => view.setInt32(AT.length, batch.length - 12))
}
