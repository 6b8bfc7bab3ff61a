/**
 * The life of a classic group: rebalances begin and end, generations follow each other, members come and go. What is asked of a group, and
 * by whom, is a matter of `group.ts`.
 *
 * Whoever waits is told when the group is done with whatever changed it, because the answer may let the next request of a connection in.
 */
import type { AsyncSubject } from 'rxjs'
import { ErrorCode } from '../../../generated/error-codes'
import type { Clock } from '../../../time'
import { NO_ASSIGNMENT, NO_MEMBER_ID, refusedJoin, refusedSync, restoredMember } from './group-member'
import type { GroupMember, JoinAnswer, SavedMember, SyncAnswer } from './group-member'
import { GroupMembers } from './group-members'
import type { Assignment } from './group-requests'
import { canHappen, stateAfter } from './group-states'
import type { GroupEvent, GroupState } from './group-states'
import { subscribedTopics } from './subscribed-topics'
import { Timers } from './timers'

/** What another broker finds when it takes over: the last generation that was complete. */
export interface SavedGroup {
  readonly generation: number
  readonly protocolType: string | null
  readonly protocolName: string | null
  readonly leader: string | undefined
  readonly members: readonly SavedMember[]
}

const NEW_GROUP: SavedGroup = { generation: 0, protocolType: null, protocolName: null, leader: undefined, members: [] }

/** A new member that waits for its first answer is given up after this long: it may have gone, and come again as another one. */
const NEW_MEMBER_JOIN_TIMEOUT = 5 * 60_000

/** Milliseconds between two looks for a member of a generation that nobody has joined: with less, no time would pass for one who wants none. */
const LEAST_WAIT = 1

const JOIN = 'join'
const SYNC = 'sync'
const sessionOf = (memberId: string): string => `session ${memberId}`

export class GroupMachine {
  readonly members = new GroupMembers()
  readonly timers: Timers
  #generation: number
  #protocolName: string | null
  /** Null: not known. */
  #subscribed: ReadonlySet<string> | null = null
  #state: GroupState
  /** The rebalance under way is the first since nobody was there. */
  #isInitial = false
  /** Somebody joined while others were waited for. */
  #grew = false
  #saved: SavedGroup
  /** Whose SyncGroup is missing. */
  readonly #pendingSync = new Set<string>()
  readonly #toTell: (() => void)[] = []

  constructor(clock: Clock, saved: SavedGroup = NEW_GROUP) {
    this.timers = new Timers(clock)
    this.#saved = saved
    this.#generation = saved.generation
    this.#protocolName = saved.protocolName
    for (const member of saved.members) this.members.add(restoredMember(member, saved.protocolName ?? ''), saved.protocolType ?? '')
    this.members.protocolType = saved.protocolType
    this.members.leader = saved.leader
    for (const member of this.members.all) this.keepSession(member)
    this.#state = this.members.size > 0 ? 'Stable' : 'Empty'
    this.#lookAtSubscriptions()
  }

  get state(): GroupState {
    return this.#state
  }

  get generation(): number {
    return this.#generation
  }

  get protocolName(): string | null {
    return this.#protocolName
  }

  get subscribed(): ReadonlySet<string> | null {
    return this.#subscribed
  }

  get saved(): SavedGroup {
    return this.#saved
  }

  /** Every change happens in here. */
  acting<T>(change: () => T): T {
    const result = change()
    for (const tellIt of this.#toTell.splice(0)) tellIt()
    return result
  }

  add(member: GroupMember, protocolType: string): void {
    if (this.#state === 'PreparingRebalance') this.#grew = true
    this.members.add(member, protocolType)
    this.startSession(member.memberId, NEW_MEMBER_JOIN_TIMEOUT)
  }

  /** A static member came back under a new id. */
  replace(old: GroupMember, member: GroupMember): void {
    this.#dismiss(old, refusedJoin(ErrorCode.FENCED_INSTANCE_ID, old.memberId))
    this.members.replace(old, member)
    this.keepSession(member)
  }

  remove(memberId: string): void {
    const member = this.members.get(memberId)
    if (member !== undefined) this.#dismiss(member, refusedJoin(ErrorCode.UNKNOWN_MEMBER_ID, NO_MEMBER_ID))
    this.timers.cancel(sessionOf(memberId))
    this.members.remove(memberId)
  }

  keepSession({ memberId, details }: GroupMember): void {
    this.startSession(memberId, details.sessionTimeoutMs)
  }

  startSession(memberId: string, timeoutMs: number): void {
    this.#later(sessionOf(memberId), timeoutMs, () => this.#expire(memberId))
  }

  /** Everybody is to join again; where they are doing so already, this may have been the last who was waited for. */
  rebalanceOrComplete(initialDelayMs = 0): void {
    if (canHappen('rebalance', this.#state)) this.#rebalance(initialDelayMs)
    else if (this.#state === 'PreparingRebalance' && !this.#isInitial && this.members.haveAllJoined) this.#completeJoin()
  }

  hasSynced(memberId: string): void {
    this.#pendingSync.delete(memberId)
    if (this.#pendingSync.size === 0) this.timers.cancel(SYNC)
  }

  /** Whom the leader has forgotten gets nothing. */
  assign(assignments: readonly Assignment[]): void {
    const shares = new Map(assignments.map(({ memberId, assignment }) => [memberId, assignment]))
    for (const member of this.members.all) {
      member.assignment = shares.get(member.memberId) ?? NO_ASSIGNMENT
      this.#tellSync(member, this.synced(member))
    }
    this.#go('assigned')
    this.save()
  }

  save(): void {
    const members = this.members.all.map((member) => member.saved(this.#protocolName))
    const { protocolType, leader } = this.members
    this.#saved = { generation: this.#generation, protocolName: this.#protocolName, protocolType, leader, members }
  }

  /** It is no more, here: whoever waits is told why. */
  end(errorCode: number): void {
    for (const member of this.members.all) this.#dismiss(member, refusedJoin(errorCode, member.memberId))
    this.timers.cancelAll()
    this.#go('ended')
  }

  joined({ memberId }: GroupMember): JoinAnswer {
    const { leader = NO_MEMBER_ID, protocolType } = this.members
    return {
      ...{ errorCode: ErrorCode.NONE, memberId, leader, protocolType, skipAssignment: false },
      generationId: this.#generation,
      protocolName: this.#protocolName,
      members: leader === memberId ? this.members.all.map((member) => member.listed(this.#protocolName)) : [],
    }
  }

  synced({ assignment }: GroupMember): SyncAnswer {
    return { errorCode: ErrorCode.NONE, protocolType: this.members.protocolType, protocolName: this.#protocolName, assignment }
  }

  #rebalance(initialDelayMs: number): void {
    if (this.#state === 'CompletingRebalance') this.#callOff()
    this.#pendingSync.clear()
    this.timers.cancel(SYNC)
    this.#isInitial = this.#state === 'Empty'
    this.#grew = false
    this.#go('rebalance')
    const { haveAllJoined, rebalanceTimeoutMs } = this.members
    if (this.#isInitial) this.#awaitMore(initialDelayMs, Math.max(rebalanceTimeoutMs - initialDelayMs, 0))
    else if (haveAllJoined) this.#completeJoin()
    else this.#later(JOIN, rebalanceTimeoutMs, () => this.#completeJoin())
  }

  /** The generation ends before its leader said who gets what. */
  #callOff(): void {
    for (const member of this.members.all) {
      member.assignment = NO_ASSIGNMENT
      this.#tellSync(member, refusedSync(ErrorCode.REBALANCE_IN_PROGRESS))
    }
  }

  /** The first rebalance takes some time, and a bit more for each who still comes, so that members that start together meet in it. */
  #awaitMore(delayMs: number, remainingMs: number): void {
    this.#later(JOIN, delayMs, () => {
      if (!this.#grew || remainingMs === 0) return this.#completeJoin()
      this.#grew = false
      this.#awaitMore(Math.min(delayMs, remainingMs), Math.max(remainingMs - delayMs, 0))
    })
  }

  /** A static member is waited for until its session ends; a dynamic one that has not joined by now is out. */
  #completeJoin(): void {
    this.timers.cancel(JOIN)
    for (const { memberId, joining, groupInstanceId } of this.members.all) {
      if (joining === undefined && groupInstanceId === null) this.remove(memberId)
    }
    if (!this.members.electJoined() && this.members.size > 0) {
      return this.#later(JOIN, Math.max(LEAST_WAIT, this.members.rebalanceTimeoutMs), () => this.#completeJoin())
    }
    this.#generation++
    this.#protocolName = this.members.vote()
    this.#lookAtSubscriptions()
    this.#go(this.members.size === 0 ? 'emptied' : 'joined')
    if (this.members.size === 0) this.save()
    else this.#awaitSyncs()
  }

  #awaitSyncs(): void {
    for (const member of this.members.all) {
      this.#tellJoin(member, this.joined(member))
      member.isNew = false
      this.keepSession(member)
      this.#pendingSync.add(member.memberId)
    }
    this.#later(SYNC, this.members.rebalanceTimeoutMs, () => {
      for (const memberId of [...this.#pendingSync]) this.remove(memberId)
      this.#rebalance(0)
    })
  }

  #expire(memberId: string): void {
    const member = this.members.get(memberId)
    if (member?.mayBeSilent === true) return
    this.remove(memberId)
    if (this.#state === 'PreparingRebalance') return this.members.haveAllJoined ? this.#completeJoin() : undefined
    if (member !== undefined) this.#rebalance(0)
  }

  /** Only consumers say which topics they want in a way that Kafka knows. */
  #lookAtSubscriptions(): void {
    const said = this.members.all.map((member) => member.metadata(this.#protocolName))
    this.#subscribed = this.members.protocolType === 'consumer' ? subscribedTopics(said) : null
  }

  #dismiss(member: GroupMember, refusal: JoinAnswer): void {
    this.#tellJoin(member, refusal)
    this.#tellSync(member, refusedSync(refusal.errorCode))
    this.timers.cancel(sessionOf(member.memberId))
    this.hasSynced(member.memberId)
  }

  #tellJoin(member: GroupMember, answer: JoinAnswer): void {
    const { joining } = member
    member.joining = undefined
    if (joining !== undefined) this.#toTell.push(() => tell(joining, answer))
  }

  /** While it waited it could not be heard of: its session begins anew. */
  #tellSync(member: GroupMember, answer: SyncAnswer): void {
    const { syncing } = member
    member.syncing = undefined
    if (syncing === undefined) return
    this.keepSession(member)
    this.#toTell.push(() => tell(syncing, answer))
  }

  #go(event: GroupEvent): void {
    this.#state = stateAfter(event, this.#state)
  }

  #later(name: string, delayMs: number, work: () => void): void {
    this.timers.set(name, delayMs, () => this.acting(work))
  }
}

function tell<T>(waiting: AsyncSubject<T>, answer: T): void {
  waiting.next(answer)
  waiting.complete()
}
