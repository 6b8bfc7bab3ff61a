/**
 * A classic group, as its coordinator sees it: members join, one of them leads and shares the work out, all others fetch their share, and
 * each of them says from time to time that it is alive. Whenever somebody comes or goes, everybody joins again: a rebalance.
 *
 * Answers to JoinGroup and SyncGroup come when the others are there.
 */
import { of } from 'rxjs'
import type { Observable } from 'rxjs'
import { ErrorCode } from '../../../generated/error-codes'
import type { Clock } from '../../../time'
import { GroupMachine } from './group-machine'
import type { SavedGroup } from './group-machine'
import { GroupMember, NO_MEMBER_ID, refusedJoin, refusedSync } from './group-member'
import type { JoinAnswer, SyncAnswer } from './group-member'
import type { Generation, Identity, Joining, Syncing } from './group-requests'
import { STATE_RULES } from './group-states'
import type { GroupState } from './group-states'
import type { Timers } from './timers'

/** What a commit that names no member is told while there are members. */
const NO_MEMBER_ERROR = { plain: ErrorCode.UNKNOWN_MEMBER_ID, transactional: ErrorCode.NONE }

export class Group {
  readonly #machine: GroupMachine

  constructor(
    readonly groupId: string,
    clock: Clock,
    saved?: SavedGroup,
  ) {
    this.#machine = new GroupMachine(clock, saved)
  }

  get state(): GroupState {
    return this.#machine.state
  }

  get generation(): number {
    return this.#machine.generation
  }

  /** Null: it never had members. */
  get protocolType(): string | null {
    return this.#machine.members.protocolType
  }

  get protocolName(): string | null {
    return this.#machine.protocolName
  }

  get members(): readonly GroupMember[] {
    return this.#machine.members.all
  }

  get timers(): Timers {
    return this.#machine.timers
  }

  get saved(): SavedGroup {
    return this.#machine.saved
  }

  join(joining: Joining): Observable<JoinAnswer> {
    return this.#machine.acting(() => this.#join(joining))
  }

  sync(syncing: Syncing): Observable<SyncAnswer> {
    return this.#machine.acting(() => this.#sync(syncing))
  }

  heartbeat(who: Generation): number {
    const errorCode = this.#check(who)
    if (errorCode !== ErrorCode.NONE) return errorCode
    this.#keepSession(who)
    return STATE_RULES[this.state].heartbeat
  }

  /** An error for each of those who leave. */
  leave(leaving: readonly Identity[]): readonly number[] {
    return this.#machine.acting(() => {
      const errorCodes = leaving.map((who) => this.#leave(who))
      if (errorCodes.includes(ErrorCode.NONE) && this.state !== 'Empty') this.#machine.rebalanceOrComplete()
      return errorCodes
    })
  }

  /** Whether whoever commits offsets may. A commit in a transaction need not name a member, and a rebalance does not hold it up. */
  checkCommit(who: Generation, how: 'plain' | 'transactional'): number {
    const { memberId, groupInstanceId, generationId } = who
    if (generationId < 0 && this.state === 'Empty') return ErrorCode.NONE
    const namesMember = generationId >= 0 || memberId !== NO_MEMBER_ID || groupInstanceId !== null
    const errorCode = namesMember ? this.#check(who) : NO_MEMBER_ERROR[how]
    if (errorCode !== ErrorCode.NONE || how === 'transactional') return errorCode
    const { commit, commitKeepsSession } = STATE_RULES[this.state]
    if (commitKeepsSession) this.#keepSession(who)
    return commit
  }

  /** It is no more, here: whoever waits is told why. */
  end(errorCode: number): void {
    this.#machine.acting(() => this.#machine.end(errorCode))
  }

  /** Whether members want records of the topic; yes, when it is not known what consumers want. */
  isSubscribedTo(topic: string): boolean {
    return this.#machine.subscribed?.has(topic) ?? this.protocolType === 'consumer'
  }

  #join(joining: Joining): Observable<JoinAnswer> {
    const { memberId, details } = joining
    const { members } = this.#machine
    if (!this.#hasRoomFor(joining)) {
      this.#machine.remove(memberId)
      return of(refusedJoin(ErrorCode.GROUP_MAX_SIZE_REACHED, NO_MEMBER_ID))
    }
    if (!this.#supports(joining)) return of(refusedJoin(ErrorCode.INCONSISTENT_GROUP_PROTOCOL, memberId))
    if (memberId === NO_MEMBER_ID) return this.#joinNew(joining)
    if (members.isPending(memberId)) {
      // As Kafka, which stumbles over it: only dynamic members are given an id first.
      return details.groupInstanceId === null ? this.#add(memberId, joining) : of(refusedJoin(ErrorCode.UNKNOWN_SERVER_ERROR, NO_MEMBER_ID))
    }
    const member = members.get(memberId)
    const errorCode = members.check(memberId, details.groupInstanceId)
    if (member === undefined || errorCode !== ErrorCode.NONE) return of(refusedJoin(errorCode, memberId))
    // A leader of a stable group joins again to assign anew, for reasons that only it knows.
    const isNews = this.state === 'PreparingRebalance' || (this.state === 'Stable' && members.leader === memberId)
    return isNews || !member.matches(details.protocols) ? this.#update(member, joining) : of(this.#machine.joined(member))
  }

  #joinNew(joining: Joining): Observable<JoinAnswer> {
    const memberId = joining.newMemberId()
    const { groupInstanceId, sessionTimeoutMs } = joining.details
    const known = this.#machine.members.withInstanceId(groupInstanceId)
    if (known !== undefined) return this.#replace(known, memberId, joining)
    if (groupInstanceId !== null || !joining.mustKnowItsId) return this.#add(memberId, joining)
    this.#machine.members.addPending(memberId)
    this.#machine.startSession(memberId, sessionTimeoutMs)
    return of(refusedJoin(ErrorCode.MEMBER_ID_REQUIRED, memberId))
  }

  #add(memberId: string, joining: Joining): Observable<JoinAnswer> {
    const member = new GroupMember(memberId, joining.details, { isNew: true })
    const answer = member.awaitJoin()
    this.#machine.add(member, joining.protocolType)
    this.#machine.rebalanceOrComplete(joining.initialDelayMs)
    return answer
  }

  #update(member: GroupMember, { details }: Joining): Observable<JoinAnswer> {
    const { protocols, sessionTimeoutMs, rebalanceTimeoutMs } = details
    member.details = { ...member.details, protocols, sessionTimeoutMs, rebalanceTimeoutMs }
    const answer = member.awaitJoin()
    this.#machine.rebalanceOrComplete()
    return answer
  }

  /** A static member came back: it takes the place of its former self, and in a stable group nobody else need notice. */
  #replace(old: GroupMember, memberId: string, joining: Joining): Observable<JoinAnswer> {
    const { members } = this.#machine
    const formerLeader = members.leader ?? NO_MEMBER_ID
    const { clientId, clientHost } = old.details
    const member = new GroupMember(memberId, { ...joining.details, clientId, clientHost }, { assignment: old.assignment })
    this.#machine.replace(old, member)
    if (this.state === 'Stable' && members.vote() === this.protocolName) {
      this.#machine.save()
      return of(this.#cameBack(member, formerLeader, joining))
    }
    const answer = member.awaitJoin()
    this.#machine.rebalanceOrComplete()
    return answer
  }

  /** A client that cannot skip the assignment is told that its former self leads, lest it assigns anew. */
  #cameBack(member: GroupMember, formerLeader: string, { maySkipAssignment }: Joining): JoinAnswer {
    const isLeader = this.#machine.members.leader === member.memberId
    const answer = this.#machine.joined(member)
    return maySkipAssignment ? { ...answer, skipAssignment: isLeader } : { ...answer, leader: formerLeader, members: [] }
  }

  #sync(syncing: Syncing): Observable<SyncAnswer> {
    const { memberId, assignments } = syncing
    const { members } = this.#machine
    const errorCode = this.#checkSync(syncing)
    const member = members.get(memberId)
    if (member === undefined || errorCode !== ErrorCode.NONE) return of(refusedSync(errorCode))
    this.#machine.hasSynced(memberId)
    if (this.state === 'Stable') return of(this.#machine.synced(member))
    const answer = member.awaitSync()
    if (members.leader === memberId) this.#machine.assign(assignments)
    return answer
  }

  #checkSync(syncing: Syncing): number {
    const errorCode = this.#check(syncing)
    if (errorCode !== ErrorCode.NONE) return errorCode
    const differs = (said: string | null, own: string | null): boolean => said !== null && own !== null && said !== own
    if (differs(syncing.protocolType, this.protocolType) || differs(syncing.protocolName, this.protocolName)) {
      return ErrorCode.INCONSISTENT_GROUP_PROTOCOL
    }
    return this.state === 'PreparingRebalance' ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE
  }

  #leave({ memberId, groupInstanceId }: Identity): number {
    const { members } = this.#machine
    // Administrators name static members by their instance alone.
    const id = memberId === NO_MEMBER_ID ? (members.withInstanceId(groupInstanceId)?.memberId ?? memberId) : memberId
    const errorCode = members.isPending(id) ? ErrorCode.NONE : members.check(id, groupInstanceId)
    if (errorCode === ErrorCode.NONE) this.#machine.remove(id)
    return errorCode
  }

  #keepSession({ memberId }: Identity): void {
    const member = this.#machine.members.get(memberId)
    if (member !== undefined) this.#machine.keepSession(member)
  }

  #check({ memberId, groupInstanceId, generationId }: Generation): number {
    const errorCode = this.#machine.members.check(memberId, groupInstanceId)
    if (errorCode !== ErrorCode.NONE) return errorCode
    return generationId === this.generation ? ErrorCode.NONE : ErrorCode.ILLEGAL_GENERATION
  }

  /** During a rebalance those count who have joined again: the last to come have to go when a group is too large. */
  #hasRoomFor({ memberId, maxSize }: Joining): boolean {
    const { members } = this.#machine
    const member = members.get(memberId)
    if (this.state === 'Empty') return true
    if (this.state === 'PreparingRebalance') return member?.joining !== undefined || members.joining.length < maxSize
    return member !== undefined || members.size < maxSize
  }

  #supports({ protocolType, details: { protocols } }: Joining): boolean {
    if (this.state === 'Empty') return protocolType !== '' && protocols.length > 0
    return this.#machine.members.supports(protocolType, protocols)
  }
}
