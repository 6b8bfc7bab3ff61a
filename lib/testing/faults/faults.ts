/** The faults of a cluster, as they are ordered in a spec. */
import type { Clock } from '../../time'
import type { ClusterState } from '../state/cluster-state'
import type { Change } from './effects'
import { faultOf, orderedBy } from './fault'
import type { Fault, Ordered } from './fault'
import { empty, stale, unreachable } from './metadata-lies'
import type { MetadataLie } from './metadata-lies'
import type { Rules } from './rules'
import type { FaultyApi, Where } from './where'

/** Which requests a fault is for, and for how many of them. */
export interface NextWhere<A extends FaultyApi> extends Where<A> {
  /** For how many requests. Default 1. */
  readonly times?: number
}

/** What can be made to go wrong with requests and answers. */
export interface Faults {
  /** What is to happen to the next requests that fit: `cluster.next('Produce', { topic: 'orders', times: 3 }).fail('NOT_LEADER_OR_FOLLOWER')`. */
  next<A extends FaultyApi>(api: A, where?: NextWhere<A>): Fault<A>
  /** What is to happen to every request that fits, until it is ended or `heal` is called. */
  every<A extends FaultyApi>(api: A, where?: Where<A>): Fault<A>

  /** Metadata goes on to say what is so now, whatever changes. */
  staleMetadata(where?: Where<'Metadata'>): Ordered
  /** Metadata names no brokers, and knows none of the topics. */
  emptyMetadata(where?: Where<'Metadata'>): Ordered
  /** Metadata names brokers at addresses that nobody has. */
  unreachableHosts(where?: Where<'Metadata'>): Ordered

  /** The faults that never acted, each in words: a spec that ordered one of them has tested nothing. */
  unused(): readonly string[]
}

export interface FaultsOptions {
  readonly rules: Rules
  readonly clock: Clock
  readonly cluster: ClusterState
}

export function faultsOf({ rules, clock, cluster }: FaultsOptions): Faults {
  const lie = (kind: string, tell: MetadataLie, where: Where<'Metadata'>): Ordered => {
    const rule = rules.add({ api: 'Metadata', where: where, times: Infinity })
    rule.does(kind, { change: tell as Change })
    return orderedBy(rule, rules)
  }
  return {
    next: (api, { times = 1, ...where } = {}) => faultOf(rules.add({ api, where: where as Where, times }), rules, clock),
    every: (api, where = {}) => faultOf(rules.add({ api, where: where, times: Infinity }), rules, clock),
    staleMetadata: (where = {}) => lie('staleMetadata', stale(cluster), where),
    emptyMetadata: (where = {}) => lie('emptyMetadata', empty, where),
    unreachableHosts: (where = {}) => lie('unreachableHosts', unreachable, where),
    unused: () => rules.unused,
  }
}
