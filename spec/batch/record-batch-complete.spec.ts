import { HEADER_SIZE } from '../../lib/batch/batch-header'
import { compressBatch } from '../../lib/batch/compression/compress-batch'
import type { CompressionType } from '../../lib/batch/compression/compression'
import { compressorOf } from '../../lib/batch/compression/compression'
import { recordBatch } from '../../lib/batch/record-batch'
import type { RecordBatchInput, RecordBatchRecord } from '../../lib/batch/batch-input'
import { ConfigError, ProtocolError } from '../../lib/errors'
import { crc32c } from '../../lib/wire/crc32c'
import { sized, utf8 } from '../support/records'
import golden from './golden/compressed-batches.json'

const T = 1_700_000_000_000
const TYPES: readonly CompressionType[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd']
const CODECS = TYPES.slice(1)

const text = (bytes: Uint8Array | null): string | null => (bytes === null ? null : Buffer.from(bytes).toString())
const fromJava = (name: keyof typeof golden) => recordBatch.decode(Buffer.from(golden[name], 'hex'))

/** As spec/batch/golden/CompressedBatches.java has them. */
const plain = Array.from({ length: 50 }, (_, i) => ({
  timestamp: T + i,
  key: utf8(`key ${String(i)}`),
  value: utf8(`the value of record number ${String(i)}`),
}))

const records: readonly RecordBatchRecord[] = [
  { timestamp: T, key: utf8('key'), value: utf8('value'), headers: [{ key: 'a', value: null }] },
  { timestamp: T - 5, key: null, value: Buffer.alloc(100_000, 'large ') },
  { timestamp: T + 5, key: utf8(''), value: null },
]

/** A batch with its attributes and other bytes replaced, and a checksum that fits them. */
function forged(bytes: Uint8Array, change: (bytes: Buffer) => void): Uint8Array {
  const copy = Buffer.from(bytes)
  change(copy)
  copy.writeUInt32BE(crc32c(copy.subarray(21)), 17)
  return copy
}

/** A batch around whatever bytes. */
function around(content: Uint8Array, attributes: number, count: number): Uint8Array {
  const header = Buffer.from(recordBatch.encode({ records }).subarray(0, HEADER_SIZE))
  return forged(Buffer.concat([header, content]), (bytes) => {
    bytes.writeInt32BE(bytes.length - 12, 8)
    bytes.writeInt16BE(attributes, 21)
    bytes.writeInt32BE(count, 57)
  })
}

describe('a compressed batch of Java', () => {
  it.each<[keyof typeof golden, CompressionType]>([
    ['gzip', 'gzip'],
    ['snappy', 'snappy'],
    ['lz4', 'lz4'],
    ['lz4-high', 'lz4'],
    ['zstd', 'zstd'],
    ['zstd-negative', 'zstd'],
  ])('is read: %s', (name, compression) => {
    const batch = fromJava(name)
    expect(batch).toMatchObject({ compression, baseOffset: 5n, lastOffset: 54n, partitionLeaderEpoch: 4, recordCount: 50 })
    expect(batch.records.map(({ timestamp, key, value }) => [timestamp, text(key), text(value)])).toEqual(
      plain.map(({ timestamp, key, value }) => [timestamp, text(key), text(value)]),
    )
  })

  it.each(['gzip-large', 'snappy-large', 'lz4-large', 'zstd-large'] as const)('is read, also of several blocks: %s', (name) => {
    const values = new Set(fromJava(name).records.map(({ value }) => text(value)))
    expect(values).toEqual(new Set(['0123456789'.repeat(100)]))
  })

  it('begins as ours does: the header of the codec’s frame', () => {
    for (const type of ['snappy', 'lz4'] as const) {
      const [theirs, ours] = [Buffer.from(golden[type], 'hex'), recordBatch.encode({ records: plain, compression: type })]
      const magic = type === 'lz4' ? 7 : 16
      expect(ours.subarray(HEADER_SIZE, HEADER_SIZE + magic)).toEqual(theirs.subarray(HEADER_SIZE, HEADER_SIZE + magic))
    }
  })

  it('has the attributes that we write too', () => {
    const ours = recordBatch.encode({ records: plain, compression: 'gzip', timestampType: 'append', baseOffset: 5n })
    expect(ours.subarray(21, 23)).toEqual(Buffer.from(golden['append-time'], 'hex').subarray(21, 23))
  })

  it('gives all records the time at which the broker appended them', () => {
    const { timestampType, records: stamped } = fromJava('append-time')
    expect([timestampType, ...new Set(stamped.map(({ timestamp }) => timestamp))]).toEqual(['append', 1_700_000_009_999])
  })
})

describe('a control batch of Java', () => {
  it.each<['commit' | 'abort', number]>([
    ['commit', 11],
    ['abort', 12],
  ])('tells the end of a transaction: %s', (type, coordinatorEpoch) => {
    const batch = fromJava(type)
    expect(batch).toMatchObject({ control: true, transactional: true, producerId: 7n, producerEpoch: 1, compression: 'none' })
    expect(batch.records.map(({ marker }) => marker)).toEqual([{ version: 0, type, coordinatorEpoch }])
  })
})

describe('a marker', () => {
  const markerOf = (key: string | null, value: string | null = null, control = true) => {
    const bytes = (hex: string | null) => (hex === null ? null : Buffer.from(hex, 'hex'))
    const batch = recordBatch.encode({ records: [{ timestamp: T, key: bytes(key), value: bytes(value) }], control })
    return recordBatch.decode(batch).records[0]?.marker
  }

  it.each([
    ['0000 0001', '0000 00000003', { version: 0, type: 'commit', coordinatorEpoch: 3 }],
    ['0001 0000', '0001 00000003 ffff', { version: 1, type: 'abort', coordinatorEpoch: 3 }],
    ['0000 0000', null, { version: 0, type: 'abort' }],
    ['0000 0000', '0000', { version: 0, type: 'abort' }],
    ['0000 0002', '0000', { version: 0, type: 'leader-change' }],
    ['0000 0003', null, { version: 0, type: 'snapshot-header' }],
    ['0000 0004', null, { version: 0, type: 'snapshot-footer' }],
    ['0000 0005', null, { version: 0, type: 'kraft-version' }],
    ['0000 0006', null, { version: 0, type: 'kraft-voters' }],
    ['0000 0007', null, { version: 0, type: 'unknown' }],
    ['0000 ffff', null, { version: 0, type: 'unknown' }],
    ['0000 0001 00', null, { version: 0, type: 'commit' }],
    ['ffff 0001', null, undefined],
    ['0000 00', null, undefined],
    [null, null, undefined],
  ])('with key %s and value %s is %j', (key, value, marker) => {
    expect(markerOf(key?.replaceAll(' ', '') ?? null, value?.replaceAll(' ', '') ?? null)).toEqual(marker)
  })

  it('is nothing that a user’s record can be', () => {
    expect(markerOf('00000001', '000000000003', false)).toBeUndefined()
  })
})

describe('encoding and decoding', () => {
  const facts: Omit<RecordBatchInput, 'records'> = {
    baseOffset: 100n,
    partitionLeaderEpoch: 3,
    producerId: 9n,
    producerEpoch: 2,
    baseSequence: 77,
    transactional: true,
  }

  it.each(TYPES)('gives back records and facts, compressed with %s', (compression) => {
    const bytes = recordBatch.encode({ records, compression, ...facts })
    const { records: decoded, ...batch } = recordBatch.decode(bytes)
    expect(batch).toMatchObject({ ...facts, compression, size: bytes.length, control: false, deleteHorizon: undefined, lastOffset: 102n })
    expect([batch.baseTimestamp, batch.maxTimestamp]).toEqual([T, T + 5])
    expect(decoded.map(({ offset, timestamp, key, value, headers }) => [offset, timestamp, text(key), text(value), headers])).toEqual(
      records.map(({ timestamp, key, value, headers = [] }, i) => [100n + BigInt(i), timestamp, text(key), text(value), headers]),
    )
  })

  it('takes a codec with its level', () => {
    const [fast, small] = [1, 9].map((level) => recordBatch.encode({ records, compression: { type: 'gzip', level } }).length)
    expect(small).toBeLessThan(fast ?? 0)
    expect(() => recordBatch.encode({ records, compression: { type: 'gzip', level: 10 } })).toThrow(ConfigError)
  })

  it('compresses no other bytes than those that it lays out without a codec', () => {
    const [whole, compressor] = [recordBatch.encode({ records }), compressorOf('gzip')]
    if (compressor === undefined) throw new Error('gzip is always there')
    const cut = [whole.subarray(0, 90), whole.subarray(90, 5000), whole.subarray(5000)]
    expect(Buffer.concat(compressBatch(cut, compressor))).toEqual(recordBatch.encode({ records, compression: 'gzip' }))
    expect(Buffer.concat(cut)).toEqual(whole)
  })

  it('knows the horizon after which a compacted log may drop the batch', () => {
    const bytes = forged(recordBatch.encode({ records }), (batch) => batch.writeInt16BE(0x40, 21))
    expect(recordBatch.decode(bytes)).toMatchObject({ deleteHorizon: T, baseTimestamp: T })
  })

  it('reads a batch that compaction has emptied, whatever codec its header names', () => {
    for (const codec of [0, 1, 2, 3, 4]) expect(recordBatch.decode(around(sized(0), codec, 0)).records).toEqual([])
  })
})

describe('several batches', () => {
  const batches = TYPES.map((compression, i) => recordBatch.encode({ records, compression, baseOffset: BigInt(i * 3) }))
  const all = Buffer.concat(batches)

  it('are read one behind the other', () => {
    const decoded = [...recordBatch.decodeAll(all)]
    expect(decoded.map(({ compression, size }) => [compression, size])).toEqual(TYPES.map((type, i) => [type, batches[i]?.length]))
    expect(decoded.flatMap(({ records: of }) => of.map(({ offset }) => offset))).toEqual(Array.from({ length: 15 }, (_, i) => BigInt(i)))
  })

  it('are none in no bytes', () => {
    expect([...recordBatch.decodeAll(sized(0))]).toEqual([])
  })

  it('are read up to the last whole one, wherever the broker cut', () => {
    const [first, second] = [recordBatch.encode({ records: plain }), recordBatch.encode({ records: plain, compression: 'zstd' })]
    const both = Buffer.concat([first, second])
    for (let length = 0; length <= both.length; length++) {
      const whole = Number(length >= first.length) + Number(length === both.length)
      expect([...recordBatch.decodeAll(both.subarray(0, length))]).toHaveLength(whole)
    }
  })

  it('are read one at a time: a corrupt one does not take those before it along', () => {
    const corrupt = Buffer.from(all)
    corrupt[all.length - 1] ^= 1
    const iterator = recordBatch.decodeAll(corrupt)
    for (const type of TYPES.slice(0, -1)) expect(iterator.next().value).toMatchObject({ compression: type })
    expect(() => iterator.next()).toThrow(ProtocolError)
  })

  it('are refused with the position in the whole', () => {
    const first = recordBatch.encode({ records })
    const position = (second: Uint8Array): unknown => {
      try {
        return [...recordBatch.decodeAll(Buffer.concat([first, second]))]
      } catch (error) {
        return (error as ProtocolError).position - first.length
      }
    }
    expect(position(around(sized(10), 0, 1))).toBe(HEADER_SIZE + 7)
    expect(position(around(utf8('no gzip'), 1, 1))).toBe(HEADER_SIZE)
    expect(position(Buffer.alloc(100))).toBe(16)
  })

  it.each([-2_147_483_648, -13, -1, 0, 48])('end with an error at a batch that claims a length of %i', (length) => {
    const bytes = Buffer.from(recordBatch.encode({ records }))
    bytes.writeInt32BE(length, 8)
    expect(() => [...recordBatch.decodeAll(bytes)]).toThrow(ProtocolError)
  })
})

describe('hostile batches', () => {
  it.each([5, 6, 7])('codec %i, which there is not, is refused', (codec) => {
    expect(() => recordBatch.decode(around(sized(1), codec, 1))).toThrow(/codec/)
  })

  it.each(CODECS)('records beyond maxDecompressedBytes are refused: %s', (compression) => {
    const bytes = recordBatch.encode({ records, compression })
    expect(recordBatch.decode(bytes, { maxDecompressedBytes: 200_000 }).records).toHaveLength(3)
    expect(() => recordBatch.decode(bytes, { maxDecompressedBytes: 100_000 })).toThrow(/more than the limit allows/)
  })

  it.each([0, -1, Number.NaN])('maxDecompressedBytes of %d is no limit', (maxDecompressedBytes) => {
    expect(() => recordBatch.decode(recordBatch.encode({ records }), { maxDecompressedBytes })).toThrow(ConfigError)
  })

  it('uncompressed batches have no such limit', () => {
    expect(recordBatch.decode(recordBatch.encode({ records }), { maxDecompressedBytes: 1 }).records).toHaveLength(3)
  })

  const compressed = (bytes: Uint8Array): Uint8Array => Buffer.concat(compressorOf('gzip')?.compress([bytes]) ?? [bytes])
  /** A record of seven bytes, over and over: each becomes an object many times as large. */
  const tiny = Buffer.alloc(7 * 2_000_000, Buffer.from('0c000000010100', 'hex'))

  it('millions of tiny records in a small batch are refused before they are made', () => {
    const bytes = around(compressed(tiny), 1, 2_000_000)
    expect(bytes.length).toBeLessThan(100_000)
    expect(() => recordBatch.decode(bytes)).toThrow(/holds 2000000 records, more than maxDecompressedBytes allows/)
    expect(recordBatch.decode(around(compressed(tiny.subarray(0, 7000)), 1, 1000)).records).toHaveLength(1000)
  })

  it('millions of tiny headers are refused too', () => {
    // 2,000,000 headers with an empty key and no value, in one record of 4,000,009 bytes.
    const head = Buffer.from([0x92, 0xa4, 0xe8, 0x03, 0, 0, 0, 1, 1, 0x80, 0x92, 0xf4, 0x01])
    const bytes = around(compressed(Buffer.concat([head, Buffer.alloc(4_000_000, Buffer.from('0001', 'hex'))])), 1, 1)
    expect(() => recordBatch.decode(bytes)).toThrow(/holds 2000000 headers in one record, more than maxDecompressedBytes allows/)
  })

  it.each(CODECS)('a count that the decompressed records do not have is refused: %s', (compression) => {
    const bytes = recordBatch.encode({ records, compression })
    for (const count of [-1, 0, 2, 4, 2 ** 31 - 1]) {
      expect(() => recordBatch.decode(forged(bytes, (batch) => batch.writeInt32BE(count, 57)))).toThrow(ProtocolError)
    }
  })

  it.each(CODECS)('a batch that is cut off within its compressed records is refused: %s', (compression) => {
    const content = recordBatch.encode({ records, compression }).subarray(HEADER_SIZE)
    for (let length = 0; length < content.length; length += Math.ceil(content.length / 100)) {
      const bytes = around(content.subarray(0, length), TYPES.indexOf(compression), records.length)
      expect(() => recordBatch.decode(bytes)).toThrow(ProtocolError)
    }
  })
})

describe('what a batch cannot hold', () => {
  const record = { timestamp: 1, key: null, value: null }

  it.each([
    ['producerEpoch', { producerEpoch: 70_000 }],
    ['baseSequence', { baseSequence: 2 ** 32 + 5 }],
    ['producerId', { producerId: 2n ** 64n }],
    ['baseOffset', { baseOffset: 5 as unknown as bigint }],
    ['timestamp of record 1', { records: [record, { ...record, timestamp: 1.5 }] }],
    ['timestamp of record 0', { records: [{ ...record, timestamp: -5 }] }],
    ['value of record 0', { records: [{ ...record, value: 'abc' as unknown as Uint8Array }] }],
  ])('is refused by name, and not cut off: %s', (name, wrong) => {
    expect(() => recordBatch.encode({ records: [record], ...wrong })).toThrow(`as ${name}`)
    expect(() => recordBatch.encode({ records: [record], ...wrong })).toThrow(ProtocolError)
  })
})
