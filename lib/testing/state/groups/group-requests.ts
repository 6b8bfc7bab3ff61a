/** What is asked of a classic group. */
import type { MemberDetails } from './group-member'

/** What a JoinGroup asks for. */
export interface Joining {
  /** Empty: it has none yet. */
  readonly memberId: string
  readonly protocolType: string
  readonly details: MemberDetails
  /** An id for whoever comes without one. */
  readonly newMemberId: () => string
  /** KIP-394: a dynamic member without an id is given one first, and joins with it. */
  readonly mustKnowItsId: boolean
  /** KIP-814: a leader that came back is told that it need not assign anew. */
  readonly maySkipAssignment: boolean
  /** group.max.size */
  readonly maxSize: number
  /** group.initial.rebalance.delay.ms */
  readonly initialDelayMs: number
}

export interface Identity {
  readonly memberId: string
  /** Null: a dynamic member. */
  readonly groupInstanceId: string | null
}

export interface Generation extends Identity {
  readonly generationId: number
}

export interface Assignment {
  readonly memberId: string
  readonly assignment: Uint8Array
}

export interface Syncing extends Generation {
  /** Null: an older client does not say. */
  readonly protocolType: string | null
  readonly protocolName: string | null
  /** What the leader decided; of no interest when somebody else sends it. */
  readonly assignments: readonly Assignment[]
}
