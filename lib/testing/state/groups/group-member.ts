/** A member of a classic group: who it is, what it can do, what it was assigned, and what it waits for. */
import { AsyncSubject } from 'rxjs'
import type { Observable } from 'rxjs'

/** A way to share out the work that a member knows, with what it has to say about it. */
export interface GroupProtocol {
  readonly name: string
  readonly metadata: Uint8Array
}

/** What a member brings when it joins. Times are milliseconds. */
export interface MemberDetails {
  /** Null: it is a dynamic member. */
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  /** In the order of its preference. */
  readonly protocols: readonly GroupProtocol[]
}

export interface ListedMember {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly metadata: Uint8Array
}

export interface JoinAnswer {
  readonly errorCode: number
  readonly memberId: string
  readonly generationId: number
  readonly protocolType: string | null
  readonly protocolName: string | null
  readonly leader: string
  readonly skipAssignment: boolean
  /** Everybody, for the leader; nobody for the others. */
  readonly members: readonly ListedMember[]
}

export interface SyncAnswer {
  readonly errorCode: number
  readonly protocolType: string | null
  readonly protocolName: string | null
  readonly assignment: Uint8Array
}

export const NO_MEMBER_ID = ''
export const NO_GENERATION = -1
export const NO_ASSIGNMENT: Uint8Array = new Uint8Array()

export const refusedJoin = (errorCode: number, memberId: string): JoinAnswer => ({
  ...{ errorCode, memberId, generationId: NO_GENERATION, leader: NO_MEMBER_ID },
  ...{ protocolType: null, protocolName: null, skipAssignment: false, members: [] },
})

export const refusedSync = (errorCode: number): SyncAnswer => ({
  ...{ errorCode, protocolType: null, protocolName: null, assignment: NO_ASSIGNMENT },
})

/** As it is written down where another broker can find it. */
export interface SavedMember extends Omit<MemberDetails, 'protocols'> {
  readonly memberId: string
  /** What it said about the protocol that was chosen. */
  readonly metadata: Uint8Array
  readonly assignment: Uint8Array
}

export class GroupMember {
  details: MemberDetails
  assignment: Uint8Array
  /** It has not been told yet that it is in. */
  isNew: boolean
  joining: AsyncSubject<JoinAnswer> | undefined
  syncing: AsyncSubject<SyncAnswer> | undefined

  constructor(
    readonly memberId: string,
    details: MemberDetails,
    { assignment = NO_ASSIGNMENT, isNew = false } = {},
  ) {
    this.details = details
    this.assignment = assignment
    this.isNew = isNew
  }

  get groupInstanceId(): string | null {
    return this.details.groupInstanceId
  }

  /** A member that waits for the others need not say that it is alive; a new one may have gone without anybody noticing. */
  get mayBeSilent(): boolean {
    return !this.isNew && (this.joining !== undefined || this.syncing !== undefined)
  }

  awaitJoin(): Observable<JoinAnswer> {
    this.joining = new AsyncSubject()
    return this.joining
  }

  awaitSync(): Observable<SyncAnswer> {
    this.syncing = new AsyncSubject()
    return this.syncing
  }

  supports(name: string): boolean {
    return this.details.protocols.some((protocol) => protocol.name === name)
  }

  /** What it says about the protocol; nothing when it does not know it. */
  metadata(name: string | null): Uint8Array {
    return this.details.protocols.find((protocol) => protocol.name === name)?.metadata ?? new Uint8Array()
  }

  /** Whether it would bring the same again. */
  matches(protocols: readonly GroupProtocol[]): boolean {
    const own = this.details.protocols
    return own.length === protocols.length && own.every((protocol, i) => isSame(protocol, protocols[i]))
  }

  /** As the leader gets to know it. */
  listed(protocolName: string | null): ListedMember {
    return { memberId: this.memberId, groupInstanceId: this.groupInstanceId, metadata: this.metadata(protocolName) }
  }

  saved(protocolName: string | null): SavedMember {
    const { protocols: _protocols, ...details } = this.details
    return { ...details, memberId: this.memberId, metadata: this.metadata(protocolName), assignment: this.assignment }
  }
}

/** It knows the chosen protocol alone until it joins again. */
export function restoredMember({ memberId, metadata, assignment, ...details }: SavedMember, protocolName: string): GroupMember {
  return new GroupMember(memberId, { ...details, protocols: [{ name: protocolName, metadata }] }, { assignment })
}

const isSame = (a: GroupProtocol, b: GroupProtocol | undefined): boolean =>
  b !== undefined && a.name === b.name && Buffer.compare(a.metadata, b.metadata) === 0
