import { DescribeConfigsRequest } from '../../../lib/generated/messages/DescribeConfigsRequest'
import { DescribeConfigsResponse } from '../../../lib/generated/messages/DescribeConfigsResponse'
import { BROKER_CONFIGS } from '../../../lib/testing/state/configs/broker-config-facts'
import { TOPIC_CONFIGS } from '../../../lib/testing/state/configs/topic-config-facts'
import type { TestClusterOptions } from '../../../lib/testing/settings'
import { administrated, BROKER, nameOf, TOPIC } from '../support/admin'

const asking = (options: TestClusterOptions = {}) =>
  administrated({
    topics: { orders: { partitions: 1, configs: { 'retention.ms': '5', 'cleanup.policy': ' compact , delete ' } } },
    ...options,
  })

type Asking = ReturnType<typeof asking>

/** Value, source, and what would hold without it. */
const told = ({ configs }: Asking, type: number, name: string, key: string) => {
  const [config] = configs(type, name, [key]).configs
  return (
    config && [
      config.value,
      config.configSource,
      config.synonyms.map((each) => `${each.name}=${String(each.value)} @${String(each.source)}`),
    ]
  )
}

describe('DescribeConfigs', () => {
  it.each([1, 2, 3, 4])('tells all settings of a topic, in version %i', (version) => {
    const { ask } = asking()
    const resources = [{ resourceType: TOPIC, resourceName: 'orders', configurationKeys: null }]
    const { results } = ask(
      DescribeConfigsRequest,
      DescribeConfigsResponse,
      { resources, includeSynonyms: false, includeDocumentation: false },
      version,
    )

    expect(results).toMatchObject([{ errorCode: 0, errorMessage: '', resourceType: TOPIC, resourceName: 'orders' }])
    expect(results[0]?.configs.map(({ name }) => name)).toEqual([...TOPIC_CONFIGS.keys()])
    expect(results[0]?.configs.find(({ name }) => name === 'retention.ms')).toMatchObject({
      value: '5',
      configSource: 1,
      readOnly: false,
      synonyms: [],
      configType: version < 3 ? 0 : 5,
    })
  })

  it('tells only what was asked for, as far as there is such a thing', () => {
    const { configs } = asking()

    expect(configs(TOPIC, 'orders', ['retention.ms', 'nonsense', 'retention.ms']).configs.map(({ name }) => name)).toEqual(['retention.ms'])
    expect(configs(TOPIC, 'orders', []).configs).toHaveLength(TOPIC_CONFIGS.size)
  })

  it('tells where a topic has its settings from', () => {
    const world = asking({ configs: { 'message.max.bytes': '2000', 'log.retention.hours': '1', 'log.roll.ms': '70' } })

    expect(told(world, TOPIC, 'orders', 'cleanup.policy')).toEqual([
      'compact,delete',
      1,
      ['cleanup.policy=compact,delete @1', 'log.cleanup.policy=delete @5'],
    ])
    expect(told(world, TOPIC, 'orders', 'max.message.bytes')).toEqual([
      '2000',
      4,
      ['message.max.bytes=2000 @4', 'message.max.bytes=1048588 @5'],
    ])
    expect(told(world, TOPIC, 'orders', 'min.insync.replicas')).toEqual(['1', 3, ['min.insync.replicas=1 @3', 'min.insync.replicas=1 @5']])
    expect(told(world, TOPIC, 'orders', 'remote.storage.enable')).toEqual(['false', 5, []])
  })

  it('tells of values in other units what Kafka tells of them', () => {
    const world = asking({ topics: { plain: 1 }, configs: { 'log.retention.hours': '1', 'log.roll.ms': '70' } })

    expect(told(world, TOPIC, 'plain', 'retention.ms')).toEqual(['3600000', 5, []])
    expect(told(world, TOPIC, 'plain', 'segment.ms')).toEqual(['70', 4, ['log.roll.ms=70 @4', 'log.roll.hours=168 @5']])
    expect(told(world, BROKER, '1', 'log.roll.hours')).toEqual(['168', 5, ['log.roll.hours=168 @5']])
    expect(told(world, BROKER, '1', 'log.retention.minutes')).toEqual([null, 5, []])
  })

  it('tells the settings of the broker that is asked', () => {
    const { configs, ...world } = asking({ racks: ['north'], configs: { 'num.partitions': '7' } })

    expect(configs(BROKER, '1').configs.map(({ name }) => name)).toEqual([...BROKER_CONFIGS.keys()])
    expect(told({ configs, ...world }, BROKER, '1', 'num.partitions')).toEqual(['7', 4, ['num.partitions=7 @4', 'num.partitions=1 @5']])
    expect(told({ configs, ...world }, BROKER, '1', 'broker.rack')).toEqual(['north', 4, ['broker.rack=north @4']])
    expect(told({ configs, ...world }, BROKER, '1', 'node.id')).toEqual(['1', 4, ['node.id=1 @4']])
    expect(configs(BROKER, '1', ['num.partitions', 'message.max.bytes']).configs.map(({ readOnly }) => readOnly)).toEqual([false, true])
  })

  it('tells under no name what was set for all brokers while they ran', () => {
    const { configs } = asking({ configs: { 'min.insync.replicas': '2', 'num.partitions': '7' } })

    expect(configs(BROKER, '').configs).toMatchObject([
      { name: 'min.insync.replicas', value: '2', configSource: 3, synonyms: { length: 1 } },
    ])
  })

  it.each([
    [TOPIC, 'nonsense', 'UNKNOWN_TOPIC_OR_PARTITION'],
    [TOPIC, 'a b', 'INVALID_TOPIC_EXCEPTION'],
    [TOPIC, '', 'INVALID_TOPIC_EXCEPTION'],
    [BROKER, '2', 'INVALID_REQUEST'],
    [BROKER, 'one', 'INVALID_REQUEST'],
    [8, '1', 'INVALID_REQUEST'],
    [16, 'metrics', 'INVALID_REQUEST'],
    [32, 'group', 'INVALID_REQUEST'],
  ])('has no resource of type %i and name %p: %s', (type, name, error) => {
    const { errorCode, configs } = asking({ brokers: 2 }).configs(type, name)

    expect([nameOf(errorCode), configs]).toEqual([error, []])
  })

  it('fails all of a request that asks for a type that nobody knows', () => {
    const { ask } = asking()
    const resources = [TOPIC, 3].map((resourceType) => ({ resourceType, resourceName: 'orders', configurationKeys: null }))
    const { results } = ask(DescribeConfigsRequest, DescribeConfigsResponse, {
      resources,
      includeSynonyms: true,
      includeDocumentation: false,
    })

    expect(results.map(({ errorCode }) => nameOf(errorCode))).toEqual(['INVALID_REQUEST', 'INVALID_REQUEST'])
  })

  it('says errors that were ordered', () => {
    const { cluster, configs } = asking()
    cluster.next('DescribeConfigs', { times: 2 }).fail('CLUSTER_AUTHORIZATION_FAILED')

    expect([configs(TOPIC, 'orders'), configs(BROKER, '1'), configs(BROKER, '1')].map(({ errorCode }) => nameOf(errorCode))).toEqual([
      'CLUSTER_AUTHORIZATION_FAILED',
      'CLUSTER_AUTHORIZATION_FAILED',
      'NONE',
    ])
  })
})
