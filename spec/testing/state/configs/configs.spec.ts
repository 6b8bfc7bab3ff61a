import { ConfigError } from '../../../../lib/errors'
import { clockOf } from '../../../../lib/time'
import { settingsOf } from '../../../../lib/testing/settings'
import { ClusterState } from '../../../../lib/testing/state/cluster-state'
import { brokerConfig, brokerNumber, topicConfig, topicNumber } from '../../../../lib/testing/state/configs/configs'
import { ALL_BROKERS } from '../../../../lib/testing/state/configs/dynamic-configs'

type Configs = Readonly<Record<string, string>>

function clusterOf(configs: Configs = {}, own: Configs = {}) {
  const cluster = new ClusterState(settingsOf({ configs }), clockOf())
  const topic = cluster.createTopic({ name: 'orders', assignment: [[1]], configs: own })
  return {
    cluster,
    config: (name: string) => topicConfig(cluster, topic, name),
    number: (name: string) => topicNumber(cluster, topic, name),
  }
}

describe('the settings of a topic', () => {
  it("are Kafka's when nobody set them", () => {
    const { config, number } = clusterOf()

    expect([config('retention.ms'), config('cleanup.policy'), config('flush.ms')]).toEqual(['604800000', 'delete', '9223372036854775807'])
    expect([number('max.message.bytes'), number('min.insync.replicas')]).toEqual([1048588, 1])
  })

  it('are its own, else what all brokers were set to while they ran, else what they were started with', () => {
    const started = { 'message.max.bytes': '1' }
    const { cluster, number } = clusterOf(started)
    const before = number('max.message.bytes')
    cluster.brokerConfigs.get(ALL_BROKERS)?.set('message.max.bytes', '2')

    expect([before, number('max.message.bytes')]).toEqual([1, 2])
    expect(clusterOf(started, { 'max.message.bytes': '3' }).number('max.message.bytes')).toBe(3)
  })

  it('are read in the units of the broker, the finest first', () => {
    const retention = (configs: Configs) => clusterOf(configs).config('retention.ms')

    expect(retention({ 'log.retention.hours': '2' })).toBe('7200000')
    expect(retention({ 'log.retention.hours': '2', 'log.retention.minutes': '3' })).toBe('180000')
    expect(retention({ 'log.retention.hours': '2', 'log.retention.minutes': '3', 'log.retention.ms': '4' })).toBe('4')
    expect(retention({ 'log.retention.hours': '-1' })).toBe('-1')
  })

  it('are what the cluster was made with for min.insync.replicas', () => {
    expect(clusterOf({ 'min.insync.replicas': '2' }).number('min.insync.replicas')).toBe(2)
  })

  it('hold as Kafka reads them, however they were given while the brokers ran', () => {
    const { cluster, config } = clusterOf()
    const given = { 'log.preallocate': ' TRUE ', 'log.cleanup.policy': 'compact , delete', 'log.retention.ms': '+7' }
    for (const [name, value] of Object.entries(given)) cluster.brokerConfigs.get(ALL_BROKERS)?.set(name, value)

    expect(['preallocate', 'cleanup.policy', 'retention.ms'].map(config)).toEqual(['true', 'compact,delete', '7'])
    expect(brokerConfig(cluster, 'log.preallocate')).toBe('true')
  })

  it('are not what no topic has', () => {
    expect(() => clusterOf().config('retention.minutes')).toThrow(ConfigError)
  })
})

describe('the settings of brokers', () => {
  it("are Kafka's when nobody set them, and empty when Kafka has none", () => {
    const { cluster } = clusterOf({ 'num.partitions': '5' })

    expect([brokerNumber(cluster, 'num.partitions'), brokerConfig(cluster, 'auto.create.topics.enable')]).toEqual([5, 'true'])
    expect(brokerConfig(cluster, 'log.retention.ms')).toBe('')
    expect(() => brokerConfig(cluster, 'retention.ms')).toThrow(ConfigError)
  })
})
