/** Who is in a classic group, who leads it, and what all of them know. */
import { ErrorCode } from '../../../generated/error-codes'
import type { GroupMember, GroupProtocol } from './group-member'

export class GroupMembers {
  readonly #members = new Map<string, GroupMember>()
  /** Ids that were given out to members which are to join with them. */
  readonly #pending = new Set<string>()
  /** Undefined while there is nobody. */
  leader: string | undefined
  /** What the group is for; that of the last member while there is nobody. */
  protocolType: string | null = null

  get size(): number {
    return this.#members.size
  }

  get all(): readonly GroupMember[] {
    return [...this.#members.values()]
  }

  get joining(): readonly GroupMember[] {
    return this.all.filter(({ joining }) => joining !== undefined)
  }

  /** Also those who were only given an id so far. */
  get haveAllJoined(): boolean {
    return this.joining.length === this.size && this.#pending.size === 0
  }

  /** The longest that any of them may take to join again. */
  get rebalanceTimeoutMs(): number {
    return Math.max(0, ...this.all.map(({ details }) => details.rebalanceTimeoutMs))
  }

  get(memberId: string): GroupMember | undefined {
    return this.#members.get(memberId)
  }

  isPending(memberId: string): boolean {
    return this.#pending.has(memberId)
  }

  addPending(memberId: string): void {
    this.#pending.add(memberId)
  }

  add(member: GroupMember, protocolType: string): void {
    if (this.size === 0) this.protocolType = protocolType
    this.#members.set(member.memberId, member)
    this.#pending.delete(member.memberId)
    this.leader ??= member.memberId
  }

  /** Whoever has been there longest leads when the leader has gone. */
  remove(memberId: string): void {
    this.#members.delete(memberId)
    this.#pending.delete(memberId)
    if (this.leader === memberId) this.leader = this.all[0]?.memberId
  }

  /** A static member that comes back under a new id, in the place of the old one. */
  replace(old: GroupMember, member: GroupMember): void {
    this.#members.delete(old.memberId)
    this.#members.set(member.memberId, member)
    if (this.leader === old.memberId) this.leader = member.memberId
  }

  withInstanceId(groupInstanceId: string | null): GroupMember | undefined {
    return groupInstanceId === null ? undefined : this.all.find((member) => member.groupInstanceId === groupInstanceId)
  }

  /** NONE, or why whoever says to be this member is not it. */
  check(memberId: string, groupInstanceId: string | null): number {
    if (groupInstanceId !== null) {
      const known = this.withInstanceId(groupInstanceId)
      if (known === undefined) return ErrorCode.UNKNOWN_MEMBER_ID
      if (known.memberId !== memberId) return ErrorCode.FENCED_INSTANCE_ID
    }
    return this.#members.has(memberId) ? ErrorCode.NONE : ErrorCode.UNKNOWN_MEMBER_ID
  }

  /** Whether one of the protocols is known to all. */
  supports(protocolType: string, protocols: readonly GroupProtocol[]): boolean {
    return this.protocolType === protocolType && protocols.some(({ name }) => this.all.every((member) => member.supports(name)))
  }

  /** Of those that all know, the one that most prefer; the first of them when votes are equal. */
  vote(): string | null {
    const votes = new Map<string, number>()
    for (const { details } of this.all) {
      const choice = details.protocols.find(({ name }) => this.all.every((member) => member.supports(name)))
      if (choice !== undefined) votes.set(choice.name, (votes.get(choice.name) ?? 0) + 1)
    }
    const most = Math.max(...votes.values())
    return [...votes].find(([, count]) => count === most)?.[0] ?? null
  }

  /** When the leader has not joined again, one who has leads; false when nobody has. */
  electJoined(): boolean {
    const { joining } = this
    if (!joining.some(({ memberId }) => memberId === this.leader)) this.leader = joining[0]?.memberId ?? this.leader
    return joining.length > 0
  }
}
