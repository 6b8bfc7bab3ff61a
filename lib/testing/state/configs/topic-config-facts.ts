/** The settings of a topic, all that Apache Kafka 4.4.0 tells, and the broker's settings behind them. */
import { atLeast, between, betweenOr, listOf, oneOf } from './config-facts'
import type { Check, ConfigFact } from './config-facts'
import { BROKER_CONFIGS } from './broker-config-facts'

/** A broker's setting that a topic without its own goes by, and its unit in that of the topic. */
export interface Fallback {
  readonly name: string
  readonly factor: number
}

export interface TopicConfigFact extends ConfigFact {
  /** The first that is set decides. Empty: only the topic has it. */
  readonly fallbacks: readonly Fallback[]
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** Settings that only a topic has. */
const own: readonly ConfigFact[] = [
  { name: 'errors.deadletterqueue.group.enable', type: 'boolean', default: 'false' },
  { name: 'leader.replication.throttled.replicas', type: 'list', default: '', check: throttled },
  { name: 'follower.replication.throttled.replicas', type: 'list', default: '', check: throttled },
  { name: 'remote.storage.enable', type: 'boolean', default: 'false' },
  { name: 'remote.log.copy.disable', type: 'boolean', default: 'false' },
  { name: 'remote.log.delete.on.disable', type: 'boolean', default: 'false' },
]

/** Each row: the topic's name, the broker's names, what a value must keep. Types are the first broker setting's. */
const withFallback: readonly TopicConfigFact[] = [
  behind('cleanup.policy', ['log.cleanup.policy'], listOf('compact', 'delete')),
  behind('compression.gzip.level', ['compression.gzip.level'], betweenOr(-1, between(1, 9))),
  behind('compression.lz4.level', ['compression.lz4.level'], between(1, 17)),
  behind('compression.type', ['compression.type'], oneOf('uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer')),
  behind('compression.zstd.level', ['compression.zstd.level'], between(-131072, 22)),
  behind('delete.retention.ms', ['log.cleaner.delete.retention.ms'], atLeast(0)),
  behind('file.delete.delay.ms', ['log.segment.delete.delay.ms'], atLeast(0)),
  behind('flush.messages', ['log.flush.interval.messages'], atLeast(1)),
  behind('flush.ms', ['log.flush.interval.ms', 'log.flush.scheduler.interval.ms'], atLeast(0)),
  behind('index.interval.bytes', ['log.index.interval.bytes'], atLeast(0)),
  behind('local.retention.bytes', ['log.local.retention.bytes'], atLeast(-2)),
  behind('local.retention.ms', ['log.local.retention.ms'], atLeast(-2)),
  behind('max.compaction.lag.ms', ['log.cleaner.max.compaction.lag.ms'], atLeast(1)),
  behind('max.decompressed.message.bytes', ['max.decompressed.message.bytes'], atLeast(1)),
  behind('max.message.bytes', ['message.max.bytes'], atLeast(0)),
  behind('message.timestamp.after.max.ms', ['log.message.timestamp.after.max.ms'], atLeast(0)),
  behind('message.timestamp.before.max.ms', ['log.message.timestamp.before.max.ms'], atLeast(0)),
  behind('message.timestamp.type', ['log.message.timestamp.type'], oneOf('CreateTime', 'LogAppendTime')),
  behind('min.cleanable.dirty.ratio', ['log.cleaner.min.cleanable.ratio'], between(0, 1)),
  behind('min.compaction.lag.ms', ['log.cleaner.min.compaction.lag.ms'], atLeast(0)),
  behind('min.insync.replicas', ['min.insync.replicas'], atLeast(1)),
  behind('preallocate', ['log.preallocate']),
  behind('remote.copy.lag.bytes', ['log.remote.copy.lag.bytes'], atLeast(-1)),
  behind('remote.copy.lag.ms', ['log.remote.copy.lag.ms'], atLeast(-1)),
  behind('retention.bytes', ['log.retention.bytes']),
  behind('retention.ms', ['log.retention.ms', minutes('log.retention.minutes'), hours('log.retention.hours')], atLeast(-1)),
  behind('segment.bytes', ['log.segment.bytes'], atLeast(1024 * 1024)),
  behind('segment.index.bytes', ['log.index.size.max.bytes'], atLeast(4)),
  behind('segment.jitter.ms', ['log.roll.jitter.ms', hours('log.roll.jitter.hours')], atLeast(0)),
  behind('segment.ms', ['log.roll.ms', hours('log.roll.hours')], atLeast(1)),
  behind('unclean.leader.election.enable', ['unclean.leader.election.enable']),
]

export const TOPIC_CONFIGS: ReadonlyMap<string, TopicConfigFact> = new Map(
  [...withFallback, ...own.map((fact) => ({ ...fact, fallbacks: [] }))].map((fact) => [fact.name, fact]),
)

function behind(name: string, names: readonly (string | Fallback)[], check?: Check): TopicConfigFact {
  const fallbacks = names.map((each) => (typeof each === 'string' ? { name: each, factor: 1 } : each))
  const first = BROKER_CONFIGS.get(fallbacks[0]?.name ?? '')
  if (first === undefined) throw new Error(`There is no broker setting behind ${name}`)
  return { name, type: first.type, default: first.default, check, fallbacks }
}

function minutes(name: string): Fallback {
  return { name, factor: MINUTE }
}

function hours(name: string): Fallback {
  return { name, factor: HOUR }
}

/** `partition:broker` pairs, or a star for all. */
function throttled(value: string): string | undefined {
  return value === '*' || /^((\d+:\d+)?,)*(\d+:\d+)?$/.test(value) ? undefined : 'it must be * or pairs of partition:broker'
}
