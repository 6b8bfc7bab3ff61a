/** What members of classic groups ask, as scenarios put it. */
import { DESCRIBE_GROUPS, HEARTBEAT, JOIN_GROUP, LEAVE_GROUP, newestOf, SYNC_GROUP } from './apis'
import { bytes } from './batches'
import type { Client } from './client'
import { mapPair, same } from './pair'
import type { Pair } from './pair'

export const NO_MEMBER = same('')
const MEMBER_ID_REQUIRED = 79
const REBALANCE_IN_PROGRESS = 27

export interface Member {
  readonly groupId: string
  readonly memberId: Pair<string>
  readonly generationId: Pair<number>
}

export interface Joining {
  readonly memberId?: Pair<string>
  readonly sessionTimeoutMs?: number
  readonly rebalanceTimeoutMs?: number
  readonly groupInstanceId?: string | null
  readonly protocolType?: string
  readonly protocols?: readonly string[]
  /** Tells members apart in a leader's list. */
  readonly name?: string
}

export const join = (client: Client, version: number, groupId: string, joining: Joining = {}) => {
  const { memberId = NO_MEMBER, protocols = ['range'], name = 'a', ...more } = joining
  return client.ask(JOIN_GROUP, version, (at) => ({
    ...{
      groupId,
      sessionTimeoutMs: 30_000,
      rebalanceTimeoutMs: 30_000,
      groupInstanceId: null,
      protocolType: 'consumer',
      reason: 'why not',
    },
    protocols: protocols.map((protocol) => ({ name: protocol, metadata: bytes(`${protocol} of ${name}`) })),
    ...more,
    memberId: at(memberId),
  }))
}

/** Twice where the version wants an id first. */
export const joined = async (client: Client, version: number, groupId: string, joining: Joining = {}): Promise<Member> => {
  const first = await join(client, version, groupId, joining)
  const isRefused = first.theirs.errorCode === MEMBER_ID_REQUIRED
  const memberId = mapPair(first, (answer) => answer.memberId)
  const answer = isRefused ? await join(client, version, groupId, { ...joining, memberId }) : first
  return { groupId, memberId, generationId: mapPair(answer, ({ generationId }) => generationId) }
}

interface Assigning {
  /** To whom the leader gives what. */
  readonly assignments?: readonly { readonly memberId: Pair<string>; readonly assignment: string }[]
  readonly groupInstanceId?: string | null
  readonly protocolType?: string | null
  readonly protocolName?: string | null
}

export const sync = (client: Client, version: number, member: Member, assigning: Assigning = {}) => {
  const { assignments = [], ...more } = assigning
  return client.ask(SYNC_GROUP, version, (at) => ({
    ...{ groupId: member.groupId, generationId: at(member.generationId), memberId: at(member.memberId), groupInstanceId: null },
    ...{ protocolType: 'consumer', protocolName: 'range' },
    ...more,
    assignments: assignments.map(({ memberId, assignment }) => ({ memberId: at(memberId), assignment: bytes(assignment) })),
  }))
}

export const heartbeat = (client: Client, version: number, member: Member, groupInstanceId: string | null = null) =>
  client.ask(HEARTBEAT, version, (at) => ({
    ...{ groupId: member.groupId, generationId: at(member.generationId), memberId: at(member.memberId), groupInstanceId },
  }))

export const leave = (client: Client, version: number, member: Member, groupInstanceId: string | null = null) =>
  client.ask(LEAVE_GROUP, version, (at) => ({
    groupId: member.groupId,
    ...(version < 3
      ? { memberId: at(member.memberId) }
      : { members: [{ memberId: at(member.memberId), groupInstanceId, reason: 'enough' }] }),
  }))

export const describe = (client: Client, version: number, groups: readonly string[]) =>
  client.ask(DESCRIBE_GROUPS, version, { groups, includeAuthorizedOperations: version % 2 === 0 })

const isRebalancing = (answer: { readonly errorCode: number }): boolean => answer.errorCode === REBALANCE_IN_PROGRESS

/** Until the member hears that others want to join, or have left. */
export const awaitRebalance = (client: Client, { groupId, generationId, memberId }: Member) =>
  client.until(HEARTBEAT, newestOf(HEARTBEAT), (at) => ({ groupId, generationId: at(generationId), memberId: at(memberId) }), isRebalancing)

export const awaitState = (client: Client, group: string, state: string) =>
  client.until(DESCRIBE_GROUPS, newestOf(DESCRIBE_GROUPS), { groups: [group] }, ({ groups }) => groups[0]?.groupState === state)

/** The same place in another api's versions. */
export const alike = (version: number, versions: readonly number[]): number => versions[version % versions.length] ?? 0
