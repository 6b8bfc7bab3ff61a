import fc from 'fast-check'
import { recordBatch } from '../../lib/batch/record-batch'
import { ProtocolError } from '../../lib/errors'
import { crc32c } from '../../lib/wire/crc32c'
import { utf8 } from '../support/records'

const CRC_AT = 17
const ATTRIBUTES_AT = 21
const MAX_TIMESTAMP_AT = 35
const COUNT_AT = 57
const RECORDS_AT = 61

const good = recordBatch.encode({
  records: [
    { timestamp: 5, key: utf8('key'), value: utf8('value'), headers: [{ key: 'h', value: utf8('x') }] },
    { timestamp: 6, key: null, value: utf8('second') },
  ],
})

/** The batch with some bytes replaced, and a checksum that fits them: only the checks behind the checksum can refuse it. */
function forged(change: (bytes: Buffer) => void): Uint8Array {
  const bytes = Buffer.from(good)
  change(bytes)
  bytes.writeUInt32BE(crc32c(bytes.subarray(ATTRIBUTES_AT)), CRC_AT)
  return bytes
}

describe('decoding bytes that are no record batch', () => {
  it('refuses a batch that is cut off, wherever that is', () => {
    for (let length = 0; length < good.length; length++) {
      expect(() => recordBatch.decode(good.subarray(0, length))).toThrow(ProtocolError)
    }
  })

  it('refuses a batch of which any byte behind the checksum was changed', () => {
    for (let at = CRC_AT; at < good.length; at++) {
      const bytes = Buffer.from(good)
      bytes[at] ^= 0x40
      expect(() => recordBatch.decode(bytes)).toThrow(ProtocolError)
    }
  })

  it.each([0, 1, 3, 127])('refuses format %i', (magic) => {
    const bytes = Buffer.from(good)
    bytes[16] = magic
    expect(() => recordBatch.decode(bytes)).toThrow(/format/)
  })

  it.each([-1, 0, 48, good.length - 12 + 1, 2 ** 31 - 1])('refuses a length of %i', (length) => {
    const bytes = Buffer.from(good)
    bytes.writeInt32BE(length, 8)
    expect(() => recordBatch.decode(bytes)).toThrow(ProtocolError)
  })

  it.each([-1, 1, 3, 1000, 2 ** 31 - 1])('refuses a count of %i records where there are two, and allocates nothing for it', (count) => {
    const bytes = forged((batch) => batch.writeInt32BE(count, COUNT_AT))
    const before = process.memoryUsage().heapUsed + process.memoryUsage().external
    expect(() => recordBatch.decode(bytes)).toThrow(ProtocolError)
    expect(process.memoryUsage().heapUsed + process.memoryUsage().external - before).toBeLessThan(64 * 1024 * 1024)
  })

  it('refuses a count of headers beyond the bytes that are left', () => {
    const headersAt = Buffer.from(good).indexOf('h') - 2
    const bytes = forged((batch) => (batch[headersAt] = 0x7e))
    expect(() => recordBatch.decode(bytes)).toThrow(ProtocolError)
  })

  it('refuses a header whose key is null', () => {
    const keyLengthAt = Buffer.from(good).indexOf('h') - 1
    expect(() => recordBatch.decode(forged((batch) => (batch[keyLengthAt] = 1)))).toThrow(/header is null/)
  })

  it('refuses a record that does not end where its length says', () => {
    expect(() => recordBatch.decode(forged((batch) => (batch[RECORDS_AT] += 2)))).toThrow(ProtocolError)
  })

  it('refuses a timestamp beyond what a number holds', () => {
    expect(() => recordBatch.decode(forged((batch) => batch.writeBigInt64BE(2n ** 60n, MAX_TIMESTAMP_AT)))).toThrow(/timestamp/)
  })

  it.each([1, 2, 3, 4])('refuses compression codec %i, which it does not have', (codec) => {
    expect(() => recordBatch.decode(forged((batch) => (batch[ATTRIBUTES_AT + 1] = codec)))).toThrow(/compressed/)
  })

  it('gives all records the time of appending where the broker stamps them', () => {
    const stamped = forged((batch) => {
      batch[ATTRIBUTES_AT + 1] = 0x08
      batch.writeBigInt64BE(99n, MAX_TIMESTAMP_AT)
    })
    const { timestampType, records } = recordBatch.decode(stamped)
    expect([timestampType, ...records.map(({ timestamp }) => timestamp)]).toEqual(['append', 99, 99])
  })

  it('knows a batch of markers', () => {
    expect(recordBatch.decode(forged((batch) => (batch[ATTRIBUTES_AT + 1] = 0x20))).control).toBe(true)
  })

  it('either reads forged bytes or refuses them with a ProtocolError, never otherwise', () => {
    const changes = fc.array(fc.tuple(fc.integer({ min: ATTRIBUTES_AT, max: good.length - 1 }), fc.nat(255)), {
      minLength: 1,
      maxLength: 4,
    })
    let refused = 0
    fc.assert(
      fc.property(changes, (all) => {
        const bytes = forged((batch) => all.forEach(([at, byte]) => (batch[at] = byte)))
        try {
          const { records } = recordBatch.decode(bytes)
          expect(records.length).toBeLessThan(bytes.length)
        } catch (error) {
          refused++
          expect(error).toBeInstanceOf(ProtocolError)
        }
      }),
      { numRuns: 2000 },
    )
    expect(refused).toBeGreaterThan(0)
  })
})
