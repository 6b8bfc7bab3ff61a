/** Settings of topics: told, altered, refused; and what has settings of its own. */
import type { IncrementalAlterConfigsRequestInput } from '../../../../lib/generated/messages/IncrementalAlterConfigsRequest'
import { DESCRIBE_CONFIGS, INCREMENTAL_ALTER_CONFIGS, LIST_CONFIG_RESOURCES, newestOf, versionsOf } from '../support/apis'
import { scenario } from '../support/scenario'
import type { Scenario } from '../support/scenario'
import { createTopics } from '../support/topics'

export const configs: readonly Scenario[] = [
  scenario('DescribeConfigs and IncrementalAlterConfigs of topics', async ({ chance, client }) => {
    const asker = client()
    const configs = { 'retention.ms': '86400000', 'cleanup.policy': 'compact', 'max.message.bytes': '500000' }
    await createTopics(asker, ['configured', 'plain'], { configs })
    const TOPIC = 2
    const KEYS = ['retention.ms', 'cleanup.policy', 'min.insync.replicas', 'max.message.bytes', 'compression.type', 'there.is.none']
    const resource = (resourceName: string, configurationKeys: readonly string[] | null) => ({
      resourceType: TOPIC,
      resourceName,
      configurationKeys,
    })
    for (const version of versionsOf(DESCRIBE_CONFIGS)) {
      for (const includeSynonyms of [false, true]) {
        const ask = (...resources: readonly ReturnType<typeof resource>[]) =>
          asker.tell(DESCRIBE_CONFIGS, version, { resources, includeSynonyms })
        for (const key of KEYS) await ask(resource('configured', [key]))
        await ask(resource('configured', chance.shuffled(KEYS)), resource('plain', ['retention.ms']))
        await ask(resource('configured', null))
        await ask(resource('configured', []))
        await ask(resource('unknown', null), resource('a b', null), resource('', ['retention.ms']))
        await ask()
        await asker.tell(DESCRIBE_CONFIGS, version, { resources: [{ ...resource('x', null), resourceType: 99 }] })
      }
    }
    const alterations = [
      { name: 'retention.ms', configOperation: 0, value: '5000' },
      { name: 'retention.ms', configOperation: 0, value: 'soon' },
      { name: 'retention.ms', configOperation: 1, value: null },
      { name: 'cleanup.policy', configOperation: 2, value: 'delete' },
      { name: 'cleanup.policy', configOperation: 3, value: 'compact' },
      { name: 'retention.ms', configOperation: 2, value: '1' },
      { name: 'there.is.none', configOperation: 0, value: '1' },
      { name: 'min.insync.replicas', configOperation: 0, value: null },
    ]
    for (const version of versionsOf(INCREMENTAL_ALTER_CONFIGS)) {
      const alter = (resources: IncrementalAlterConfigsRequestInput['resources'], validateOnly: boolean) =>
        asker.tell(INCREMENTAL_ALTER_CONFIGS, version, { resources, validateOnly })
      for (const [i, alteration] of alterations.entries()) {
        for (const validateOnly of [true, false]) {
          const resources = [{ resourceType: TOPIC, resourceName: i % 2 === 0 ? 'plain' : 'configured', configs: [alteration] }]
          await alter(resources, validateOnly)
        }
      }
      const nonsense = [{ name: 'retention.ms', configOperation: 9, value: '1' }]
      // A controller that stumbles resigns, and is back a second later.
      if (version === 1) await alter([{ resourceType: TOPIC, resourceName: 'plain', configs: nonsense }], true)
      const unknown = { resourceType: TOPIC, resourceName: 'unknown', configs: alterations.slice(0, 1) }
      await alter([unknown], false)
      await asker.tell(DESCRIBE_CONFIGS, newestOf(DESCRIBE_CONFIGS), { resources: [resource('plain', KEYS), resource('configured', KEYS)] })
    }
  }),

  scenario('ListConfigResources', async ({ client }) => {
    const asker = client()
    await createTopics(asker, ['resource-a', 'resource-b'])
    for (const version of versionsOf(LIST_CONFIG_RESOURCES)) {
      for (const resourceTypes of [[], [2], [16], [4], [2, 4], [8], [32], [99], [0]]) {
        await asker.tell(LIST_CONFIG_RESOURCES, version, { resourceTypes })
      }
    }
  }),
]
