import fc from 'fast-check'
import { recordBatch } from '../../lib/batch/record-batch'
import type { RecordBatchInput, RecordBatchRecord } from '../../lib/batch/batch-input'
import { maxSizeOfRecord, sizeOfContents } from '../../lib/batch/record-encoding'
import { HEADER_SIZE } from '../../lib/batch/batch-header'
import { ProtocolError } from '../../lib/errors'
import { batched, sized, utf8 } from '../support/records'
import golden from './golden/record-batches.json'

const T = 1_700_000_000_000

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const crcOf = (bytes: Uint8Array): string => hex(bytes.subarray(17, 21))
const encoded = (records: readonly RecordBatchRecord[], fields: Omit<RecordBatchInput, 'records'> = {}): Uint8Array =>
  recordBatch.encode({ records, ...fields })
const record = (fields: Partial<RecordBatchRecord> = {}): RecordBatchRecord => ({ timestamp: 0, key: null, value: null, ...fields })

const three = [0, 1, 2].map((i) => record({ timestamp: T + i, key: utf8(`k${i}`), value: utf8(`v${i}`) }))

describe('a record batch', () => {
  it('of one record is what Kafka writes, byte for byte', () => {
    const bytes = encoded([record({ timestamp: T, key: utf8('key'), value: utf8('value') })])
    expect(hex(bytes)).toBe(
      '000000000000000000000040ffffffff02db5e9cdd0000000000000000018bcfe568000000018bcfe56800' +
        'ffffffffffffffffffffffffffff000000011c000000066b65790a76616c756500',
    )
  })

  it.each([
    ['null key and value', null, '34bb9273'],
    ['empty key and value', new Uint8Array(0), '8258987a'],
  ])('with %s has the size and checksum that Kafka gives it', (_what, content, crc) => {
    const bytes = encoded([record({ key: content, value: content })])
    expect([bytes.length, crcOf(bytes)]).toEqual([68, crc])
  })

  it.each<[keyof typeof golden, Uint8Array]>([
    ['three-idempotent', encoded(three, { producerId: 1000n, producerEpoch: 7, baseSequence: 42 })],
    [
      'three-transactional',
      encoded(three, { producerId: 2n ** 53n + 1n, producerEpoch: 0, baseSequence: 2 ** 31 - 2, transactional: true }),
    ],
    [
      'headers',
      encoded([
        record({
          timestamp: T,
          key: utf8('ключ'),
          value: utf8('значение'),
          headers: [
            { key: 'a', value: utf8('1') },
            { key: 'a', value: null },
            { key: '', value: new Uint8Array(0) },
            { key: 'żółw', value: utf8('🐢') },
          ],
        }),
        record({ timestamp: T }),
      ]),
    ],
    [
      'deltas',
      encoded([
        record({ timestamp: T, value: utf8('now') }),
        record({ timestamp: T - 5, value: utf8('a little earlier') }),
        record({ timestamp: 0, value: utf8('long ago') }),
        record({ timestamp: 4_102_444_800_000, value: utf8('in the future') }),
      ]),
    ],
    ['long', encoded(Array.from({ length: 65 }, (_, i) => record({ timestamp: 5, value: sized(i) })))],
    ['offset', encoded([record()], { baseOffset: 9_007_199_254_740_993n })],
  ])('named %s in the golden file is what Kafka 4.4.0 writes', (name, bytes) => {
    expect(hex(bytes)).toBe(golden[name])
  })

  it('of a transaction has the checksum that is known from Kafka', () => {
    expect(crcOf(Buffer.from(golden['three-transactional'], 'hex'))).toBe('cccd845a')
  })

  it.each([
    [10, 910, 16_377],
    [100, 148, 16_277],
    [1000, 16, 16_205],
  ])('takes as many records with values of %i bytes into 16,384 as Kafka does', (valueSize, count, bytes) => {
    const size = (records: number) => encoded(Array.from({ length: records }, () => record({ value: sized(valueSize) }))).length
    expect(size(count)).toBe(bytes)
    expect(size(count + 1)).toBeGreaterThan(16_384)
  })

  it.each([
    [0, 68],
    [10, 78],
    [100, 170],
    [1000, 1070],
  ])('with one value of %i bytes has Kafka’s size', (valueSize, bytes) => {
    expect(encoded([record({ value: sized(valueSize) })])).toHaveLength(bytes)
  })

  it('without records is refused', () => {
    expect(() => encoded([])).toThrow(ProtocolError)
  })
})

describe('the upper bound of a record', () => {
  it.each([
    [0, 85],
    [10, 95],
    [100, 186],
    [1000, 1086],
  ])('with a value of %i bytes and no key is at least Kafka’s minus the bytes that both never need', (valueSize, bound) => {
    const ours = maxSizeOfRecord(sizeOfContents(batched({ value: sized(valueSize) }))) + HEADER_SIZE
    expect(ours).toBeLessThanOrEqual(bound)
    expect(ours).toBeGreaterThanOrEqual(encoded([record({ value: sized(valueSize) })]).length)
  })

  it('is never passed, wherever in a batch the record lies', () => {
    fc.assert(
      fc.property(fc.array(records(), { minLength: 1, maxLength: 20 }), (all) => {
        const bound = all.reduce(
          (sum, { key, value, headers = [] }) => sum + maxSizeOfRecord(sizeOfContents({ key, value, headers })),
          HEADER_SIZE,
        )
        expect(encoded(all).length).toBeLessThanOrEqual(bound)
      }),
    )
  })
})

/** Timestamps in any order, also far apart, so that deltas are negative and long. */
function records(): fc.Arbitrary<RecordBatchRecord> {
  const content = fc.option(fc.uint8Array({ maxLength: 300 }))
  return fc.record({
    timestamp: fc.oneof(fc.nat(2_000_000_000), fc.nat({ max: 4_102_444_800_000 }), fc.constant(T)),
    key: content,
    value: content,
    headers: fc.array(fc.record({ key: fc.string({ unit: 'grapheme', maxLength: 10 }), value: content }), { maxLength: 4 }),
  })
}

describe('encoding and decoding a record batch', () => {
  const plain = (bytes: Uint8Array | null) => (bytes === null ? null : Array.from(bytes))
  const comparable = ({ timestamp, key, value, headers = [] }: RecordBatchRecord) => ({
    timestamp,
    key: plain(key),
    value: plain(value),
    headers: headers.map((header) => ({ key: header.key, value: plain(header.value) })),
  })

  it('gives back every record, whatever is in it', () => {
    fc.assert(
      fc.property(fc.array(records(), { minLength: 1, maxLength: 40 }), (all) => {
        expect(recordBatch.decode(encoded(all)).records.map(comparable)).toEqual(all.map(comparable))
      }),
    )
  })

  it('gives back the fields of the batch', () => {
    const fields = fc.record({
      baseOffset: fc.bigInt({ min: 0n, max: 2n ** 62n }),
      partitionLeaderEpoch: fc.integer({ min: -1, max: 2 ** 31 - 1 }),
      producerId: fc.bigInt({ min: -1n, max: 2n ** 63n - 1n }),
      producerEpoch: fc.integer({ min: -1, max: 2 ** 15 - 1 }),
      baseSequence: fc.integer({ min: -1, max: 2 ** 31 - 1 }),
      transactional: fc.boolean(),
    })
    fc.assert(
      fc.property(fields, fc.integer({ min: 1, max: 5 }), (given, count) => {
        const bytes = encoded(
          Array.from({ length: count }, () => record()),
          given,
        )
        expect(recordBatch.decode(bytes)).toMatchObject({
          ...given,
          size: bytes.length,
          recordCount: count,
          lastOffset: given.baseOffset + BigInt(count - 1),
          control: false,
          timestampType: 'create',
        })
      }),
    )
  })

  it('counts offsets from the base offset', () => {
    const { records: decoded } = recordBatch.decode(encoded(three, { baseOffset: 100n }))
    expect(decoded.map(({ offset }) => offset)).toEqual([100n, 101n, 102n])
  })

  it('keeps the earliest record as the base only when it comes first, and the latest as the maximum', () => {
    const { baseTimestamp, maxTimestamp } = recordBatch.decode(encoded([7, 3, 9, 1].map((timestamp) => record({ timestamp }))))
    expect([baseTimestamp, maxTimestamp]).toEqual([7, 9])
  })

  it('reads the first batch of several, and its size says where the next begins', () => {
    const [first, second] = [encoded(three), encoded([record({ value: utf8('next') })])]
    const both = Buffer.concat([first, second])
    const { size, records: decoded } = recordBatch.decode(both)
    expect([size, decoded.length]).toEqual([first.length, 3])
    expect(hex(recordBatch.decode(both.subarray(size)).records[0].value ?? sized(0))).toBe(hex(utf8('next')))
  })

  it('reads a batch that lies somewhere inside a larger buffer', () => {
    const bytes = encoded(three)
    const shifted = Buffer.concat([sized(13), bytes]).subarray(13)
    expect(recordBatch.decode(shifted)).toEqual(recordBatch.decode(bytes))
  })
})
