/** The settings of a topic, as the rules for its batches. */
import type { Compression, CompressionType } from '../../batch/compression/compression'
import type { BatchRules } from '../state/log/batch-rules'
import type { ClusterState } from '../state/cluster-state'
import { topicConfig, topicNumber } from '../state/configs/configs'
import type { Topic } from '../state/topic'

const AFTER_MAX = 'message.timestamp.after.max.ms'

/** 1973: a clock that stands before it began at 0, and records bring the time of another one. */
const VIRTUAL_TIME = 100_000_000_000

/** The package for lz4 has one level, which is Kafka's default. */
const WITH_LEVELS: ReadonlySet<string> = new Set(['gzip', 'zstd'])

/**
 * Laxer than Apache Kafka: where the cluster's clock began at 0, a record comes from the future only if its topic says itself what that
 * is. Otherwise nobody could send real timestamps in virtual time.
 */
export function topicBatchRules(cluster: ClusterState, topic: Topic): BatchRules {
  const now = cluster.clock.timestamp()
  const number = (name: string): number => topicNumber(cluster, topic, name)
  const timeless = now < VIRTUAL_TIME && !topic.configs.has(AFTER_MAX)
  return {
    maxMessageBytes: number('max.message.bytes'),
    segmentBytes: number('segment.bytes'),
    timestampType: topicConfig(cluster, topic, 'message.timestamp.type') === 'LogAppendTime' ? 'append' : 'create',
    now,
    oldest: now - number('message.timestamp.before.max.ms'),
    latest: timeless ? Infinity : now + number(AFTER_MAX),
    compacted: topicConfig(cluster, topic, 'cleanup.policy').split(',').includes('compact'),
    compression: compressionOf(cluster, topic),
  }
}

function compressionOf(cluster: ClusterState, topic: Topic): Compression | undefined {
  const type = topicConfig(cluster, topic, 'compression.type')
  if (type === 'producer') return undefined
  if (type === 'uncompressed') return 'none'
  if (!WITH_LEVELS.has(type)) return type as CompressionType
  return { type: type as CompressionType, level: topicNumber(cluster, topic, `compression.${type}.level`) }
}
