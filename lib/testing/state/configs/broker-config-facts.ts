/**
 * The settings of a broker that the cluster knows, as in Apache Kafka 4.4.0: those behind the settings of topics, those with an effect
 * here, and those that clients and tools look at. Kafka has some 250 more: security of listeners, tiered storage, quotas, threads.
 */
import { atLeast, between, betweenOr, listOf, oneOf } from './config-facts'
import type { Check, ConfigFact } from './config-facts'

export interface BrokerConfigFact extends ConfigFact {
  /** It can be changed while the broker runs. */
  readonly dynamic: boolean
}

type Row = (name: string, value: string | null, check?: Check) => BrokerConfigFact

const row =
  (type: ConfigFact['type'], dynamic: BrokerConfigFact['dynamic']): Row =>
  (name, value, check) => ({ name, type, default: value, check, dynamic })

const LONG_MAX = '9223372036854775807'
const INT_MAX = '2147483647'

const fixed = {
  boolean: row('boolean', false),
  string: row('string', false),
  int: row('int', false),
  short: row('short', false),
  long: row('long', false),
  list: row('list', false),
}

const dynamic = {
  boolean: row('boolean', true),
  string: row('string', true),
  int: row('int', true),
  long: row('long', true),
  double: row('double', true),
  list: row('list', true),
}

const logs: readonly BrokerConfigFact[] = [
  dynamic.int('log.segment.bytes', '1073741824', atLeast(1024 * 1024)),
  dynamic.long('log.roll.ms', null),
  fixed.int('log.roll.hours', '168', atLeast(1)),
  dynamic.long('log.roll.jitter.ms', null),
  fixed.int('log.roll.jitter.hours', '0', atLeast(0)),
  dynamic.int('log.index.size.max.bytes', '10485760', atLeast(4)),
  dynamic.int('log.index.interval.bytes', '4096', atLeast(0)),
  dynamic.long('log.flush.interval.messages', LONG_MAX, atLeast(1)),
  dynamic.long('log.flush.interval.ms', null),
  fixed.long('log.flush.scheduler.interval.ms', LONG_MAX),
  dynamic.long('log.retention.bytes', '-1'),
  dynamic.long('log.retention.ms', null),
  fixed.int('log.retention.minutes', null),
  fixed.int('log.retention.hours', '168'),
  fixed.long('log.retention.check.interval.ms', '300000', atLeast(1)),
  dynamic.long('log.local.retention.ms', '-2', atLeast(-2)),
  dynamic.long('log.local.retention.bytes', '-2', atLeast(-2)),
  dynamic.long('log.remote.copy.lag.ms', '0', atLeast(-1)),
  dynamic.long('log.remote.copy.lag.bytes', '-1', atLeast(-1)),
  dynamic.int('message.max.bytes', '1048588', atLeast(0)),
  dynamic.int('max.decompressed.message.bytes', '2147483639', atLeast(1)),
  dynamic.list('log.cleanup.policy', 'delete', listOf('compact', 'delete')),
  dynamic.long('log.cleaner.delete.retention.ms', '86400000', atLeast(0)),
  dynamic.long('log.cleaner.min.compaction.lag.ms', '0', atLeast(0)),
  dynamic.long('log.cleaner.max.compaction.lag.ms', LONG_MAX, atLeast(1)),
  dynamic.double('log.cleaner.min.cleanable.ratio', '0.5', between(0, 1)),
  dynamic.long('log.segment.delete.delay.ms', '60000', atLeast(0)),
  dynamic.boolean('log.preallocate', 'false'),
  dynamic.string('log.message.timestamp.type', 'CreateTime', oneOf('CreateTime', 'LogAppendTime')),
  dynamic.long('log.message.timestamp.before.max.ms', LONG_MAX, atLeast(0)),
  dynamic.long('log.message.timestamp.after.max.ms', '3600000', atLeast(0)),
  dynamic.string('compression.type', 'producer', oneOf('uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer')),
  dynamic.int('compression.gzip.level', '-1', betweenOr(-1, between(1, 9))),
  dynamic.int('compression.lz4.level', '9', between(1, 17)),
  dynamic.int('compression.zstd.level', '3', between(-131072, 22)),
]

const topics: readonly BrokerConfigFact[] = [
  dynamic.boolean('unclean.leader.election.enable', 'false'),
  dynamic.int('min.insync.replicas', '1', atLeast(1)),
  fixed.boolean('auto.create.topics.enable', 'true'),
  fixed.boolean('delete.topic.enable', 'true'),
  fixed.int('num.partitions', '1', atLeast(1)),
  fixed.int('default.replication.factor', '1'),
  fixed.boolean('auto.leader.rebalance.enable', 'true'),
  fixed.long('leader.imbalance.check.interval.seconds', '300', atLeast(1)),
  fixed.long('replica.lag.time.max.ms', '30000'),
  fixed.int('replica.fetch.max.bytes', '1048576', atLeast(0)),
  fixed.int('replica.fetch.wait.max.ms', '500'),
]

const node: readonly BrokerConfigFact[] = [
  fixed.int('node.id', null, atLeast(0)),
  fixed.int('broker.id', '-1'),
  fixed.string('broker.rack', null),
  fixed.list('process.roles', null, listOf('broker', 'controller')),
  dynamic.list('listeners', 'PLAINTEXT://:9092'),
  fixed.list('advertised.listeners', null),
  fixed.int('broker.session.timeout.ms', '9000'),
  fixed.int('broker.heartbeat.interval.ms', '2000'),
  fixed.boolean('controlled.shutdown.enable', 'true'),
]

const network: readonly BrokerConfigFact[] = [
  fixed.int('socket.request.max.bytes', '104857600', atLeast(1)),
  fixed.long('connections.max.idle.ms', '600000'),
  dynamic.int('max.connections', INT_MAX, atLeast(0)),
  dynamic.int('max.connections.per.ip', INT_MAX, atLeast(0)),
  fixed.int('queued.max.requests', '500', atLeast(1)),
  dynamic.int('num.network.threads', '3', atLeast(1)),
  dynamic.int('num.io.threads', '8', atLeast(1)),
  fixed.int('request.timeout.ms', '30000'),
  fixed.int('fetch.max.bytes', '57671680', atLeast(1024)),
  fixed.int('max.incremental.fetch.session.cache.slots', '1000', atLeast(0)),
  fixed.int('max.request.partition.size.limit', '2000', atLeast(1)),
  dynamic.list('sasl.enabled.mechanisms', 'GSSAPI'),
  fixed.long('connections.max.reauth.ms', '0'),
  fixed.int('connection.failed.authentication.delay.ms', '100', atLeast(0)),
  fixed.int('sasl.server.max.receive.size', '524288'),
]

const groups: readonly BrokerConfigFact[] = [
  fixed.int('offsets.topic.num.partitions', '50', atLeast(1)),
  fixed.short('offsets.topic.replication.factor', '3', atLeast(1)),
  fixed.int('offsets.topic.segment.bytes', '104857600', atLeast(1)),
  fixed.int('offsets.topic.compression.codec', '0'),
  fixed.int('offsets.retention.minutes', '10080', atLeast(1)),
  fixed.long('offsets.retention.check.interval.ms', '600000', atLeast(1)),
  fixed.int('offsets.commit.timeout.ms', '5000', atLeast(1)),
  fixed.int('offset.metadata.max.bytes', '4096'),
  fixed.int('group.min.session.timeout.ms', '6000'),
  fixed.int('group.max.session.timeout.ms', '1800000'),
  fixed.int('group.initial.rebalance.delay.ms', '3000'),
  fixed.int('group.max.size', INT_MAX, atLeast(1)),
  fixed.list('group.coordinator.rebalance.protocols', 'classic,consumer,streams'),
  fixed.int('group.consumer.session.timeout.ms', '45000', atLeast(1)),
  fixed.int('group.consumer.min.session.timeout.ms', '45000', atLeast(1)),
  fixed.int('group.consumer.max.session.timeout.ms', '60000', atLeast(1)),
  fixed.int('group.consumer.heartbeat.interval.ms', '5000', atLeast(1)),
  fixed.int('group.consumer.min.heartbeat.interval.ms', '5000', atLeast(1)),
  fixed.int('group.consumer.max.heartbeat.interval.ms', '15000', atLeast(1)),
  fixed.int('group.consumer.max.size', INT_MAX, atLeast(1)),
  fixed.list('group.consumer.assignors', 'uniform,range'),
]

const transactions: readonly BrokerConfigFact[] = [
  fixed.int('transaction.state.log.num.partitions', '50', atLeast(1)),
  fixed.short('transaction.state.log.replication.factor', '3', atLeast(1)),
  fixed.int('transaction.state.log.min.isr', '2', atLeast(1)),
  fixed.int('transaction.state.log.segment.bytes', '104857600', atLeast(1)),
  fixed.int('transaction.max.timeout.ms', '900000', atLeast(1)),
  fixed.int('transactional.id.expiration.ms', '604800000', atLeast(1)),
  fixed.int('transaction.abort.timed.out.transaction.cleanup.interval.ms', '10000', atLeast(1)),
  fixed.int('transaction.remove.expired.transaction.cleanup.interval.ms', '3600000', atLeast(1)),
  dynamic.boolean('transaction.partition.verification.enable', 'true'),
  fixed.boolean('transaction.two.phase.commit.enable', 'false'),
  dynamic.int('producer.id.expiration.ms', '86400000', atLeast(1)),
  fixed.int('add.partitions.to.txn.retry.backoff.ms', '20', atLeast(1)),
  fixed.int('add.partitions.to.txn.retry.backoff.max.ms', '100', atLeast(0)),
]

export const BROKER_CONFIGS: ReadonlyMap<string, BrokerConfigFact> = new Map(
  [...logs, ...topics, ...node, ...network, ...groups, ...transactions].map((fact) => [fact.name, fact]),
)
