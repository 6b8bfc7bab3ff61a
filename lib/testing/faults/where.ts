/** Which requests a fault is for. */
import type { ApiName } from '../../generated/apis'
import type { messages } from '../../generated/messages'
import type { NodeId } from '../../record'
import type { Message } from '../../wire/message'
import type { Arrived, Arriving } from '../broker/disturbances'
import type { ClusterState } from '../state/cluster-state'
import type { ListenerName } from '../state/node'
import { namedTopics } from './named-topics'
import type { NamedTopic } from './named-topics'

/** An api, or all of them. */
export type FaultyApi = ApiName | 'any'

/** What a request of the api says. */
export type RequestOf<A extends FaultyApi> = A extends ApiName ? ReadOf<`${A}Request`> : unknown

/** What an answer of the api says. */
export type AnswerOf<A extends FaultyApi> = A extends ApiName ? ReadOf<`${A}Response`> : unknown

type ReadOf<N> = N extends keyof typeof messages ? ((typeof messages)[N] extends Message<infer T, infer _I> ? T : never) : never

/** Everything that is named has to fit; nothing named: every request of the api. */
export interface Where<A extends FaultyApi = FaultyApi> {
  /** The broker that is asked. */
  readonly node?: NodeId
  /** Named in the request, by name or by id; or the request asks for all topics. */
  readonly topic?: string
  readonly partition?: number
  readonly clientId?: string
  /** Where the client came in: in memory, or over a socket. */
  readonly listener?: ListenerName
  /** Anything else. */
  readonly where?: (request: RequestOf<A>, arrived: Arrived) => boolean
}

/** What can be said while the request is still coming in. */
export const fitsHead = (api: FaultyApi, { node, clientId, listener }: Where, asked: Omit<Arriving, 'size'>): boolean =>
  (api === 'any' || api === asked.api) &&
  (node === undefined || node === asked.node.id) &&
  (clientId === undefined || clientId === asked.clientId) &&
  (listener === undefined || listener === asked.session.listener)

/** What a request says beyond its head; topics are looked for once at most, however many faults there are. */
export function fitsRequest(
  { topic, partition, where }: Where,
  arrived: Arrived,
  topics: () => readonly NamedTopic[] | undefined,
): boolean {
  if (where !== undefined && !where(arrived.request, arrived)) return false
  if (topic === undefined && partition === undefined) return true
  const named = topics()
  return (
    named === undefined ||
    named.some(({ name, partitions = [partition] }) => isOrAny(topic, name) && (partition === undefined || partitions.includes(partition)))
  )
}

/** The topics of a request with their names, also where only their ids are said. */
export const topicsOf = (request: unknown, cluster: ClusterState): readonly NamedTopic[] | undefined =>
  namedTopics(request)?.map((topic) => ({ ...topic, name: topic.name ?? cluster.topicById(topic.topicId ?? '')?.name }))

const isOrAny = <T>(wanted: T | undefined, is: T): boolean => wanted === undefined || wanted === is
