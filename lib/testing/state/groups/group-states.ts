/** The states of a classic group, as in Apache Kafka: what leads from one to the next, and what a member is told in each. */
import { ErrorCode } from '../../../generated/error-codes'

/** By Kafka's names, as ListGroups tells them. */
export type GroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead'

export type GroupEvent =
  /** Somebody joined, left, died or came back with something new. */
  | 'rebalance'
  /** Everybody who is to be in the next generation is there. */
  | 'joined'
  /** As 'joined', but nobody is there. */
  | 'emptied'
  /** The leader said who gets what. */
  | 'assigned'
  /** It was deleted, or another broker looks after it now. */
  | 'ended'

const TRANSITIONS: Readonly<Record<GroupState, Readonly<Partial<Record<GroupEvent, GroupState>>>>> = {
  Empty: { rebalance: 'PreparingRebalance', ended: 'Dead' },
  PreparingRebalance: { joined: 'CompletingRebalance', emptied: 'Empty', ended: 'Dead' },
  CompletingRebalance: { rebalance: 'PreparingRebalance', assigned: 'Stable', ended: 'Dead' },
  Stable: { rebalance: 'PreparingRebalance', ended: 'Dead' },
  Dead: {},
}

export const canHappen = (event: GroupEvent, state: GroupState): boolean => TRANSITIONS[state][event] !== undefined

/** Throws for what cannot happen in the state: a mistake of ours and not of a client. */
export function stateAfter(event: GroupEvent, state: GroupState): GroupState {
  const next = TRANSITIONS[state][event]
  if (next === undefined) throw new Error(`A group that is ${state} cannot be ${event}`)
  return next
}

interface StateRules {
  /** What a heartbeat of a member is told. */
  readonly heartbeat: number
  /** What an OffsetCommit of a member of the current generation is told. */
  readonly commit: number
  /** A heartbeat or an OffsetCommit in this state keeps the member's session. */
  readonly commitKeepsSession: boolean
  /** What whoever wants to delete the group is told. */
  readonly deletion: number
}

const { NONE, UNKNOWN_MEMBER_ID, REBALANCE_IN_PROGRESS, NON_EMPTY_GROUP, COORDINATOR_NOT_AVAILABLE, GROUP_ID_NOT_FOUND } = ErrorCode

export const STATE_RULES: Readonly<Record<GroupState, StateRules>> = {
  Empty: { heartbeat: UNKNOWN_MEMBER_ID, commit: NONE, commitKeepsSession: false, deletion: NONE },
  PreparingRebalance: { heartbeat: REBALANCE_IN_PROGRESS, commit: NONE, commitKeepsSession: true, deletion: NON_EMPTY_GROUP },
  CompletingRebalance: { heartbeat: NONE, commit: REBALANCE_IN_PROGRESS, commitKeepsSession: false, deletion: NON_EMPTY_GROUP },
  Stable: { heartbeat: NONE, commit: NONE, commitKeepsSession: true, deletion: NON_EMPTY_GROUP },
  Dead: {
    heartbeat: COORDINATOR_NOT_AVAILABLE,
    commit: COORDINATOR_NOT_AVAILABLE,
    commitKeepsSession: false,
    deletion: GROUP_ID_NOT_FOUND,
  },
}
