/** The keys of Java's producer that are not about TLS or SASL. */
import { anyText, flag, list, longSize, milliseconds, wholeNumber, word } from './reader'
import { idle, only, option, part, refused } from './rule'
import type { Rule, Rules } from './rule'

const SERIALIZATION = 'org.apache.kafka.common.serialization'

/** Without a serializer strings are UTF-8 here and bytes are bytes. */
const serializer = (which: 'key' | 'value'): Rule =>
  only(
    ['String', 'ByteArray', 'ByteBuffer', 'Bytes'].map((name) => `${SERIALIZATION}.${name}Serializer`),
    { why: 'it is a class of Java', instead: `give a serializer to send or to: { ${which}: int64() }, json(), your own` },
  )

const metricsOfJava = idle("it is about how Java's client computes rates: metrics$ gives counts, and each reader his own rates")

const socketBuffer = (javaDefault: string): Rule =>
  only(['-1', javaDefault], { why: 'Node leaves this buffer to the operating system', instead: 'leave it out, or tune the system' })

export const ownKeys: Rules = {
  acks: option('acks', word({ all: 'all', '-1': 'all', '0': 0, '1': 1 })),
  'batch.size': option('batchSize', wholeNumber({ min: 0 })),
  'bootstrap.resolve.timeout.ms': only(['0'], {
    why: 'names are looked up whenever a connection is opened, also while the producer runs',
    instead: 'leave it out: max.block.ms bounds how long a record waits for it',
  }),
  'bootstrap.servers': option('brokers', list),
  'buffer.memory': option('bufferMemory', longSize({ min: 0 })),
  'buffer.memory.allocation.strategy': idle('a batch takes memory piece by piece here, as with incremental'),
  'client.dns.lookup': only(['use_all_dns_ips'], {
    why: 'canonical names are for Kerberos, which is not supported',
    instead: 'name each broker in bootstrap.servers',
  }),
  'client.id': option('clientId', anyText),
  'client.rack': option('clientRack', anyText),
  'compression.gzip.level': part('compression', 'the level, when compression.type is gzip; -1: its default'),
  'compression.lz4.level': part('compression', 'the level, when compression.type is lz4: 9 alone, the fast compressor'),
  'compression.type': part('compression', '`none`, `gzip`, `snappy`, `lz4`, `zstd`'),
  'compression.zstd.level': part('compression', 'the level, when compression.type is zstd'),
  'config.providers': refused({
    why: 'values are not fetched from elsewhere',
    instead: 'put them in place of their ${...} before: an object can be given, too',
  }),
  'connections.max.idle.ms': option('connectionsMaxIdle', milliseconds()),
  'delivery.timeout.ms': option('deliveryTimeout', wholeNumber({ min: 0 })),
  'enable.idempotence': option('idempotence', flag),
  'enable.metrics.push': only(['false'], {
    why: 'nothing is pushed to the brokers (KIP-714)',
    instead: 'leave it out, and read metrics$',
  }),
  'interceptor.classes': refused({ why: 'they are classes of Java', instead: 'give interceptors: [{ onSend, onDelivery }]' }),
  'key.serializer': serializer('key'),
  'linger.ms': option('linger', milliseconds()),
  'max.block.ms': option('maxBlock', milliseconds()),
  'max.in.flight.requests.per.connection': option('maxInFlight', wholeNumber({ min: 1 })),
  'max.request.size': option('maxRequestSize', wholeNumber({ min: 0 })),
  'metadata.cluster.check.enable': only(['true'], {
    why: 'brokers are told which they are meant to be as long as there is a way to recover (KIP-1242)',
    instead: 'leave it out, or set metadata.recovery.strategy=none, with which they are not',
  }),
  'metadata.max.age.ms': option('metadataMaxAge', milliseconds()),
  'metadata.max.idle.ms': option('metadataMaxIdle', milliseconds({ min: 5000 })),
  'metadata.recovery.rebootstrap.trigger.ms': option('metadataRebootstrapTrigger', milliseconds()),
  'metadata.recovery.strategy': option('metadataRecovery', word({ rebootstrap: 'rebootstrap', none: 'none' })),
  'metric.reporters': only(['org.apache.kafka.common.metrics.JmxReporter'], {
    why: 'they are classes of Java',
    instead: 'subscribe metrics$',
  }),
  'metrics.num.samples': metricsOfJava,
  'metrics.recording.level': metricsOfJava,
  'metrics.sample.window.ms': metricsOfJava,
  'partitioner.adaptive.partitioning.enable': option('adaptivePartitioning', flag),
  'partitioner.availability.timeout.ms': option('partitionerAvailabilityTimeout', milliseconds()),
  'partitioner.class': part(
    'partitioner',
    'RoundRobinPartitioner; the DefaultPartitioner and UniformStickyPartitioner that Kafka had until 4.0',
  ),
  'partitioner.ignore.keys': option('ignoreKeys', flag),
  'partitioner.rack.aware': option('rackAware', flag),
  'receive.buffer.bytes': socketBuffer('32768'),
  'reconnect.backoff.max.ms': part('reconnectBackoffMax', 'without it, but with reconnect.backoff.ms, pauses do not grow, as in Java'),
  'reconnect.backoff.ms': option('reconnectBackoff', milliseconds()),
  'request.timeout.ms': option('requestTimeout', wholeNumber({ min: 0 })),
  retries: option('retries', wholeNumber({ min: 0 })),
  'retry.backoff.max.ms': option('retryBackoffMax', milliseconds()),
  'retry.backoff.ms': option('retryBackoff', milliseconds()),
  'security.providers': refused({ why: 'they are classes of Java', instead: "leave it out: TLS is Node's own" }),
  'send.buffer.bytes': socketBuffer('131072'),
  'socket.connection.setup.timeout.max.ms': option('connectionSetupTimeoutMax', milliseconds()),
  'socket.connection.setup.timeout.ms': option('connectionSetupTimeout', milliseconds()),
  'transaction.timeout.ms': idle('it is about transactions alone, and transactional.id is refused'),
  'transaction.two.phase.commit.enable': only(['false'], { why: 'there are no transactions yet', instead: 'leave it out' }),
  'transactional.id': refused({
    why: 'there are no transactions yet',
    instead: 'leave it out: idempotence alone keeps each partition free of duplicates',
  }),
  'value.serializer': serializer('value'),
}
