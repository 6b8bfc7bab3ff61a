import { ConfigError } from '../../lib/errors'
import { fromProperties } from '../../lib/properties/from-properties'
import type { FromPropertiesOptions, PropertiesObject } from '../../lib/properties/from-properties'

const BOOTSTRAP = { 'bootstrap.servers': 'a:9092' }

const configOf = (properties: PropertiesObject) => {
  const { brokers: _, ...options } = fromProperties({ ...BOOTSTRAP, ...properties })
  return options
}

const problemsOf = (properties: PropertiesObject | string, options?: FromPropertiesOptions): readonly string[] => {
  try {
    fromProperties(properties, options)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('properties', () => {
  it('are a text or an object', () => {
    const text = 'bootstrap.servers = b1:9092 , b2:9092\nlinger.ms: 20\nacks=all\nenable.idempotence=TRUE\n# batch.size=1\n'
    const config = { brokers: ['b1:9092', 'b2:9092'], linger: 20, acks: 'all', idempotence: true }
    expect(fromProperties(text)).toEqual(config)
    const object = { 'bootstrap.servers': ['b1:9092', 'b2:9092'], 'linger.ms': 20, acks: 'all', 'enable.idempotence': true, retries: null }
    expect(fromProperties(object)).toEqual(config)
  })

  it.each<[PropertiesObject, object]>([
    [{ acks: '-1' }, { acks: 'all' }],
    [{ acks: '1' }, { acks: 1 }],
    [{ 'batch.size': '0' }, { batchSize: 0 }],
    [{ 'buffer.memory': '8589934592' }, { bufferMemory: 2 ** 33 }],
    [{ 'client.id': 'me' }, { clientId: 'me' }],
    [{ 'client.id': '' }, {}],
    [
      { 'client.rack': 'r1', 'partitioner.rack.aware': 'true' },
      { clientRack: 'r1', rackAware: true },
    ],
    [{ 'max.in.flight.requests.per.connection': '1' }, { maxInFlight: 1 }],
    [{ 'max.block.ms': '9223372036854775807' }, { maxBlock: 2 ** 31 - 1 }],
    [{ 'metadata.recovery.strategy': 'NONE' }, { metadataRecovery: 'none' }],
    [
      { 'metadata.max.age.ms': '1000', 'metadata.max.idle.ms': '5000' },
      { metadataMaxAge: 1000, metadataMaxIdle: 5000 },
    ],
    [{ 'socket.connection.setup.timeout.max.ms': '7' }, { connectionSetupTimeoutMax: 7 }],
    [{ 'partitioner.ignore.keys': 'true' }, { ignoreKeys: true }],
    [{ 'partitioner.adaptive.partitioning.enable': 'false' }, { adaptivePartitioning: false }],
    [
      { 'reconnect.backoff.max.ms': '700', 'reconnect.backoff.ms': '70' },
      { reconnectBackoff: 70, reconnectBackoffMax: 700 },
    ],
  ])('become options: %j', (properties, options) => {
    expect(configOf(properties)).toEqual(options)
  })

  it.each<[PropertiesObject, unknown]>([
    [{ 'compression.type': 'zstd' }, 'zstd'],
    [{ 'compression.type': 'gzip', 'compression.gzip.level': '-1' }, 'gzip'],
    [
      { 'compression.type': 'gzip', 'compression.gzip.level': '9' },
      { type: 'gzip', level: 9 },
    ],
    [
      { 'compression.type': 'zstd', 'compression.zstd.level': '-1', 'compression.gzip.level': '2' },
      { type: 'zstd', level: -1 },
    ],
    [{ 'compression.gzip.level': '2' }, undefined],
  ])('say how to compress: %j', (properties, compression) => {
    expect(configOf(properties)).toEqual(compression === undefined ? {} : { compression })
  })

  it('do not let pauses grow between attempts to connect when only the first is given, as in Java', () => {
    expect(configOf({ 'reconnect.backoff.ms': '2000' })).toEqual({ reconnectBackoff: 2000, reconnectBackoffMax: 2000 })
  })

  it.each(['Adaptive', '', 'com.example.MyPartitioner'])('name a partitioner, or are refused: %j', (name) => {
    const problems = problemsOf({ ...BOOTSTRAP, 'partitioner.class': name })
    expect(problems).toEqual(name === '' ? [] : [expect.stringMatching(/^partitioner\.class: .*RoundRobinPartitioner.* expected/)])
  })

  it('name partitioners that there are here too, a new one for each producer', () => {
    const of = (name: string) => configOf({ 'partitioner.class': `org.apache.kafka.clients.producer.${name}` })
    expect(of('internals.DefaultPartitioner')).toEqual({})
    expect(of('UniformStickyPartitioner')).toEqual({ ignoreKeys: true })
    expect(of('RoundRobinPartitioner')).toEqual({ partitioner: expect.any(Function) })
    expect(of('RoundRobinPartitioner').partitioner).not.toBe(of('RoundRobinPartitioner').partitioner)
  })

  it.each<[PropertiesObject]>([
    [{ 'key.serializer': 'org.apache.kafka.common.serialization.StringSerializer' }],
    [{ 'value.serializer': 'org.apache.kafka.common.serialization.ByteArraySerializer' }],
    [{ 'metric.reporters': '', 'interceptor.classes': '', 'metrics.num.samples': '3', 'send.buffer.bytes': '-1' }],
    [{ 'transaction.timeout.ms': '1000', 'sasl.kerberos.service.name': 'kafka', 'enable.metrics.push': 'False' }],
  ])('that change nothing are taken: %j', (properties) => {
    expect(configOf(properties)).toEqual({})
  })
})

describe('brokers of one’s own', () => {
  it('stand in the place of those in the file, or of none', () => {
    expect(fromProperties('bootstrap.servers=a:1\nlinger.ms=1', { brokers: ['b:2'] })).toEqual({ brokers: ['b:2'], linger: 1 })
    expect(fromProperties('linger.ms=1', { brokers: ['b:2'] })).toEqual({ brokers: ['b:2'], linger: 1 })
  })

  it('are missed when nobody names any', () => {
    expect(problemsOf('linger.ms=1')).toEqual(['bootstrap.servers: host:port of some brokers expected'])
  })
})

describe('problems with properties', () => {
  it('are all named at once', () => {
    const text = 'linger.ms=soon\ntransactional.id=t\nbach.size=1\nsecurity.protocol=TLS\ncompression.type=brotli\nacks=2'
    const keys = problemsOf(text).map((problem) => problem.slice(0, problem.indexOf(':')))
    const expected = ['linger.ms', 'transactional.id', 'bach.size', 'security.protocol', 'compression.type', 'acks', 'bootstrap.servers']
    expect(keys.sort()).toEqual(expected.sort())
  })

  it.each<[PropertiesObject, RegExp]>([
    [{ 'linger.ms': '1.5' }, /^linger\.ms: '1\.5' given; a whole number of at least 0 expected$/],
    [{ 'metadata.max.idle.ms': '4999' }, /at least 5000 expected/],
    [{ retries: '2147483648' }, /^retries: '2147483648' given; a whole number from 0 to 2147483647 expected$/],
    [{ acks: '2' }, /one of .*all.* expected$/],
    [{ 'enable.idempotence': 'yes' }, /true or false expected$/],
    [{ 'compression.gzip.level': '10' }, /from -1 to 9 expected$/],
    [{ 'transactional.id': 't' }, /^transactional\.id: 't' given, but there are no transactions yet; leave it out/],
    [{ 'interceptor.classes': 'com.example.A' }, /give interceptors: /],
    [{ 'key.serializer': 'org.apache.kafka.common.serialization.LongSerializer' }, /give a serializer to send or to: \{ key: int64\(\) \}/],
    [{ 'metric.reporters': 'com.example.R' }, /subscribe metrics\$$/],
    [{ 'enable.metrics.push': 'true' }, /KIP-714/],
    [{ 'send.buffer.bytes': '1048576' }, /operating system/],
    [{ 'bach.size': '1' }, /^bach\.size: Kafka's producer has no such key: is batch\.size meant\?/],
    [{ 'group.id': 'g' }, /^group\.id: Kafka's producer has no such key \(one for another program can be named in ignore\)$/],
    [{ 'schema.registry.url': 'http://r' }, /no such key \(one for another program/],
    [{ constructor: '1', 'linger.ms': '1' }, /^constructor: Kafka's producer has no such key/],
  ])('say what to do: %j', (properties, problem) => {
    expect(problemsOf({ ...BOOTSTRAP, ...properties })).toEqual([expect.stringMatching(problem)])
  })

  it.each([[undefined], [null], [Buffer.from('acks=1')]])('say what is expected in the place of %p', (given) => {
    expect(problemsOf(given as never)).toEqual([expect.stringMatching(/^the text of a properties file expected/)])
  })

  it('are none for keys that are to be ignored', () => {
    expect(
      fromProperties('group.id=g\ntransactional.id=t\nacks=1', { brokers: ['a:1'], ignore: ['group.id', 'transactional.id'] }),
    ).toEqual({
      brokers: ['a:1'],
      acks: 1,
    })
  })

  it('are named by their lines where the text cannot be read', () => {
    expect(problemsOf('a=\\uhello')).toEqual([expect.stringMatching(/^line 1: /)])
  })
})
