/**
 * DescribeConfigs 1–4: settings of topics, of the broker that is asked, and (its name is empty) what was set for all brokers while they ran.
 *
 * - Source, type, synonyms as Kafka 4.4 tells them; only the names that are asked for, those that there are.
 * - A type of resource that nobody knows fails the whole request.
 * - Stricter: loggers, groups and client metrics have no settings here: INVALID_REQUEST. Laxer: a broker tells the settings that this
 *   cluster knows, a third of Kafka's. There is no documentation. Settings come in the order of our tables.
 */
import { ErrorCode } from '../../generated/error-codes'
import { DescribeConfigsRequest } from '../../generated/messages/DescribeConfigsRequest'
import type { DescribeConfigsResource } from '../../generated/messages/DescribeConfigsRequest'
import { DescribeConfigsResponse } from '../../generated/messages/DescribeConfigsResponse'
import type { DescribeConfigsResultInput } from '../../generated/messages/DescribeConfigsResponse'
import { handler } from '../broker/handler'
import type { Ask } from '../broker/handler'
import { brokerEntries, defaultBrokerEntries, topicEntries } from '../state/configs/config-entries'
import type { ConfigEntry } from '../state/configs/config-entries'
import { isRefusal, ordered, refusal } from '../state/refusal'
import type { Refusal } from '../state/refusal'
import { nameProblem } from '../state/topic-names'
import { brokerIdOf, CONFIG_RESOURCES } from './config-resources'

const KNOWN: ReadonlySet<number> = new Set(Object.values(CONFIG_RESOURCES))

export const describeConfigs = handler({ request: DescribeConfigsRequest, response: DescribeConfigsResponse }, (request, ask) => {
  const { resources, includeSynonyms } = request
  const stranger = resources.find(({ resourceType }) => !KNOWN.has(resourceType))
  const all = stranger && refusal('INVALID_REQUEST', `There are no resources of type ${String(stranger.resourceType)}`)
  const results = resources.map((resource) => resultOf(resource, all ?? entriesOf(resource, ask), includeSynonyms ? 'told' : 'left out'))
  return { throttleTimeMs: ask.throttleTimeMs, results }
})

type Told = readonly ConfigEntry[] | Refusal

function resultOf(resource: DescribeConfigsResource, told: Told, synonyms: 'told' | 'left out'): DescribeConfigsResultInput {
  const { resourceType, resourceName, configurationKeys } = resource
  if (isRefusal(told)) return { ...told, resourceType, resourceName, configs: [] }
  const wanted = configurationKeys === null || configurationKeys.length === 0 ? undefined : new Set(configurationKeys)
  const configs = told.filter(({ name }) => wanted === undefined || wanted.has(name))
  return {
    errorCode: ErrorCode.NONE,
    // Kafka leaves it empty here, not null.
    errorMessage: '',
    resourceType,
    resourceName,
    configs: configs.map((config) => ({ ...config, documentation: null, synonyms: synonyms === 'told' ? config.synonyms : [] })),
  }
}

function entriesOf({ resourceType, resourceName }: DescribeConfigsResource, ask: Ask): Told {
  if (resourceType === CONFIG_RESOURCES.topic) return ofTopic(resourceName, ask)
  if (resourceType === CONFIG_RESOURCES.broker) return ofBroker(resourceName, ask)
  return refusal('INVALID_REQUEST', 'Only topics and brokers have settings here')
}

function ofTopic(name: string, { cluster, node, errorFor }: Ask): Told {
  const refused = ordered(errorFor(name))
  if (refused !== undefined) return refused
  const problem = nameProblem(name)
  const topic = cluster.topics.get(name)
  if (problem !== undefined) return refusal('INVALID_TOPIC_EXCEPTION', problem)
  return topic === undefined ? refusal('UNKNOWN_TOPIC_OR_PARTITION', '') : topicEntries(cluster, topic.configs, node.id)
}

function ofBroker(name: string, { cluster, node, errorFor }: Ask): Told {
  const refused = ordered(errorFor())
  if (refused !== undefined) return refused
  if (name === '') return defaultBrokerEntries(cluster)
  if (brokerIdOf(name) === node.id) return brokerEntries(cluster, node.id)
  return refusal(
    'INVALID_REQUEST',
    `This is broker ${String(node.id)}, asked for was ${JSON.stringify(name)}: a broker tells its own settings`,
  )
}
