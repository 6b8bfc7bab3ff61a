/**
 * All groups of the cluster.
 *
 * A group lives in the memory of its coordinator. When another broker becomes it, or the same one starts anew, the group goes on from
 * the last generation that was complete, and whoever waits for an answer is told NOT_COORDINATOR. While a coordinator is paused, time
 * stands still for its groups: sessions begin anew when it goes on. (In Kafka they have run out by then.)
 *
 * Laxer than Kafka: a group without members and offsets stays until it is deleted, and groups outlive a `__consumer_offsets` that is
 * deleted and made anew.
 */
import type { Observable } from 'rxjs'
import { ErrorCode } from '../../../generated/error-codes'
import type { NodeId } from '../../../record'
import type { Clock } from '../../../time'
import { Group } from './group'
import type { SavedGroup } from './group-machine'
import type { Generation } from './group-requests'
import { coordinatorPartition } from '../internal-topics'
import type { ClusterNode } from '../node'
import type { Topic } from '../topic'

/** What groups need of the cluster. */
export interface GroupsHost {
  readonly clock: Clock
  readonly topics: ReadonlyMap<string, Topic>
  readonly nodes: ReadonlyMap<NodeId, ClusterNode>
  readonly changed$: Observable<void>
}

/** Who commits offsets. The generation is negative, the member's id empty for a client that is in no group. */
export interface Committer extends Generation {
  readonly groupId: string
}

interface KeptGroup {
  readonly group: Group
  /** The coordinator in whose memory it is. */
  readonly keeper: NodeId | undefined
}

export class Groups {
  readonly #host: GroupsHost
  readonly #groups = new Map<string, KeptGroup>()

  constructor(host: GroupsHost) {
    this.#host = host
    host.changed$.subscribe(() => this.#follow())
  }

  get all(): readonly Group[] {
    return [...this.#groups.values()].map(({ group }) => group)
  }

  get(groupId: string): Group | undefined {
    return this.#groups.get(groupId)?.group
  }

  getOrAdd(groupId: string): Group {
    return this.get(groupId) ?? this.#keep(groupId)
  }

  delete(groupId: string): void {
    this.get(groupId)?.end(ErrorCode.GROUP_ID_NOT_FOUND)
    this.#groups.delete(groupId)
  }

  /** NONE, or what an OffsetCommit of this version is told. A client that is in no group makes one by its commit. */
  validateCommit(committer: Committer, version: number): number {
    if (this.#isMissing(committer)) return version >= 9 ? ErrorCode.GROUP_ID_NOT_FOUND : ErrorCode.ILLEGAL_GENERATION
    return this.getOrAdd(committer.groupId).checkCommit(committer, 'plain')
  }

  /** NONE, or what a TxnOffsetCommit is told; whether the broker is the group's coordinator is not looked at. */
  validateTxnCommit(committer: Committer, version: number): number {
    if (committer.groupId === '') return ErrorCode.INVALID_GROUP_ID
    if (this.#isMissing(committer)) return version >= 6 ? ErrorCode.GROUP_ID_NOT_FOUND : ErrorCode.ILLEGAL_GENERATION
    return this.getOrAdd(committer.groupId).checkCommit(committer, 'transactional')
  }

  /** Nothing is due any more. */
  close(): void {
    for (const { timers } of this.all) timers.cancelAll()
  }

  #isMissing({ groupId, generationId }: Committer): boolean {
    return !this.#groups.has(groupId) && generationId >= 0
  }

  #keep(groupId: string, saved?: SavedGroup): Group {
    const group = new Group(groupId, this.#host.clock, saved)
    this.#groups.set(groupId, { group, keeper: this.#keeperOf(groupId) })
    this.#runOrWait(group)
    return group
  }

  #follow(): void {
    for (const [groupId, { group, keeper }] of [...this.#groups]) {
      if (this.#keeperOf(groupId) !== keeper) this.#move(group)
      else this.#runOrWait(group)
    }
  }

  #move(group: Group): void {
    this.#keep(group.groupId, group.saved)
    group.end(ErrorCode.NOT_COORDINATOR)
  }

  #runOrWait({ groupId, timers }: Group): void {
    const keeper = this.#keeperOf(groupId)
    const isRunning = keeper !== undefined && this.#host.nodes.get(keeper)?.status === 'up'
    if (isRunning) timers.resume()
    else timers.suspend()
  }

  /** Nobody when the partition has no leader, or that one does not run. */
  #keeperOf(groupId: string): NodeId | undefined {
    const node = this.#host.nodes.get(coordinatorPartition(this.#host.topics, 'group', groupId)?.leader ?? -1)
    return node?.status === 'down' ? undefined : node?.id
  }
}
