/**
 * ListConfigResources 0–1: topics and brokers. Version 0 asks for client metrics, of which there are none here.
 *
 * - UNSUPPORTED_VERSION for a type of resource that the version does not know.
 * - Stricter: nothing. Laxer: no groups and no client metrics.
 */
import { ErrorCode } from '../../generated/error-codes'
import { ListConfigResourcesRequest } from '../../generated/messages/ListConfigResourcesRequest'
import { ListConfigResourcesResponse } from '../../generated/messages/ListConfigResourcesResponse'
import type { ConfigResourceInput } from '../../generated/messages/ListConfigResourcesResponse'
import { handler } from '../broker/handler'
import type { ClusterState } from '../state/cluster-state'
import { CONFIG_RESOURCES } from './config-resources'

const { topic, broker, brokerLogger, clientMetrics, group } = CONFIG_RESOURCES

/** In Kafka's order. */
const BY_VERSION: readonly (readonly number[])[] = [[clientMetrics], [group, clientMetrics, brokerLogger, broker, topic]]

export const listConfigResources = handler(
  { request: ListConfigResourcesRequest, response: ListConfigResourcesResponse },
  ({ resourceTypes }, ask) => {
    const { throttleTimeMs } = ask
    const supported = BY_VERSION[ask.version] ?? []
    const wanted = resourceTypes.length === 0 ? supported : resourceTypes
    const errorCode = ask.errorFor() || (wanted.every((type) => supported.includes(type)) ? ErrorCode.NONE : ErrorCode.UNSUPPORTED_VERSION)
    if (errorCode !== ErrorCode.NONE) return { throttleTimeMs, errorCode, configResources: [] }
    const configResources = supported.filter((type) => wanted.includes(type)).flatMap((type) => resourcesOf(ask.cluster, type))
    return { throttleTimeMs, errorCode, configResources }
  },
)

function resourcesOf({ nodes, topics }: ClusterState, resourceType: number): readonly ConfigResourceInput[] {
  if (resourceType === topic) return [...topics.keys()].map((resourceName) => ({ resourceName, resourceType }))
  if (resourceType !== broker && resourceType !== brokerLogger) return []
  return [...nodes.keys()].map((id) => ({ resourceName: String(id), resourceType }))
}
