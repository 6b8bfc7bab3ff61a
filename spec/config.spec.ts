import { inspect } from 'node:util'
import { VirtualTimeScheduler } from 'rxjs'
import type { Compression } from '../lib/batch/compression/compression'
import { resolveConfig } from '../lib/config'
import { ConfigError } from '../lib/errors'
import type * as Producers from '../lib/producer'
import { clockOf } from '../lib/time'
import { serialized, utf8 } from './support/records'

const brokers = ['localhost:9092']

/** As a caller without types would: with any option of any value. */
const resolve = (options: object) => resolveConfig({ brokers, ...options })

function problemsOf(options: object): readonly string[] {
  try {
    resolve(options)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('the options of a producer', () => {
  it('have Kafka’s defaults', () => {
    expect(resolve({})).toMatchObject({
      bootstrap: [{ host: 'localhost', port: 9092 }],
      clientId: 'kafkarx',
      acks: -1,
      linger: 5,
      batchSize: 16_384,
      maxBatchSize: 262_144,
      compression: 'none',
      maxRequestSize: 1_048_576,
      bufferMemory: 33_554_432,
      waitingMemory: 268_435_456,
      maxInFlight: 5,
      maxBlock: 60_000,
      deliveryTimeout: 120_000,
      requestTimeout: 30_000,
      connectionSetupTimeout: 10_000,
      connectionSetupTimeoutMax: 30_000,
      connectionsMaxIdle: 540_000,
      metadataMaxAge: 300_000,
      metadataMaxIdle: 300_000,
      metadataRebootstrapTrigger: 300_000,
      metadataRecovery: 'rebootstrap',
      retries: 2 ** 31 - 1,
      retryBackoff: 100,
      retryBackoffMax: 1000,
      reconnectBackoff: 50,
      reconnectBackoffMax: 1000,
      partitioner: undefined,
      adaptivePartitioning: true,
      partitionerAvailabilityTimeout: 0,
      preferredRack: undefined,
      scheduler: undefined,
    })
  })

  it('are taken as they are given', () => {
    const scheduler = new VirtualTimeScheduler()
    const given = { clientId: 'me', linger: 0, batchSize: 0, maxInFlight: 1, retries: 0, partitioner: () => 0, scheduler }
    expect(resolve(given)).toMatchObject(given)
  })

  it.each([
    [undefined, -1],
    ['all', -1],
    [-1, -1],
    [1, 1],
    [0, 0],
  ])('mean by acks %p: %i', (acks, meaning) => {
    expect(resolve({ acks }).acks).toBe(meaning)
  })

  it('let a batch grow at least to the size at which it leaves', () => {
    expect(resolve({ batchSize: 500_000 }).maxBatchSize).toBe(500_000)
    expect(resolve({ batchSize: 500_000, maxBatchSize: 1000 }).maxBatchSize).toBe(500_000)
  })
})

describe('compression', () => {
  it.each<Compression>([
    'none',
    'gzip',
    'snappy',
    'lz4',
    'zstd',
    { type: 'gzip', level: 9 },
    { type: 'zstd', level: -7 },
    { type: 'none' },
  ])('may be %j', (compression) => {
    expect(resolve({ compression }).compression).toEqual(compression)
  })

  it.each<[unknown, RegExp]>([
    ['brotli', /^compression: 'brotli' is not one of none, gzip, snappy, lz4, zstd$/],
    [3, /^compression: 3 given; a name expected/],
    [null, /^compression: null given/],
    [true, /^compression: true given/],
    [{ level: 3 }, /a name expected, such as 'gzip', or \{ type, level \}$/],
    [{ type: 4 }, /a name expected/],
    [{ type: 'gzip', speed: 3 }, /a name expected/],
    [{ type: 'gzip', level: 10 }, /^compression: level 10 is not possible: gzip takes 1 to 9$/],
    [{ type: 'gzip', level: '9' }, /^compression: level 9 is not possible/],
    [{ type: 'snappy', level: 1 }, /snappy has no levels$/],
    [{ type: 'zstd', level: 23 }, /zstd takes/],
  ])('cannot be %j, which is said beside all else that is wrong', (compression, problem) => {
    expect(problemsOf({ compression, linger: -1 })).toEqual([expect.stringMatching(/^linger: /), expect.stringMatching(problem)])
  })

  it('whose package is missing is an error of its own, at once', () => {
    jest.isolateModules(() => {
      jest.doMock('lz4-napi', () => {
        throw new Error('not here')
      })
      const { producer } = jest.requireActual<typeof Producers>('../lib/producer')
      expect(() => producer({ brokers, compression: 'lz4' })).toThrow(
        expect.objectContaining({ code: 'COMPRESSION_CODEC_MISSING', packageName: 'lz4-napi' }),
      )
      expect(() => producer({ brokers, compression: 'lz4', linger: -1 })).toThrow(expect.objectContaining({ code: 'INVALID_CONFIG' }))
      jest.dontMock('lz4-napi')
    })
  })
})

describe('addresses', () => {
  it.each([
    ['127.0.0.1:9092', { host: '127.0.0.1', port: 9092 }],
    ['kafka.example.com:1', { host: 'kafka.example.com', port: 1 }],
    [' padded:65535 ', { host: 'padded', port: 65_535 }],
    ['[::1]:9092', { host: '::1', port: 9092 }],
    ['[fe80::1%eth0]:9092', { host: 'fe80::1%eth0', port: 9092 }],
  ])('as %j are understood', (text, address) => {
    expect(resolve({ brokers: [text] }).bootstrap).toEqual([address])
  })

  it.each([
    'localhost',
    ':9092',
    'localhost:',
    'localhost:0',
    'localhost:65536',
    'localhost:9o92',
    '::1:9092',
    '[::1]',
    'kafka://localhost:9092',
    '',
    42,
    null,
  ])('as %p are refused by name', (broker) => {
    expect(problemsOf({ brokers: [broker] })).toEqual([expect.stringMatching(/^brokers: .*host:port expected/)])
  })

  it('are tried in the order in which they are given', () => {
    expect(resolve({ brokers: ['b:2', 'a:1'] }).bootstrap.map(({ host }) => host)).toEqual(['b', 'a'])
  })

  it.each([[[]], [undefined], ['localhost:9092'], [{}]])('%j are none', (none) => {
    expect(problemsOf({ brokers: none })).toEqual([expect.stringMatching(/^brokers: at least one address/)])
  })
})

describe('wrong options', () => {
  it('are all named at once', () => {
    const problems = problemsOf({ brokers: ['nowhere'], acks: 2, linger: -1, maxInFlight: 0, lingerMs: 5, tls: 'on', batchSize: '16k' })
    expect(problems.map((problem) => problem.slice(0, problem.indexOf(':'))).sort()).toEqual([
      'acks',
      'batchSize',
      'brokers',
      'linger',
      'lingerMs',
      'maxInFlight',
      'tls',
    ])
  })

  it('make one fatal error, whose message has a line for each', () => {
    try {
      resolve({ acks: 2, linger: -1 })
      throw new Error('resolved')
    } catch (error) {
      expect(error).toMatchObject({ code: 'INVALID_CONFIG', fatal: true, retriable: false })
      expect(String(error).split('\n')).toHaveLength(3)
    }
  })

  it.each([[undefined], [null], ['localhost:9092'], [['localhost:9092']]])('are what is no object of options at all: %j', (given) => {
    expect(() => resolveConfig(given as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_CONFIG', message: expect.stringContaining("such as { brokers: ['127.0.0.1:9092'] }") }),
    )
  })

  it.each([[{}], [[null]], [[{ onSend: 'any' }]], [[{ onDelivery: 1 }]]])('that are no interceptors are named: %j', (interceptors) => {
    expect(problemsOf({ interceptors })).toEqual(['interceptors: a list of { onSend?, onDelivery? } expected'])
  })

  it.each(['transactionalId'])('that Kafka has and this version has not are named as such: %s', (name) => {
    expect(problemsOf({ [name]: 'any' })).toEqual([`${name}: not supported by this version`])
  })

  it.each([
    ['acks that do not wait for all', { acks: 1 as const }, ["idempotence: acks 'all' expected, 1 given"]],
    ['no retries', { retries: 0 }, ['idempotence: retries above 0 expected']],
    ['both', { acks: 0 as const, retries: 0 }, ["idempotence: acks 'all' expected, 0 given", 'idempotence: retries above 0 expected']],
  ])('contradict idempotence that was asked for, and turn it off otherwise: %s', (_what, options, problems) => {
    expect(problemsOf({ ...options, idempotence: true })).toEqual(problems)
    expect(resolveConfig({ brokers: ['a:1'], ...options }).idempotence).toBe(false)
  })

  it('are more requests in flight than a broker remembers batches of, unless idempotence is off', () => {
    const problems = ['idempotence: maxInFlight of at most 5 expected, 6 given; or idempotence: false']
    expect([problemsOf({ maxInFlight: 6 }), problemsOf({ maxInFlight: 6, idempotence: true })]).toEqual([problems, problems])
    expect([problemsOf({ maxInFlight: 6, idempotence: false }), problemsOf({ maxInFlight: 6, acks: 1 })]).toEqual([[], []])
  })

  it.each(['toString', 'constructor', 'zookeeper'])('that nobody knows are named: %s', (name) => {
    expect(problemsOf({ [name]: 1 })).toEqual([`${name}: there is no such option`])
  })

  it.each([
    ['bootstrap.servers', 'brokers'],
    ['lingerMs', 'linger'],
    ['ack', 'acks'],
  ])('that may be meant for others are named with these: %s', (name, meant) => {
    expect(problemsOf({ [name]: 1 })).toEqual([`${name}: there is no such option: is ${meant} meant?`])
  })

  it.each([['2'], [2], ['ALL'], [null], [true], [NaN]])('acks: %p', (acks) => {
    expect(problemsOf({ acks })).toEqual([expect.stringMatching(/^acks: /)])
  })

  it.each(['linger', 'batchSize', 'maxBlock', 'retries', 'deliveryTimeout', 'waitingMemory', 'partitionerAvailabilityTimeout'])(
    '%s: negative, no whole number, or no number at all',
    (name) => {
      for (const value of [-1, NaN, 1.5, Infinity, '5', {}]) expect(problemsOf({ [name]: value })[0]).toMatch(new RegExp(`^${name}: `))
    },
  )

  it.each([
    ['maxRequestSize', 1023],
    ['bufferMemory', 16_383],
    ['maxInFlight', 0],
    ['requestTimeout', 0],
    ['connectionSetupTimeout', 0],
    ['metadataMaxIdle', 4999],
  ])('%s: below its least, %i', (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([
      expect.stringMatching(new RegExp(`^${name}: ${value} given; a whole number from ${value + 1} to \\d+ expected`)),
    ])
  })
})

describe('linger', () => {
  it('may adapt, and then a batch is tried for as long as with the default', () => {
    const { linger, deliveryTimeout } = resolveConfig({ brokers: ['b1:9092'], linger: 'adaptive', deliveryTimeout: 30_005 })
    expect([linger, deliveryTimeout]).toEqual(['adaptive', 30_005])
    expect(problemsOf({ linger: 'adaptive', deliveryTimeout: 30_004 })).toEqual([
      expect.stringContaining('linger + requestTimeout = 30005'),
    ])
  })

  it('says what it may be', () => {
    expect(problemsOf({ linger: 'adapting' as never })).toEqual([expect.stringContaining("or 'adaptive' expected")])
  })
})

describe('options that are no numbers', () => {
  it.each([
    ['clientId', 5],
    ['clientId', null],
    ['partitioner', 'sticky'],
    ['partitioner', {}],
    ['adaptivePartitioning', 'yes'],
    ['ignoreKeys', 1],
    ['rackAware', null],
    ['clientRack', 5],
    ['scheduler', 'async'],
    ['transport', null],
    ['transport', () => undefined],
  ])('are checked by their type: %s cannot be %p', (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name}: .* expected`))])
  })
})

describe('the choice of partitions', () => {
  it('is for records with a key too when keys are ignored', () => {
    expect(resolve({ ignoreKeys: true }).partitioner?.(serialized({ key: utf8('k') }), 5, () => true)).toBeNull()
    expect(resolve({ ignoreKeys: false }).partitioner).toBeUndefined()
  })

  it('prefers the rack of the client when it is to be aware of racks', () => {
    expect(resolve({ rackAware: true, clientRack: 'r1' }).preferredRack).toBe('r1')
    expect(resolve({ rackAware: false, clientRack: 'r1' }).preferredRack).toBeUndefined()
    expect(resolve({ clientRack: 'r1' }).preferredRack).toBeUndefined()
  })

  it.each([
    [{ rackAware: true }, 'rackAware: needs clientRack'],
    [{ rackAware: true, clientRack: '' }, 'rackAware: needs clientRack'],
    [{ ignoreKeys: true, partitioner: () => 0 }, 'ignoreKeys: a partitioner is given'],
    [{ adaptivePartitioning: false, partitionerAvailabilityTimeout: 1 }, 'partitionerAvailabilityTimeout: needs adaptivePartitioning'],
  ])('is refused when part of it would have no effect: %j', (options, problem) => {
    expect(problemsOf(options)).toEqual([expect.stringMatching(new RegExp(`^${problem}`))])
  })

  it.each([
    { ignoreKeys: false, partitioner: () => 0 },
    { adaptivePartitioning: false, partitionerAvailabilityTimeout: 0 },
  ])('is taken when nothing of it is without effect: %j', (options) => {
    expect(problemsOf(options)).toEqual([])
  })
})

describe('the delivery timeout', () => {
  it('leaves room for linger and one request when it was not given', () => {
    expect(resolve({ linger: 200_000 }).deliveryTimeout).toBe(230_000)
    expect(resolve({ requestTimeout: 119_995 }).deliveryTimeout).toBe(120_000)
  })

  it('is refused when it was given and leaves none', () => {
    expect(resolve({ linger: 1000, requestTimeout: 2000, deliveryTimeout: 3000 }).deliveryTimeout).toBe(3000)
    expect(problemsOf({ linger: 1000, requestTimeout: 2000, deliveryTimeout: 2999 })).toEqual([
      'deliveryTimeout: 2999 given; at least linger + requestTimeout = 3000 expected',
    ])
  })
})

describe('TLS', () => {
  it('is how brokers are reached when it is asked for', () => {
    const unset = resolve({}).transport
    for (const tls of [true, {}]) expect(resolve({ tls }).transport).not.toEqual(unset)
    expect(problemsOf({ tls: false })).toEqual([])
  })

  it('is not asked for together with a transport', () => {
    const transport = resolve({}).transport
    expect(problemsOf({ tls: true, transport })).toEqual(['tls: a transport is given, which decides by itself how brokers are reached'])
  })

  it('has options of its own, whose values are not shown when they are wrong', () => {
    expect(problemsOf({ tls: { key: 'hunter2', cert: 7 } })).toEqual([expect.stringMatching(/^tls\.cert: PEM text/)])
    expect(problemsOf({ tls: 'hunter2' })).toEqual(['tls: true, false, or an object expected'])
  })
})

describe('SASL', () => {
  it('makes a mechanism, and keeps no password where one could look', () => {
    const settings = resolve({ sasl: { mechanism: 'PLAIN', username: 'alice', password: 'hunter2' } })
    expect(settings.sasl?.(clockOf()).name).toBe('PLAIN')
    expect(inspect(settings, { depth: Infinity }) + JSON.stringify(settings)).not.toContain('hunter2')
    expect(resolve({}).sasl).toBeUndefined()
  })

  it('has options of its own', () => {
    expect(problemsOf({ sasl: { mechanism: 'PLAIN', username: 'alice' } })).toEqual([expect.stringMatching(/^sasl\.password/)])
    expect(problemsOf({ sasl: 'hunter2' })).toEqual(['sasl: an object with a mechanism expected'])
  })
})
