import { ConfigError } from '../../../../lib/errors'
import { settingsOf } from '../../../../lib/testing/settings'
import { BROKER_CONFIGS } from '../../../../lib/testing/state/configs/broker-config-facts'
import { checkConfigs, checkTopicConfigs } from '../../../../lib/testing/state/configs/config-checks'
import { TOPIC_CONFIGS } from '../../../../lib/testing/state/configs/topic-config-facts'

describe('what is to be set', () => {
  it('is kept as Kafka prints it', () => {
    const { values, problems } = checkConfigs(BROKER_CONFIGS, [['num.partitions', ' 03 ']])

    expect([[...values], problems]).toEqual([[['num.partitions', '3']], []])
  })

  it('is refused when nobody knows it, or it cannot be', () => {
    const { values, problems } = checkConfigs(TOPIC_CONFIGS, [
      ['nonsense', '1'],
      ['retention.ms', 'soon'],
      ['retention.bytes', '1'],
    ])

    expect([...values.keys()]).toEqual(['retention.bytes'])
    expect(problems).toEqual([expect.stringContaining('nonsense'), expect.stringContaining('retention.ms')])
  })

  it('is refused of a topic when it contradicts itself, or what holds besides', () => {
    const inherited = (name: string) => (name === 'max.compaction.lag.ms' ? '5' : '0')

    expect(checkTopicConfigs([['min.compaction.lag.ms', '10']], inherited).problems).toEqual([expect.stringContaining('greater')])
    expect(checkTopicConfigs([['min.compaction.lag.ms', '10']]).problems).toEqual([])
    expect(checkTopicConfigs([['remote.storage.enable', 'true']]).problems).toEqual([expect.stringContaining('tiered')])
  })
})

describe('the settings of a cluster', () => {
  it('are refused with all that is wrong about them', () => {
    const options = {
      configs: { 'num.partition': '3', 'message.max.bytes': '-1' },
      topics: { orders: { partitions: 1, configs: { 'retention.ms': 'soon' } } },
    }

    expect(() => settingsOf(options)).toThrow(ConfigError)
    expect(() => settingsOf(options)).toThrow(
      /configs: .*num\.partition here[^]*configs: message\.max\.bytes[^]*topics\.orders: retention\.ms/,
    )
  })

  it('are kept as Kafka prints them', () => {
    const { configs, topics } = settingsOf({
      configs: { 'auto.create.topics.enable': 'FALSE' },
      topics: { orders: { partitions: 1, configs: { 'cleanup.policy': 'compact, delete' } } },
    })

    expect(configs).toMatchObject({ 'auto.create.topics.enable': 'false' })
    expect(topics[0]?.configs).toEqual({ 'cleanup.policy': 'compact,delete' })
  })
})
