import type * as Compressions from '../../lib/batch/compression/compression'
import type { CompressionType } from '../../lib/batch/compression/compression'
import { utf8 } from '../support/records'

const PACKAGES: readonly [CompressionType, string][] = [
  ['snappy', 'snappy'],
  ['lz4', 'lz4-napi'],
  ['zstd', '@toondepauw/node-zstd'],
]

/** As on Node 20, whatever runs this. */
const zlibWithoutZstd = (): object =>
  Object.fromEntries(Object.entries(jest.requireActual<object>('node:zlib')).filter(([name]) => !/zstd/i.test(name)))

function freshly<T>(use: (compressions: typeof Compressions) => T): T {
  let result: T | undefined
  jest.isolateModules(() => {
    result = use(jest.requireActual<typeof Compressions>('../../lib/batch/compression/compression'))
  })
  return result as T
}

const thrownBy = (work: () => unknown): unknown => {
  try {
    return work()
  } catch (error) {
    return error
  }
}

describe('a codec whose package is not installed', () => {
  beforeEach(() => {
    jest.doMock('node:zlib', zlibWithoutZstd)
    for (const [, name] of PACKAGES) {
      jest.doMock(name, () => {
        throw new Error(`Cannot find module '${name}'`)
      })
    }
  })
  afterEach(() => {
    for (const name of ['node:zlib', ...PACKAGES.map(([, name]) => name)]) jest.dontMock(name)
  })

  it.each(PACKAGES)('%s is missed when it is first used, not before, by an error that says what to install', (type, name) => {
    const error = freshly(({ compressorOf }) => {
      const compressor = compressorOf(type)
      return thrownBy(() => compressor?.compress([utf8('x')]))
    })
    expect(error).toMatchObject({
      name: 'CompressionCodecMissingError',
      code: 'COMPRESSION_CODEC_MISSING',
      compression: type,
      packageName: name,
      retriable: false,
      message: `Compression with ${type} needs the package ${name}, which cannot be loaded: npm install ${name}`,
      cause: { message: `Cannot find module '${name}'` },
    })
  })

  it.each<[CompressionType, string]>([
    ['snappy', '0100' + '61'],
    ['lz4', '04224d18604082' + '02000000' + '1061' + '00000000'],
    ['zstd', '28b52ffd2001090000' + '61'],
  ])('%s is missed when a batch is read', (type, bytes) => {
    const error = freshly(({ decompress }) => thrownBy(() => decompress(type, Buffer.from(bytes, 'hex'), { maxBytes: 1000, position: 0 })))
    expect(error).toMatchObject({ code: 'COMPRESSION_CODEC_MISSING' })
  })

  it('does not hinder gzip', () => {
    const content = freshly(({ compressorOf, decompress }) =>
      decompress('gzip', Buffer.concat(compressorOf('gzip')?.compress([utf8('content')]) ?? []), { maxBytes: 1000, position: 0 }),
    )
    expect(content).toEqual(utf8('content'))
  })
})

describe('zstd', () => {
  afterEach(() => {
    jest.dontMock('node:zlib')
    jest.dontMock('@toondepauw/node-zstd')
  })

  /** As on Node 22.15 and later, whatever runs this; what it was asked for goes into the list. */
  function zlibWithZstd(calls: unknown[]): object {
    const builtIn = {
      constants: { ZSTD_c_compressionLevel: 100 },
      zstdCompress: () => undefined,
      zstdCompressSync: (bytes: Uint8Array, options: unknown) => (calls.push(options), bytes),
      zstdDecompressSync: (bytes: Uint8Array, options: unknown) => (calls.push(options), bytes.subarray(9)),
    }
    return { ...zlibWithoutZstd(), ...builtIn }
  }
  const useAll = ({ compressorOf, decompress }: typeof Compressions): void => {
    compressorOf({ type: 'zstd', level: -7 })?.compress([utf8('x')])
    compressorOf('zstd')?.compress([utf8('x')])
    decompress('zstd', Buffer.from('28b52ffd200109000061', 'hex'), { maxBytes: 1000, position: 0 })
  }

  it('is compressed by its package where that is there, and unpacked by node:zlib, which is told where to stop', () => {
    const calls: unknown[] = []
    const levels: number[] = []
    jest.doMock('node:zlib', () => zlibWithZstd(calls))
    jest.doMock('@toondepauw/node-zstd', () => ({
      Encoder: class {
        constructor(level: number) {
          levels.push(level)
        }
        encodeSync = (bytes: Uint8Array): Uint8Array => bytes
      },
    }))
    freshly(useAll)
    // It is tried out first, at the level that is the default.
    expect([levels, calls]).toEqual([[3, -7, 3], [{ maxOutputLength: 1000 }]])
  })

  it.each([
    [
      'is not there',
      () => {
        throw new Error('not there')
      },
    ],
    ['is of another kind', () => ({ compress: () => new Uint8Array(0) })],
  ])('is taken from node:zlib alone where the package %s', (_how, made) => {
    const calls: unknown[] = []
    jest.doMock('node:zlib', () => zlibWithZstd(calls))
    jest.doMock('@toondepauw/node-zstd', made)
    freshly(useAll)
    expect(calls).toEqual([
      { params: { 100: -7 }, pledgedSrcSize: 1, chunkSize: 1024 },
      { params: { 100: 3 }, pledgedSrcSize: 1, chunkSize: 1024 },
      { maxOutputLength: 1000 },
    ])
  })

  it('is unpacked without a look at the package where node:zlib can', () => {
    const calls: unknown[] = []
    let asked = false
    jest.doMock('node:zlib', () => zlibWithZstd(calls))
    jest.doMock('@toondepauw/node-zstd', () => {
      asked = true
      return {}
    })
    freshly(({ decompress }) => decompress('zstd', Buffer.from('28b52ffd200109000061', 'hex'), { maxBytes: 1000, position: 0 }))
    expect([asked, calls]).toEqual([false, [{ maxOutputLength: 1000 }]])
  })

  it('comes from its package elsewhere', () => {
    jest.doMock('node:zlib', zlibWithoutZstd)
    const content = freshly(({ compressorOf, decompress }) =>
      decompress('zstd', Buffer.concat(compressorOf('zstd')?.compress([utf8('content')]) ?? []), { maxBytes: 1000, position: 0 }),
    )
    expect(content).toEqual(utf8('content'))
  })
})
