/**
 * IncrementalAlterConfigs 0–1: settings of topics, of the broker that is asked, and (its name is empty) of all brokers.
 *
 * - Set, delete, append to a list, subtract from one; of one resource all changes or none. A topic's settings hold from the answer on.
 * - `min.insync.replicas` of brokers is one for all of them and cannot be deleted, as on a new 4.4 cluster (KIP-966).
 * - Stricter: loggers, groups and client metrics have no settings here: INVALID_REQUEST. Laxer: nothing. The error messages are our own.
 */
import { IncrementalAlterConfigsRequest } from '../../generated/messages/IncrementalAlterConfigsRequest'
import type { AlterConfigsResource } from '../../generated/messages/IncrementalAlterConfigsRequest'
import { IncrementalAlterConfigsResponse } from '../../generated/messages/IncrementalAlterConfigsResponse'
import { handler } from '../broker/handler'
import type { Ask } from '../broker/handler'
import { BROKER_CONFIGS } from '../state/configs/broker-config-facts'
import { changed, DELETE, refuseChanges } from '../state/configs/config-changes'
import { checkConfigs } from '../state/configs/config-checks'
import { ALL_BROKERS } from '../state/configs/dynamic-configs'
import { isRefusal, NOT_REFUSED, ordered, refusal } from '../state/refusal'
import type { Refusal } from '../state/refusal'
import { TOPIC_CONFIGS } from '../state/configs/topic-config-facts'
import { nameProblem } from '../state/topic-names'
import { checkedConfigs } from '../state/topic-plan'
import { brokerIdOf, CONFIG_RESOURCES } from './config-resources'
import { duplicatesOf } from './duplicates'

const MIN_ISR = 'min.insync.replicas'

export const incrementalAlterConfigs = handler(
  { request: IncrementalAlterConfigsRequest, response: IncrementalAlterConfigsResponse },
  ({ resources, validateOnly }, ask) => {
    const twice = duplicatesOf(resources.map(keyOf))
    const responses = resources.map((resource) => {
      const { resourceType, resourceName } = resource
      const change = twice.has(keyOf(resource))
        ? refusal('INVALID_REQUEST', 'The resource was named more than once')
        : changeOf(resource, ask)
      if (!isRefusal(change) && !validateOnly) change.apply()
      return { resourceType, resourceName, ...(isRefusal(change) ? change : NOT_REFUSED) }
    })
    return { throttleTimeMs: ask.throttleTimeMs, responses }
  },
)

interface Change {
  apply(): void
}

const keyOf = ({ resourceType, resourceName }: AlterConfigsResource): string => `${String(resourceType)} ${resourceName}`

function changeOf(resource: AlterConfigsResource, ask: Ask): Change | Refusal {
  const refused = refuseChanges(resource.configs, duplicatesOf(resource.configs.map(({ name }) => name)))
  if (refused !== undefined) return refused
  if (resource.resourceType === CONFIG_RESOURCES.topic) return changeOfTopic(resource, ask)
  if (resource.resourceType === CONFIG_RESOURCES.broker) return changeOfBroker(resource, ask)
  return refusal('INVALID_REQUEST', 'Only topics and brokers have settings here')
}

/** The values are looked at before the topic is looked for. */
function changeOfTopic({ resourceName: name, configs }: AlterConfigsResource, { cluster, errorFor }: Ask): Change | Refusal {
  const refused = ordered(errorFor(name)) ?? refuseTopicName(name)
  if (refused !== undefined) return refused
  const topic = cluster.topics.get(name)
  const wanted = changed(topic?.configs ?? new Map(), configs, (each) => TOPIC_CONFIGS.get(each))
  const values = isRefusal(wanted) ? wanted : checkedConfigs(cluster, wanted)
  if (isRefusal(values)) return values
  if (topic === undefined) return refusal('UNKNOWN_TOPIC_OR_PARTITION', `There is no topic ${name}`)
  return { apply: () => replace(topic.configs, values) }
}

function refuseTopicName(name: string): Refusal | undefined {
  if (name === '') return refusal('INVALID_REQUEST', 'There are no settings for all topics: set those of the brokers')
  const problem = nameProblem(name)
  return problem === undefined ? undefined : refusal('INVALID_TOPIC_EXCEPTION', problem)
}

function changeOfBroker({ resourceName: name, configs }: AlterConfigsResource, { cluster, node, errorFor }: Ask): Change | Refusal {
  if (name !== ALL_BROKERS && brokerIdOf(name) !== node.id)
    return refusal('INVALID_REQUEST', `This is broker ${String(node.id)}: it changes no settings of ${JSON.stringify(name)}`)
  const refused = ordered(errorFor())
  if (refused !== undefined) return refused
  const own = cluster.brokerConfigs.get(name) ?? new Map<string, string>()
  const wanted = changed(own, configs, (each) => BROKER_CONFIGS.get(each))
  if (isRefusal(wanted)) return wanted
  const refusedToo = refuseBrokerConfigs(wanted) ?? refuseMinIsr(name, configs)
  return (
    refusedToo ?? {
      apply: () => {
        replace(own, wanted)
        cluster.brokerConfigs.set(name, own)
      },
    }
  )
}

/** A name that the cluster does not know is kept, as Kafka does: it may be a plugin's. */
function refuseBrokerConfigs(wanted: ReadonlyMap<string, string>): Refusal | undefined {
  const known = [...wanted].filter(([name]) => BROKER_CONFIGS.has(name))
  const fixed = known.filter(([name]) => BROKER_CONFIGS.get(name)?.dynamic === false).map(([name]) => name)
  if (fixed.length > 0) return refusal('INVALID_REQUEST', `Not while the broker runs: ${fixed.join(', ')}`)
  const { problems } = checkConfigs(BROKER_CONFIGS, known)
  return problems.length === 0 ? undefined : refusal('INVALID_REQUEST', problems.join('; '))
}

function refuseMinIsr(broker: string, configs: AlterConfigsResource['configs']): Refusal | undefined {
  const change = configs.find(({ name }) => name === MIN_ISR)
  if (change === undefined) return undefined
  if (broker !== ALL_BROKERS) return refusal('INVALID_CONFIG', `${MIN_ISR} is set for all brokers, not for one`)
  return change.configOperation === DELETE ? refusal('INVALID_CONFIG', `${MIN_ISR} of all brokers cannot be deleted`) : undefined
}

function replace(own: Map<string, string>, values: ReadonlyMap<string, string>): void {
  own.clear()
  for (const [name, value] of values) own.set(name, value)
}
