import { IncrementalAlterConfigsRequest } from '../../../lib/generated/messages/IncrementalAlterConfigsRequest'
import { IncrementalAlterConfigsResponse } from '../../../lib/generated/messages/IncrementalAlterConfigsResponse'
import type { TestClusterOptions } from '../../../lib/testing/settings'
import { administrated, BROKER, nameOf, TOPIC } from '../support/admin'

const OPERATIONS = { set: 0, delete: 1, append: 2, subtract: 3, nonsense: 4 } as const

type Change = readonly [name: string, operation: keyof typeof OPERATIONS, value?: string | null]
type Resource = readonly [type: number, name: string, ...changes: readonly Change[]]

interface More {
  readonly validateOnly?: boolean
  readonly version?: number
}

function altering(options: TestClusterOptions = {}) {
  const { ask, ...rest } = administrated({ brokers: 2, topics: { orders: 1, other: 1 }, ...options })
  const alterAll = (resources: readonly Resource[], { validateOnly = false, version }: More = {}) =>
    ask(
      IncrementalAlterConfigsRequest,
      IncrementalAlterConfigsResponse,
      {
        resources: resources.map(([resourceType, resourceName, ...changes]) => ({
          resourceType,
          resourceName,
          configs: changesOf(changes),
        })),
        validateOnly,
      },
      version,
    ).responses.map(({ errorCode }) => nameOf(errorCode))
  const alter = (...changes: readonly Change[]) => alterAll([[TOPIC, 'orders', ...changes]])[0]
  const alterBroker = (name: string, ...changes: readonly Change[]) => alterAll([[BROKER, name, ...changes]])[0]
  return { ...rest, alterAll, alter, alterBroker }
}

const changesOf = (changes: readonly Change[]) =>
  changes.map(([name, operation, value = null]) => ({ name, configOperation: OPERATIONS[operation], value }))

describe('IncrementalAlterConfigs', () => {
  it.each([0, 1])('sets what a topic goes by from now on, in version %i', (version) => {
    const { alterAll, config } = altering()

    expect(alterAll([[TOPIC, 'orders', ['retention.ms', 'set', ' 07 ']]], { version })).toEqual(['NONE'])
    expect([config('orders', 'retention.ms'), config('other', 'retention.ms')]).toEqual(['7', '604800000'])
  })

  it('deletes what a topic has of its own', () => {
    const { alter, config } = altering()
    alter(['retention.ms', 'set', '7'])

    expect([alter(['retention.ms', 'delete']), alter(['retention.ms', 'delete']), alter(['nonsense', 'delete'])]).toEqual([
      'NONE',
      'NONE',
      'NONE',
    ])
    expect(config('orders', 'retention.ms')).toBe('604800000')
  })

  it('adds to lists and takes from them, beginning with the default', () => {
    const { alter, config } = altering()
    const policy = () => config('orders', 'cleanup.policy')
    const after = (...change: Change) => [alter(change), policy()]

    expect(after('cleanup.policy', 'append', 'compact,delete')).toEqual(['NONE', 'delete,compact'])
    expect(after('cleanup.policy', 'subtract', 'delete')).toEqual(['NONE', 'compact'])
    expect(after('cleanup.policy', 'subtract', 'compact')).toEqual(['NONE', ''])
    expect(after('cleanup.policy', 'append', 'compact')).toEqual(['NONE', 'compact'])
  })

  it.each<[string, ...Change]>([
    ['INVALID_CONFIG', 'nonsense', 'set', '1'],
    ['INVALID_CONFIG', 'nonsense', 'append', '1'],
    ['INVALID_CONFIG', 'retention.ms', 'append', '1'],
    ['INVALID_CONFIG', 'retention.ms', 'set', 'soon'],
    ['INVALID_CONFIG', 'cleanup.policy', 'append', 'compress'],
    ['INVALID_CONFIG', 'min.compaction.lag.ms', 'set', '9223372036854775807'],
    ['INVALID_CONFIG', 'remote.storage.enable', 'set', 'true'],
    ['INVALID_REQUEST', 'retention.ms', 'set', null],
    ['INVALID_REQUEST', 'retention.bytes', 'set', '1'],
    ['UNKNOWN_SERVER_ERROR', 'retention.ms', 'nonsense', '1'],
  ])('says %s, and changes nothing of the topic', (error, ...bad) => {
    const { alter, config } = altering({ topics: { orders: { partitions: 1, configs: { 'max.compaction.lag.ms': '10' } } } })

    expect(alter(['retention.bytes', 'set', '5'], bad)).toBe(error)
    expect(config('orders', 'retention.bytes')).toBe('-1')
  })

  it('changes one resource and not another that is wrong', () => {
    const { alterAll, config } = altering()
    const change: Change = ['retention.ms', 'set', '5']

    expect(
      alterAll([
        [TOPIC, 'orders', change],
        [TOPIC, 'nonsense', change],
        [TOPIC, 'a b', change],
        [TOPIC, '', change],
        [TOPIC, 'nonsense2', ['retention.ms', 'set', 'soon']],
        [8, '1', change],
        [99, 'orders', change],
        [TOPIC, 'other', change],
        [TOPIC, 'other', ['retention.bytes', 'set', '1']],
      ]),
    ).toEqual([
      'NONE',
      'UNKNOWN_TOPIC_OR_PARTITION',
      'INVALID_TOPIC_EXCEPTION',
      'INVALID_REQUEST',
      'INVALID_CONFIG',
      'INVALID_REQUEST',
      'INVALID_REQUEST',
      'INVALID_REQUEST',
      'INVALID_REQUEST',
    ])
    expect([config('orders', 'retention.ms'), config('other', 'retention.ms')]).toEqual(['5', '604800000'])
  })

  it('only looks when it is asked to validate', () => {
    const { alterAll, config } = altering()

    expect(alterAll([[TOPIC, 'orders', ['retention.ms', 'set', '5']]], { validateOnly: true })).toEqual(['NONE'])
    expect(config('orders', 'retention.ms')).toBe('604800000')
  })

  describe('of brokers', () => {
    it('sets what holds for all topics without a value of their own', () => {
      const { alterBroker, config, configs } = altering({
        topics: { orders: 1, own: { partitions: 1, configs: { 'max.message.bytes': '10' } } },
      })

      expect(alterBroker('', ['message.max.bytes', 'set', '2000'], ['log.retention.ms', 'set', '-1'])).toBe('NONE')
      expect([config('orders', 'max.message.bytes'), config('own', 'max.message.bytes'), config('orders', 'retention.ms')]).toEqual([
        '2000',
        '10',
        '-1',
      ])
      expect(configs(TOPIC, 'orders', ['max.message.bytes']).configs[0]).toMatchObject({ configSource: 3 })
    })

    it('tells a value as it is read, and where it was set as it was given', () => {
      const { alterBroker, configs } = altering()
      const told = (broker: string) =>
        configs(BROKER, broker, ['log.preallocate']).configs.map(({ value, synonyms }) => [value, ...synonyms.map((each) => each.value)])
      alterBroker('', ['log.preallocate', 'set', ' TRUE '])

      expect(told('1')).toEqual([['true', ' TRUE ', 'false']])
      expect(told('')).toEqual([[' TRUE ', ' TRUE ']])
    })

    it('sets what one broker goes by', () => {
      const { alterBroker, configs } = altering()

      expect(alterBroker('1', ['message.max.bytes', 'set', '2000'], ['log.cleanup.policy', 'append', 'compact'])).toBe('NONE')
      expect(configs(BROKER, '1', ['message.max.bytes', 'log.cleanup.policy']).configs).toMatchObject([
        { value: '2000', configSource: 2 },
        { value: 'delete,compact', configSource: 2 },
      ])
      expect(configs(BROKER, '').configs.map(({ name }) => name)).toEqual(['min.insync.replicas'])
    })

    it('keeps a name that nobody knows, and keeps its value to itself', () => {
      const { alterBroker, configs } = altering()
      alterBroker('', ['my.password', 'set', 'secret'])
      alterBroker('1', ['my.password', 'set', 'secret'])
      const secret = { name: 'my.password', value: null, isSensitive: true, readOnly: true, configType: 0 }

      expect(configs(BROKER, '1', ['my.password']).configs).toMatchObject([
        { ...secret, configSource: 2, synonyms: [{ value: null }, { value: null }] },
      ])
      expect(configs(BROKER, '', ['my.password']).configs).toMatchObject([{ ...secret, configSource: 3, synonyms: { length: 1 } }])
    })

    it('has one min.insync.replicas for all, which stays', () => {
      const { alterBroker, config } = altering()
      const errors = [
        alterBroker('', ['min.insync.replicas', 'set', '2']),
        alterBroker('1', ['min.insync.replicas', 'set', '1']),
        alterBroker('', ['min.insync.replicas', 'delete']),
      ]

      expect(errors).toEqual(['NONE', 'INVALID_CONFIG', 'INVALID_CONFIG'])
      expect(config('orders', 'min.insync.replicas')).toBe('2')
    })

    it.each<[string, string, ...Change]>([
      ['INVALID_REQUEST', '2', 'message.max.bytes', 'set', '1'],
      ['INVALID_REQUEST', 'one', 'message.max.bytes', 'set', '1'],
      ['INVALID_REQUEST', '', 'num.partitions', 'set', '1'],
      ['INVALID_REQUEST', '1', 'message.max.bytes', 'set', 'many'],
      ['INVALID_CONFIG', '1', 'message.max.bytes', 'append', '1'],
    ])('says %s to a change of broker %p', (error, broker, ...bad) => {
      expect(altering().alterBroker(broker, bad)).toBe(error)
    })
  })

  it('changes nothing whose error was ordered', () => {
    const { cluster, alter, alterBroker, config } = altering()
    cluster.next('IncrementalAlterConfigs', { times: 2 }).fail('TOPIC_AUTHORIZATION_FAILED')

    expect([alter(['retention.ms', 'set', '5']), alterBroker('', ['log.retention.ms', 'set', '5'])]).toEqual([
      'TOPIC_AUTHORIZATION_FAILED',
      'TOPIC_AUTHORIZATION_FAILED',
    ])
    expect(config('orders', 'retention.ms')).toBe('604800000')
  })
})
