/** The settings that the in-process cluster knows, held against those of a real broker. */
import { DescribeConfigsRequest } from '../../lib/generated/messages/DescribeConfigsRequest'
import { DescribeConfigsResponse } from '../../lib/generated/messages/DescribeConfigsResponse'
import type { DescribeConfigsResourceResult } from '../../lib/generated/messages/DescribeConfigsResponse'
import { BROKER_CONFIGS } from '../../lib/testing/state/configs/broker-config-facts'
import { CONFIG_TYPES } from '../../lib/testing/state/configs/config-facts'
import { TOPIC_CONFIGS } from '../../lib/testing/state/configs/topic-config-facts'
import { openRaw } from './raw-connection'
import { describeWithKafka } from './support'

const TOPIC = 2
const BROKER = 4

/** Kafka's number for a value that nobody set. */
const DEFAULT = 5

describeWithKafka('the settings of the in-process cluster', (kafka) => {
  const described = async (resourceType: number, resourceName: string): Promise<readonly DescribeConfigsResourceResult[]> => {
    using connection = await openRaw(kafka)
    const { results } = await connection.ask(
      { request: DescribeConfigsRequest, response: DescribeConfigsResponse },
      { resources: [{ resourceType, resourceName, configurationKeys: null }], includeSynonyms: true, includeDocumentation: false },
    )
    return results[0]?.configs ?? []
  }

  it("are all of a topic's, of the same type", async () => {
    const configs = await described(TOPIC, await kafka.topic())
    const theirs = new Map(configs.map(({ name, configType }) => [name, configType]))
    const ours = new Map([...TOPIC_CONFIGS.values()].map(({ name, type }) => [name, CONFIG_TYPES[type]]))

    expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(theirs))
  })

  it('fall back on the same settings of brokers', async () => {
    const configs = await described(TOPIC, await kafka.topic())
    const theirs = configs.filter(({ synonyms }) => synonyms.length > 0).map(({ name, synonyms }) => [name, synonyms.at(-1)?.name])
    const ours = theirs.map(([name = '']) => [name, TOPIC_CONFIGS.get(name)?.fallbacks[0]?.name])

    expect(theirs.length).toBeGreaterThan(20)
    expect(ours).toEqual(theirs)
  })

  it("are a broker's with the same default and type, and change while it runs or do not", async () => {
    const configs = new Map((await described(BROKER, '1')).map((config) => [config.name, config]))
    const names = [...BROKER_CONFIGS.keys()]
    const theirs = names.map((name) => {
      const config = configs.get(name)
      const byDefault = config?.synonyms.find(({ name: of, source }) => of === name && source === DEFAULT)
      return [name, byDefault?.value ?? null, config?.configType, config?.readOnly]
    })
    const ours = [...BROKER_CONFIGS.values()].map((fact) => [fact.name, fact.default, CONFIG_TYPES[fact.type], !fact.dynamic])

    expect(ours).toEqual(theirs)
  })
})
