/**
 * FindCoordinator 0–6. Which broker looks after groups and transactional ids: one key a request, a list of them from version 4 on.
 *
 * - COORDINATOR_NOT_AVAILABLE while the partition of the key has no leader that could be named.
 * - Keys of share groups are INVALID_REQUEST, as with a broker that has no share coordinator; so are unknown types of keys.
 * - Laxer than Kafka: the internal topic is there as soon as it is asked for, and with the replicas that there can be. Kafka says
 *   COORDINATOR_NOT_AVAILABLE until it has made it, and makes none for more replicas than it has brokers.
 */
import { ErrorCode } from '../../generated/error-codes'
import { FindCoordinatorRequest } from '../../generated/messages/FindCoordinatorRequest'
import { FindCoordinatorResponse } from '../../generated/messages/FindCoordinatorResponse'
import type { Address } from '../../network/transport'
import type { NodeId } from '../../record'
import { handler } from '../broker/handler'
import type { Ask } from '../broker/handler'
import { coordinatorOf } from '../state/coordinators'
import type { CoordinatorType } from '../state/internal-topics'

/** From this version on a request names several keys. */
const BATCHED = 4

/** The types of keys, by their number. */
const TYPES: readonly CoordinatorType[] = ['group', 'transaction']
const SHARE = 2

const MESSAGES: ReadonlyMap<number, string> = new Map([
  [ErrorCode.NONE, 'NONE'],
  [ErrorCode.INVALID_REQUEST, 'There is no coordinator for keys of this type'],
  [ErrorCode.COORDINATOR_NOT_AVAILABLE, 'Nobody leads the partition that the key belongs to'],
])

export const findCoordinator = handler({ request: FindCoordinatorRequest, response: FindCoordinatorResponse }, (request, ask) => {
  const { key, keyType, coordinatorKeys } = request
  const ordered = ask.errorFor()
  const find = (each: string): Found => (ordered === ErrorCode.NONE ? found(keyType, each, ask) : refused(ordered))
  if (ask.version < BATCHED) {
    const answer = find(key)
    return { ...answer, errorMessage: MESSAGES.get(answer.errorCode) ?? 'The coordinator cannot be told' }
  }
  // Kafka explains one error alone to clients that name several keys.
  const errorMessage = keyType > SHARE ? MESSAGES.get(ErrorCode.INVALID_REQUEST) : ''
  return { coordinators: coordinatorKeys.map((each) => ({ key: each, errorMessage: errorMessage ?? '', ...find(each) })) }
})

interface Found extends Address {
  readonly errorCode: number
  readonly nodeId: NodeId
}

function found(keyType: number, key: string, { cluster, session }: Ask): Found {
  const type = TYPES[keyType]
  if (type === undefined) return refused(ErrorCode.INVALID_REQUEST)
  const node = cluster.nodes.get(coordinatorOf(cluster, type, key) ?? -1)
  const address = node?.addresses[session.listener]
  if (node === undefined || node.fenced || address === undefined) return refused(ErrorCode.COORDINATOR_NOT_AVAILABLE)
  return { errorCode: ErrorCode.NONE, nodeId: node.id, host: address.host, port: address.port }
}

const refused = (errorCode: number): Found => ({ errorCode, nodeId: -1, host: '', port: -1 })
