/**
 * DescribeCluster 0–2: the brokers, and (2) those that were given up too, where that is asked for.
 *
 * - Brokers are asked, not controllers: another type of endpoint is an error, of another name from version 1 on.
 * - As in Kafka any broker takes what is for the controller; named is the cluster's controller, where Kafka names a broker by chance.
 * - Stricter, laxer: nothing.
 */
import { ErrorCode } from '../../generated/error-codes'
import { DescribeClusterRequest } from '../../generated/messages/DescribeClusterRequest'
import { DescribeClusterResponse } from '../../generated/messages/DescribeClusterResponse'
import type { DescribeClusterBrokerInput, DescribeClusterResponseInput } from '../../generated/messages/DescribeClusterResponse'
import { handler } from '../broker/handler'
import type { Ask } from '../broker/handler'
import { ordered, refusal } from '../state/refusal'
import type { Refusal } from '../state/refusal'
import { CLUSTER_OPERATIONS, NOT_ASKED } from './authorized-operations'
import { controllerOf } from './brokers'

const BROKERS = 1
const CONTROLLERS = 2

export const describeCluster = handler({ request: DescribeClusterRequest, response: DescribeClusterResponse }, (request, ask) => {
  const refused = ordered(ask.errorFor()) ?? refuseEndpoint(request.endpointType, ask.version)
  if (refused !== undefined) return { ...nothing(ask), ...refused }
  return {
    ...nothing(ask),
    errorCode: ErrorCode.NONE,
    clusterId: ask.cluster.clusterId,
    controllerId: controllerOf(ask),
    brokers: brokersOf(ask, request.includeFencedBrokers ? 'all' : 'unfenced'),
    clusterAuthorizedOperations: request.includeClusterAuthorizedOperations ? CLUSTER_OPERATIONS : NOT_ASKED,
  }
})

const nothing = ({ throttleTimeMs }: Ask): Omit<DescribeClusterResponseInput, 'errorCode'> => ({
  throttleTimeMs,
  clusterId: '',
  brokers: [],
})

function refuseEndpoint(type: number, version: number): Refusal | undefined {
  if (type === BROKERS) return undefined
  const [error, what] =
    type === CONTROLLERS
      ? (['MISMATCHED_ENDPOINT_TYPE', 'a controller was wanted, this is a broker'] as const)
      : (['UNSUPPORTED_ENDPOINT_TYPE', 'nobody knows this type'] as const)
  return refusal(version === 0 ? 'INVALID_REQUEST' : error, `Endpoint type ${String(type)}: ${what}`)
}

const brokersOf = ({ cluster, session }: Ask, which: 'all' | 'unfenced'): readonly DescribeClusterBrokerInput[] =>
  [...cluster.nodes.values()].flatMap(({ id, rack, fenced, addresses }) => {
    const address = addresses[session.listener]
    if (address === undefined || (fenced && which === 'unfenced')) return []
    return [{ brokerId: id, host: address.host, port: address.port, rack, isFenced: fenced }]
  })
