/** Clients of groups on a test cluster: each member has a connection of its own, as the answer to a JoinGroup may be long in coming. */
import { FindCoordinatorRequest } from '../../../lib/generated/messages/FindCoordinatorRequest'
import { FindCoordinatorResponse } from '../../../lib/generated/messages/FindCoordinatorResponse'
import { HeartbeatRequest } from '../../../lib/generated/messages/HeartbeatRequest'
import { HeartbeatResponse } from '../../../lib/generated/messages/HeartbeatResponse'
import { JoinGroupRequest } from '../../../lib/generated/messages/JoinGroupRequest'
import type { JoinGroupRequestInput } from '../../../lib/generated/messages/JoinGroupRequest'
import { JoinGroupResponse } from '../../../lib/generated/messages/JoinGroupResponse'
import { SyncGroupRequest } from '../../../lib/generated/messages/SyncGroupRequest'
import { SyncGroupResponse } from '../../../lib/generated/messages/SyncGroupResponse'
import type { TestClusterOptions } from '../../../lib/testing/settings'
import { testCluster } from '../../../lib/testing/test-cluster'
import type { TestCluster } from '../../../lib/testing/test-cluster'
import { virtualTime } from '../../../lib/testing/virtual-time'
import type { VirtualTime } from '../../../lib/testing/virtual-time'
import { client } from './ask'
import type { Asked, Client } from './ask'
import { nameOf, subscriptionTo } from './group-members'

export interface GroupClients {
  readonly cluster: TestCluster
  readonly time: VirtualTime
  /** Asks the broker of that number, on a connection that it keeps. */
  ask(node?: number): Client
  /** Looks for the coordinator of a group, so that there is one; gives its number. */
  coordinator(groupId?: string): number
  /** Sends a JoinGroup on a connection of its own and does not wait. */
  join(options?: Partial<JoinGroupRequestInput>, version?: number): Asked<JoinGroupResponse>
  /** A member of the group `g`, alone and stable. */
  soleMember(options?: Partial<JoinGroupRequestInput>): JoinGroupResponse
  /** The name of the error that a heartbeat gets. */
  heartbeat(memberId: string, generationId: number): string
}

/** What a consumer asks for that joins `g` for the first time. */
export const JOINING: JoinGroupRequestInput = {
  ...{ groupId: 'g', memberId: '', protocolType: 'consumer', sessionTimeoutMs: 10_000, rebalanceTimeoutMs: 60_000 },
  protocols: [{ name: 'range', metadata: subscriptionTo('orders') }],
}

/** A cluster with the topics `orders` and `bills` of two partitions each, and whoever asks it. */
export function groupClients(options: TestClusterOptions = {}): GroupClients {
  const time = virtualTime()
  const cluster = testCluster({ topics: { orders: 2, bills: 2 }, scheduler: time.scheduler, ...options })
  const clients = new Map<number, Client>()

  const ask = (node = 1): Client => {
    const asked = clients.get(node) ?? client(cluster, { node, time })
    clients.set(node, asked)
    return asked
  }

  const coordinator = (groupId = 'g'): number => {
    const { coordinators } = ask()(FindCoordinatorRequest, FindCoordinatorResponse, { keyType: 0, coordinatorKeys: [groupId] })
    return coordinators[0]?.nodeId ?? -1
  }

  const join: GroupClients['join'] = (some = {}, version) => {
    const member = client(cluster, { node: coordinator(some.groupId), time })
    return member.begin(JoinGroupRequest, JoinGroupResponse, { ...JOINING, ...some }, version)
  }

  const soleMember: GroupClients['soleMember'] = (some = {}) => {
    const first = join(some)
    time.advance(1)
    const { memberId } = first.answer
    const joined = some.groupInstanceId === undefined ? join({ ...some, memberId }) : first
    time.advance(1)
    const { generationId, protocolType, protocolName } = joined.answer
    const { groupInstanceId = null } = some
    const syncing = { groupId: 'g', memberId, groupInstanceId, generationId, protocolType, protocolName }
    const assignments = [{ memberId, assignment: Uint8Array.of(1, 2, 3) }]
    ask(coordinator())(SyncGroupRequest, SyncGroupResponse, { ...syncing, assignments })
    return joined.answer
  }

  const heartbeat = (memberId: string, generationId: number): string => {
    const beat = { groupId: 'g', memberId, generationId }
    return nameOf(ask(coordinator())(HeartbeatRequest, HeartbeatResponse, beat).errorCode)
  }

  return { cluster, time, ask, coordinator, join, soleMember, heartbeat }
}
