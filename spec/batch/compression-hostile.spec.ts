import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { compressorOf, decompress } from '../../lib/batch/compression/compression'
import type { CompressionType } from '../../lib/batch/compression/compression'
import { ProtocolError } from '../../lib/errors'
import { utf8 } from '../support/records'

const CODECS: readonly CompressionType[] = ['gzip', 'snappy', 'lz4', 'zstd']
const MIB = 1024 * 1024
/** Where the compressed bytes are said to begin. */
const POSITION = 1000

const fromHex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex')
const compressed = (type: CompressionType, bytes: Uint8Array): Uint8Array => Buffer.concat(compressorOf(type)?.compress([bytes]) ?? [bytes])
const read = (type: CompressionType, bytes: Uint8Array, maxBytes = MIB): Uint8Array =>
  decompress(type, bytes, { maxBytes, position: POSITION })

/** The error, and how much memory it took to find out. */
function refusalOf(type: CompressionType, bytes: Uint8Array, maxBytes = MIB): { error: unknown; grown: number } {
  const before = process.memoryUsage().rss
  let error: unknown
  try {
    read(type, bytes, maxBytes)
  } catch (thrown) {
    error = thrown
  }
  return { error, grown: process.memoryUsage().rss - before }
}

describe('compressed bytes that are cut off', () => {
  const content = Buffer.alloc(70_000, 'the quick brown fox jumps over the lazy dog, ')

  it.each(CODECS)('are refused, wherever that is: %s', (type) => {
    const whole = compressed(type, content)
    // What xerial cuts between two blocks is whole; the records in it are not, which their count says.
    const steps = Math.max(1, Math.floor(whole.length / 300))
    for (let length = 0; length < whole.length; length += steps) {
      const { error } = refusalOf(type, whole.subarray(0, length))
      if (error !== undefined || type !== 'snappy') expect(error).toBeInstanceOf(ProtocolError)
    }
  })

  it.each(CODECS)('or changed are read or refused, never anything else: %s', (type) => {
    const whole = compressed(type, content)
    const changes = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(changes, (all) => {
        const bytes = Buffer.from(whole)
        for (const [at, byte] of all) bytes[at] = byte
        const { error } = refusalOf(type, bytes)
        if (error !== undefined) expect(error).toBeInstanceOf(ProtocolError)
      }),
      { numRuns: 500 },
    )
  })

  it.each(CODECS)('or random are read or refused, never anything else: %s', (type) => {
    const start = compressed(type, utf8('')).subarray(0, 8)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(start.length), (bytes, kept) => {
        const { error } = refusalOf(type, Buffer.concat([start.subarray(0, kept), bytes]))
        if (error !== undefined) expect(error).toBeInstanceOf(ProtocolError)
      }),
      { numRuns: 500 },
    )
  })
})

describe('bombs', () => {
  const zeros = Buffer.alloc(64 * MIB)

  it.each(CODECS)('%s stops at the limit, in little memory', (type) => {
    const { error, grown } = refusalOf(type, compressed(type, zeros), MIB)
    expect(error).toBeInstanceOf(ProtocolError)
    expect(String(error)).toMatch(/more than the limit allows/)
    expect(grown).toBeLessThan(48 * MIB)
  })

  it('gzip in many members stops at the limit', () => {
    const member = gzipSync(Buffer.alloc(MIB / 2))
    expect(refusalOf('gzip', Buffer.concat([member, member, member])).error).toBeInstanceOf(ProtocolError)
  })

  it('zstd in many frames stops at the limit', () => {
    const frame = compressed('zstd', Buffer.alloc(MIB / 2))
    expect(refusalOf('zstd', Buffer.concat([frame, frame, frame])).error).toBeInstanceOf(ProtocolError)
  })

  it.each<[CompressionType, string, string]>([
    ['snappy', '82534e4150505900 00000001 00000001', '00000003 01 00 61'],
    ['lz4', '04224d18 60 70 73', '02000000 1061'],
    ['zstd', '', '28b52ffd 20 01 090000 61'],
  ])('%s in more blocks than any batch has is refused at once', (type, header, block) => {
    const bytes = Buffer.concat([fromHex(header), Buffer.alloc(70_000 * fromHex(block).length, fromHex(block))])
    expect(String(refusalOf(type, bytes).error)).toMatch(/more blocks than any batch has/)
  })
})

describe('lies about sizes', () => {
  it.each<[string, CompressionType, string]>([
    ['a block of 4 GiB', 'snappy', 'ffffffff0f 00 61'],
    ['a block that its bytes cannot hold', 'snappy', '8080 04 00 61'],
    ['a size without end', 'snappy', 'ff'.repeat(400)],
    ['an empty block', 'snappy', ''],
    ['an empty block in a frame', 'snappy', '82534e4150505900 00000001 00000001 00000000'],
    ['a block beyond the end', 'snappy', '82534e4150505900 00000001 00000001 7fffffff 01 00 61'],
    ['a negative block', 'snappy', '82534e4150505900 00000001 00000001 ffffffff 01 00 61'],
    ['a later version', 'snappy', '82534e4150505900 00000002 00000002 00000003 01 00 61'],
    ['a block larger than blocks are', 'lz4', '04224d18 60 40 82 01000100 1061 00000000'],
    ['a block beyond the end', 'lz4', '04224d18 60 40 82 ff000000 1061 00000000'],
    ['a block size that is not known', 'lz4', '04224d18 60 30 82 02000000 1061 00000000'],
    ['something behind the end', 'lz4', '04224d18 60 40 82 02000000 1061 00000000 00'],
    ['blocks that depend on each other', 'lz4', '04224d18 40 40 c0 02000000 1061 00000000'],
    ['a dictionary', 'lz4', '04224d18 61 40 00 00000000 02000000 1061 00000000'],
    ['another version', 'lz4', '04224d18 a0 40 00 02000000 1061 00000000'],
    ['another magic', 'lz4', '02214c18 60 40 82 02000000 1061 00000000'],
    ['a run longer than blocks are', 'zstd', '28b52ffd 00 58 fbffff 61'],
    ['a kind of block that there is not', 'zstd', '28b52ffd 00 58 0f0000 61'],
    ['a reserved bit', 'zstd', '28b52ffd 08 58 090000 61'],
    ['something behind the end', 'zstd', '28b52ffd 20 01 090000 61 00000000'],
    ['a content that is larger than said', 'zstd', '28b52ffd 20 01 110000 6161'],
    ['a skippable frame beyond the end', 'zstd', '502a4d18 ffffff7f 00'],
    ['something behind the end', 'gzip', Buffer.concat([gzipSync('x'), Buffer.from('garbage')]).toString('hex')],
  ])('%s is refused: %s', (_what, type, bytes) => {
    const { error, grown } = refusalOf(type, fromHex(bytes))
    expect(error).toBeInstanceOf(ProtocolError)
    expect(grown).toBeLessThan(48 * MIB)
  })

  it('allocate nothing, however many blocks tell them', () => {
    // Four MiB each by the frame's header, of which a block of two bytes can hold 510 at the most.
    const lies = Buffer.concat([fromHex('04224d18 60 70 73'), Buffer.alloc(60_000 * 6, fromHex('02000000 1061')), Buffer.alloc(4)])
    const before = process.memoryUsage().rss
    expect(read('lz4', lies)).toHaveLength(60_000)
    expect(process.memoryUsage().rss - before).toBeLessThan(160 * MIB)
  })
})

describe('the error', () => {
  it.each<[CompressionType, string, number]>([
    ['snappy', '82534e4150505900 00000001 00000001 00000003 010061 00000009 01', 27],
    ['lz4', '04224d18 60 40 82 05000000 1061', 11],
    ['zstd', '28b52ffd 20 01 090000 61 00000000', 10],
  ])('of %s says where in the batch it was', (type, bytes, at) => {
    expect(refusalOf(type, fromHex(bytes)).error).toMatchObject({ code: 'PROTOCOL_ERROR', position: POSITION + at })
  })

  it.each(CODECS)('of %s names the codec', (type) => {
    expect(String(refusalOf(type, utf8('this is none of them')).error)).toContain(`compressed with ${type}`)
  })
})
