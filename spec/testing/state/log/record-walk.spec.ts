import * as fc from 'fast-check'
import { HEADER_SIZE } from '../../../../lib/batch/batch-header'
import { recordBatch } from '../../../../lib/batch/record-batch'
import { ErrorCode } from '../../../../lib/generated/error-codes'
import { MalformedRecords, walkRecords } from '../../../../lib/testing/state/log/record-walk'
import type { RecordsExpected } from '../../../../lib/testing/state/log/record-walk'
import { altered, AT, batchOf } from '../../support/batches'

const anything = { oldest: -Infinity, latest: Infinity, appendTime: undefined }

/** The records of a batch, as they follow its header. */
const walked = (batch: Uint8Array, expected: Partial<RecordsExpected> = {}) => {
  const { recordCount: count, baseTimestamp } = recordBatch.decode(batch)
  return walkRecords(batch.subarray(HEADER_SIZE), { ...anything, count, baseTimestamp, ...expected })
}

/** The error for a batch with one byte of its records changed. */
function errorFor(at: number, byte: number): number | undefined {
  const records = altered(batchOf('abc'), (view) => view.setUint8(AT.records + at, byte)).subarray(HEADER_SIZE)
  try {
    walkRecords(records, { ...anything, count: 3, baseTimestamp: 0 })
  } catch (error) {
    if (error instanceof MalformedRecords) return error.errorCode
    throw error
  }
  return undefined
}

const bytes = fc.option(fc.uint8Array({ maxLength: 300 }), { nil: null })
const record = fc.record({
  timestamp: fc.oneof(fc.integer({ min: -1, max: 2 ** 40 }), fc.integer({ min: 0, max: 100 })),
  key: bytes,
  value: bytes,
  headers: fc.array(fc.record({ key: fc.string({ maxLength: 10 }), value: bytes }), { maxLength: 4 }),
})

describe('walkRecords', () => {
  it('walks through whatever was encoded, and says what is true of it', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 20 }), (records) => {
        const found = walked(recordBatch.encode({ records }))
        expect(found.count).toBe(records.length)
        expect(found.isConsecutive).toBe(true)
        expect(found.maxTimestamp).toBe(Math.max(-1, ...records.map(({ timestamp }) => timestamp)))
        expect(found.withoutKey).toEqual([...records.keys()].filter((i) => records[i]?.key === null))
        expect(found.outOfTime).toEqual([])
      }),
    )
  })

  it('names the records that are out of time, but for those that have none', () => {
    const records = [50, 100, -1, 200, 201].map((timestamp) => ({ timestamp, key: null, value: null }))
    expect(walked(recordBatch.encode({ records }), { oldest: 100, latest: 200 }).outOfTime).toEqual([0, 4])
  })

  it('takes the time of the append for all, where that counts', () => {
    expect(walked(batchOf('abc', { timestamp: 5 }), { appendTime: 900, latest: 100 })).toMatchObject({
      maxTimestamp: 900,
      outOfTime: [0, 1, 2],
    })
  })

  it('sees offsets that are not consecutive, and does not look at the attributes of records', () => {
    expect(walked(altered(batchOf('abc'), (view) => view.setUint8(AT.records + 3, 40))).isConsecutive).toBe(false)
    expect(walked(altered(batchOf('abc'), (view) => view.setUint8(AT.records + 1, 0xff))).isConsecutive).toBe(true)
  })

  it('reads times far from that of the first record', () => {
    const far = 2 ** 50
    const records = [0, far, 3].map((timestamp) => ({ timestamp, key: null, value: null }))
    expect(walked(recordBatch.encode({ records })).maxTimestamp).toBe(far)
  })

  // The first record: length, attributes, two deltas, key, value, headers.
  it.each([
    ['its length is too small', 0, 10],
    ['its length is larger than the batch', 0, 0xfe],
    ['its length is negative', 0, 1],
    ['its key is longer than the batch', 4, 0x7e],
    ['its value is longer than the batch', 5, 0x7e],
    ['it claims more headers than bytes', 7, 0x7e],
    ['it claims a negative number of headers', 7, 1],
  ])('refuses a record when %s', (_, at, byte) => {
    expect(errorFor(at, byte)).toBe(ErrorCode.INVALID_RECORD)
  })

  it('refuses more bytes, or fewer, than the records that are counted', () => {
    const batch = batchOf('abc')
    expect(() => walked(batch, { count: 2 })).toThrow(MalformedRecords)
    expect(() => walked(batch, { count: 4 })).toThrow(MalformedRecords)
  })

  it('refuses numbers that are too long', () => {
    const long = new Uint8Array(20).fill(0xff)
    const inLength = (): unknown => walkRecords(long, { ...anything, count: 1, baseTimestamp: 0 })
    expect(inLength).toThrow(expect.objectContaining({ errorCode: ErrorCode.UNKNOWN_SERVER_ERROR }))
    const inTime = (): unknown => walkRecords(Uint8Array.of(30, 0, ...long), { ...anything, count: 1, baseTimestamp: 0 })
    expect(inTime).toThrow(expect.objectContaining({ errorCode: ErrorCode.INVALID_RECORD }))
  })

  it('gives up on any bytes at all without an error of another kind', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.integer({ min: 1, max: 2 ** 31 - 1 }), (any, count) => {
        const walk = (): unknown => walkRecords(any, { ...anything, count, baseTimestamp: 0 })
        let thrown: unknown
        try {
          walk()
        } catch (error) {
          thrown = error
        }
        expect(thrown === undefined || thrown instanceof MalformedRecords).toBe(true)
      }),
    )
  })
})
