/** Members of a group as plain values, for specs of the group itself. */
import type { Observable } from 'rxjs'
import { ErrorCode } from '../../../lib/generated/error-codes'
import { Group } from '../../../lib/testing/state/groups/group'
import type { JoinAnswer, SyncAnswer } from '../../../lib/testing/state/groups/group-member'
import type { Assignment, Joining } from '../../../lib/testing/state/groups/group-requests'
import { virtualTime } from '../../../lib/testing/virtual-time'
import type { VirtualTime } from '../../../lib/testing/virtual-time'
import { clockOf } from '../../../lib/time'

export const SESSION = 10_000
export const REBALANCE = 60_000

const NAMES = Object.entries(ErrorCode)

/** Errors by name, so that a failing spec can be read. */
export const nameOf = (errorCode: number): string => NAMES.find(([, code]) => code === errorCode)?.[0] ?? String(errorCode)

/** What became of something that is answered later. */
export interface Later<T> {
  readonly answer: T | undefined
  /** The name of the error, or that there is no answer yet. */
  readonly outcome: string
}

export function later<T extends { readonly errorCode: number }>(answer$: Observable<T>): Later<T> {
  let answer: T | undefined
  answer$.subscribe((each) => (answer = each))
  return {
    get answer() {
      return answer
    },
    get outcome() {
      return answer === undefined ? 'waiting' : nameOf(answer.errorCode)
    },
  }
}

export interface JoiningOptions {
  readonly instanceId?: string
  readonly protocolType?: string
  readonly protocols?: Readonly<Record<string, string>>
  readonly sessionTimeoutMs?: number
  readonly rebalanceTimeoutMs?: number
  readonly mustKnowItsId?: boolean
  readonly maySkipAssignment?: boolean
  readonly maxSize?: number
  readonly initialDelayMs?: number
}

export interface GroupBench {
  readonly group: Group
  readonly time: VirtualTime
  /** `memberId` empty: somebody new. Without `mustKnowItsId` it is in at once. */
  join(memberId: string, options?: JoiningOptions): Later<JoinAnswer>
  sync(memberId: string, assignments?: Readonly<Record<string, string>>, generationId?: number): Later<SyncAnswer>
  heartbeat(memberId: string, generationId?: number): string
  leave(...memberIds: readonly string[]): readonly string[]
  /** A stable group of members m1, m2 …; m1 leads. */
  stable(count: number, options?: JoiningOptions): void
  /** Heartbeats of these members, a second apart, for so long. */
  beat(ms: number, ...memberIds: readonly string[]): void
}

export function groupBench(): GroupBench {
  const time = virtualTime()
  const group = new Group('g', clockOf(time.scheduler))
  return { group, time, ...asking(group, time) }
}

/** Ids are m1, m2 … in the order in which they are given out. */
export function asking(group: Group, time: VirtualTime, firstId = 1) {
  let ids = firstId
  const join = (memberId: string, options: JoiningOptions = {}): Later<JoinAnswer> =>
    later(group.join(joining(memberId, options, () => `m${String(ids++)}`)))

  const sync = (
    memberId: string,
    assignments: Readonly<Record<string, string>> = {},
    generationId = group.generation,
  ): Later<SyncAnswer> => {
    const who = { memberId, groupInstanceId: null, generationId, protocolType: null, protocolName: null }
    return later(group.sync({ ...who, assignments: Object.entries(assignments).map(assignment) }))
  }

  const heartbeat = (memberId: string, generationId = group.generation): string =>
    nameOf(group.heartbeat({ memberId, groupInstanceId: null, generationId }))

  const leave = (...memberIds: readonly string[]): readonly string[] =>
    group.leave(memberIds.map((memberId) => ({ memberId, groupInstanceId: null }))).map(nameOf)

  const stable = (count: number, options: JoiningOptions = {}): void => {
    for (let i = 0; i < count; i++) join('', options)
    time.advance(0)
    for (let i = count; i > 0; i--) sync(`m${String(i)}`)
  }

  const beat = (ms: number, ...memberIds: readonly string[]): void => {
    for (let passed = 0; passed < ms; passed += 1000) {
      for (const memberId of memberIds) heartbeat(memberId)
      time.advance(1000)
    }
  }

  return { join, sync, heartbeat, leave, stable, beat }
}

function joining(memberId: string, options: JoiningOptions, newMemberId: () => string): Joining {
  const { instanceId = null, protocols = { range: 'orders' }, sessionTimeoutMs = SESSION, rebalanceTimeoutMs = REBALANCE } = options
  return {
    ...{ memberId, newMemberId, protocolType: 'consumer', mustKnowItsId: false, maySkipAssignment: true, maxSize: 1000, initialDelayMs: 0 },
    ...options,
    details: {
      ...{ groupInstanceId: instanceId, clientId: 'client', clientHost: '/127.0.0.1', sessionTimeoutMs, rebalanceTimeoutMs },
      protocols: Object.entries(protocols).map(([name, said]) => ({ name, metadata: subscriptionTo(said) })),
    },
  }
}

const assignment = ([memberId, text]: readonly [string, string]): Assignment => ({ memberId, assignment: Buffer.from(text) })

/** What a consumer says of the topic that it wants, in version 0. */
export function subscriptionTo(topic: string): Uint8Array {
  const name = Buffer.from(topic)
  const bytes = Buffer.alloc(12 + name.length)
  bytes.writeInt16BE(0, 0)
  bytes.writeInt32BE(1, 2)
  bytes.writeInt16BE(name.length, 6)
  name.copy(bytes, 8)
  bytes.writeInt32BE(-1, 8 + name.length)
  return bytes
}
