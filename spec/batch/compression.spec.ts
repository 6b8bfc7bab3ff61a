import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { decompressFrameSync } from 'lz4-napi'
import { compressionTypeOf, compressorOf, decompress } from '../../lib/batch/compression/compression'
import type { Compression, CompressionType, Compressor } from '../../lib/batch/compression/compression'
import { ConfigError } from '../../lib/errors'
import { utf8 } from '../support/records'

type Codec = Exclude<CompressionType, 'none'>

const CODECS: readonly Codec[] = ['gzip', 'snappy', 'lz4', 'zstd']
const LIMIT = 128 * 1024 * 1024

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const fromHex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex')
/** JSON-like, so that there is something to find. */
const text = (size: number): Uint8Array => Buffer.alloc(size, '{"id":1234,"name":"somebody","tags":["a","b"],"at":1700000000000}\n')

const compressor = (compression: Compression): Compressor => {
  const found = compressorOf(compression)
  if (found === undefined) throw new Error('no codec')
  return found
}
const compressed = (compression: Compression, ...parts: Uint8Array[]): Uint8Array => Buffer.concat(compressor(compression).compress(parts))
const decompressed = (type: CompressionType, bytes: Uint8Array, maxBytes = LIMIT): Uint8Array =>
  decompress(type, bytes, { maxBytes, position: 0 })

describe('the codecs', () => {
  it('have Kafka’s numbers', () => {
    expect([0, 1, 2, 3, 4, 5].map(compressionTypeOf)).toEqual(['none', ...CODECS, undefined])
    expect(CODECS.map((type) => compressor(type).id)).toEqual([1, 2, 3, 4])
  })

  it('are none for none', () => {
    expect([compressorOf('none'), compressorOf({ type: 'none' })]).toEqual([undefined, undefined])
    expect(decompressed('none', utf8('as it is'))).toEqual(utf8('as it is'))
  })

  it.each<[Codec, string]>([
    ['gzip', '1f8b08'],
    ['snappy', '82534e4150505900 00000001 00000001'],
    ['lz4', '04224d18 60 40 82'],
    ['zstd', '28b52ffd'],
  ])('%s begins as its format says', (type, magic) => {
    const expected = magic.replaceAll(' ', '')
    expect(hex(compressed(type, text(1000))).slice(0, expected.length)).toBe(expected)
  })

  it.each(CODECS)('%s makes repetition smaller', (type) => {
    expect(compressed(type, text(100_000)).length).toBeLessThan(10_000)
  })

  it.each<Compression>([...CODECS, { type: 'gzip', level: 1 }, { type: 'zstd', level: 9 }])(
    '%j makes the same of it on another thread',
    async (compression) => {
      const parts = [utf8('first '), text(300_000), utf8(' last')]
      const elsewhere = Buffer.concat(await compressor(compression).compressElsewhere(parts))
      expect(Buffer.compare(elsewhere, compressed(compression, ...parts))).toBe(0)
    },
  )

  it('lz4 writes frames that the library reads, also of parts that it cannot make smaller', () => {
    const parts = [text(200_000), randomBytes(70_000), utf8('x'), text(100)]
    expect(Buffer.compare(decompressFrameSync(Buffer.from(compressed('lz4', ...parts))), Buffer.concat(parts))).toBe(0)
  })

  it.each(CODECS)('%s makes bytes that do not change with what it was given: they are written over it', async (type) => {
    const parts = [randomBytes(3000), text(3000)]
    const whole = Buffer.concat(parts)
    const made = [compressor(type).compress(parts), await compressor(type).compressElsewhere(parts)]
    for (const part of parts) part.fill(0)
    for (const compressed of made) expect(Buffer.compare(decompressed(type, Buffer.concat(compressed)), whole)).toBe(0)
  })

  it.each(CODECS)('%s takes several parts as one', (type) => {
    const parts = [utf8('first '), utf8(''), text(70_000), utf8(' last')]
    expect(hex(decompressed(type, compressed(type, ...parts)))).toBe(hex(Buffer.concat(parts)))
  })

  it.each(CODECS)('%s gives back what it took, whatever that is', (type) => {
    const content = fc.oneof(
      fc.uint8Array({ maxLength: 2000 }),
      fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 50 }), fc.nat(200_000)).map(([seed, size]) => Buffer.alloc(size, seed)),
    )
    fc.assert(
      fc.property(content, (bytes) => {
        expect(Buffer.compare(decompressed(type, compressed(type, bytes)), bytes)).toBe(0)
      }),
      { numRuns: 100 },
    )
  })

  it.each(CODECS)('%s gives back what cannot be made smaller, also beyond its block', (type) => {
    let state = 1
    const noise = Uint8Array.from({ length: 300_000 }, () => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) >>> 24)
    expect(Buffer.compare(decompressed(type, compressed(type, noise)), noise)).toBe(0)
  })

  it.each(CODECS)('%s holds exactly as much as the limit, and not a byte more', (type) => {
    const bytes = compressed(type, text(5000))
    expect(decompressed(type, bytes, 5000)).toHaveLength(5000)
    expect(() => decompressed(type, bytes, 4999)).toThrow(/more than the limit allows/)
  })
})

describe('levels', () => {
  it.each<[Codec, readonly number[]]>([
    ['gzip', [-1, 1, 6, 9]],
    ['lz4', [9]],
    ['zstd', [-131_072, -5, 1, 3, 22]],
  ])('of %s are those of Kafka', (type, levels) => {
    for (const level of levels) expect(decompressed(type, compressed({ type, level }, text(3000)))).toHaveLength(3000)
  })

  it('make a difference', () => {
    expect(compressed({ type: 'gzip', level: 9 }, text(100_000)).length).toBeLessThan(
      compressed({ type: 'gzip', level: 1 }, text(100_000)).length,
    )
    expect(compressed({ type: 'zstd', level: 3 }, text(1000)).length).toBeLessThan(
      compressed({ type: 'zstd', level: -131_072 }, text(1000)).length,
    )
  })

  it.each<[Compression, RegExp]>([
    [{ type: 'gzip', level: 0 }, /gzip takes 1 to 9/],
    [{ type: 'gzip', level: 10 }, /gzip takes 1 to 9/],
    [{ type: 'gzip', level: 1.5 }, /level 1.5 is not possible/],
    [{ type: 'gzip', level: Number.NaN }, /level NaN is not possible/],
    [{ type: 'zstd', level: 23 }, /zstd takes -131072 to 22/],
    [{ type: 'zstd', level: -131_073 }, /zstd takes -131072 to 22/],
    [{ type: 'lz4', level: 18 }, /lz4 takes 1 to 17/],
    [{ type: 'lz4', level: 17 }, /lz4 can be had at level 9 alone: the package lz4-napi/],
    [{ type: 'snappy', level: 1 }, /snappy has no levels/],
    [{ type: 'none', level: 1 }, /none has no levels/],
    ['brotli' as CompressionType, /'brotli' is not one of none, gzip, snappy, lz4, zstd/],
  ])('that cannot be had are refused: %j', (compression, message) => {
    expect(() => compressorOf(compression)).toThrow(ConfigError)
    expect(() => compressorOf(compression)).toThrow(message)
  })
})

describe('what others wrote, or read', () => {
  it('gzip is what node:zlib reads, also in several members, as from a writer that flushes by closing', () => {
    expect(hex(gunzipSync(compressed('gzip', text(5000))))).toBe(hex(text(5000)))
    expect(decompressed('gzip', Buffer.concat([gzipSync(utf8('one ')), gzipSync(utf8('two'))]))).toEqual(utf8('one two'))
  })

  it('snappy is read raw, as librdkafka writes it', () => {
    // Literal "Wikipedia", from the description of the format: a length, then one literal.
    expect(decompressed('snappy', fromHex('09 20 57696b697065646961'))).toEqual(utf8('Wikipedia'))
  })

  it('snappy is read in xerial’s frame, also when two streams were joined', () => {
    const one = compressed('snappy', utf8('one '))
    expect(decompressed('snappy', Buffer.concat([one, compressed('snappy', text(70_000))]))).toHaveLength(70_004)
  })

  it('snappy is written in blocks of 32 KiB', () => {
    const bytes = compressed('snappy', text(32_769))
    const first = Buffer.from(bytes).readUInt32BE(16)
    expect(hex(bytes.subarray(20 + first))).toBe('00000003' + '01' + '00' + hex(text(32_769).subarray(32_768)))
  })

  it.each<[string, string]>([
    ['a stored block', '04224d18 60 40 82 02000080 6869 00000000'],
    ['the size of its content and its checksum', '04224d18 6c 40 0200000000000000 00 02000080 6869 00000000 deadbeef'],
    ['checksums of blocks', '04224d18 70 40 00 02000080 6869 deadbeef 00000000'],
    ['a compressed block', '04224d18 60 70 73 03000000 206869 00000000'],
  ])('lz4 is read with %s', (_what, bytes) => {
    expect(decompressed('lz4', fromHex(bytes))).toEqual(utf8('hi'))
  })

  it.each<[string, string]>([
    ['a raw block', '28b52ffd 20 02 110000 6869'],
    ['a run', '28b52ffd 20 02 130000 68'],
    ['an unknown size', '28b52ffd 00 58 110000 6869'],
    ['a skippable frame before it', '502a4d18 03000000 010203 28b52ffd 20 02 110000 6869'],
    ['a skippable frame after it', '28b52ffd 20 02 110000 6869 5f2a4d18 00000000'],
  ])('zstd is read with %s', (_what, bytes) => {
    expect(decompressed('zstd', fromHex(bytes))).toHaveLength(2)
  })

  it('zstd is read in several frames', () => {
    const frames = Buffer.concat([compressed('zstd', text(3000)), compressed('zstd', text(200_000))])
    expect(decompressed('zstd', frames)).toHaveLength(203_000)
  })

  const available = (command: string): boolean => {
    try {
      execFileSync(command, ['--version'], { stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  }

  it.each<[Codec, string]>([
    ['gzip', 'gzip'],
    ['lz4', 'lz4'],
    ['zstd', 'zstd'],
  ])('%s is what its command reads and writes, where there is one', (type, command) => {
    if (!available(command)) return
    const content = text(500_000)
    const [theirs, ours] = [
      execFileSync(command, ['-c'], { input: content }),
      execFileSync(command, ['-dc'], { input: compressed(type, content) }),
    ]
    expect([hex(decompressed(type, theirs)), hex(ours)]).toEqual([hex(content), hex(content)])
  })
})
