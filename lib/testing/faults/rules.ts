/**
 * All faults that were ordered, and what of them is for a request.
 *
 * A fault counts requests: however many partitions of one it fails, that is one hit. Of several faults of one kind only one acts on a
 * request: those for the next requests before those for every one, and among them the oldest, so that two `next('Produce')` are for two
 * requests. Faults of different kinds act together.
 */
import type { Arrived, Arriving, Disturbance, Disturbances } from '../broker/disturbances'
import { undisturbed } from '../broker/disturbances'
import type { ClusterState } from '../state/cluster-state'
import type { Effect } from './effects'
import { Rule } from './rule'
import type { RuleOptions } from './rule'
import { fitsHead, fitsRequest, topicsOf } from './where'

export class Rules implements Disturbances {
  /** Also those that are over: whether they ever acted is asked at the end. */
  readonly #all: Rule[] = []
  /** In the order in which they are asked. */
  #active: readonly Rule[] = []

  constructor(private readonly cluster: ClusterState) {}

  /** Those that never acted. */
  get unused(): readonly string[] {
    return this.#all.filter(({ hits }) => hits === 0).map(({ label }) => label)
  }

  add(options: RuleOptions): Rule {
    const rule = new Rule(options)
    this.#all.push(rule)
    const others = this.#active.filter(({ isOver }) => !isOver)
    this.#active = [...others, rule].sort((a, b) => Number(a.isForEvery) - Number(b.isForEvery))
    return rule
  }

  end(rule: Rule): void {
    this.#active = this.#active.filter((other) => other !== rule)
    rule.over()
  }

  /** Also those that have acted as often as they should: they may hold requests still. */
  endAll(): void {
    this.#active = []
    for (const rule of [...this.#all]) rule.over()
  }

  cutWithin(arriving: Arriving): number | undefined {
    const isWithin = ({ cutWithin = Infinity }: Effect): boolean => cutWithin < arriving.size
    const rule = this.#active.find(
      ({ isActive, api, where, effect }) => isActive && effect !== undefined && isWithin(effect) && fitsHead(api, where, arriving),
    )
    rule?.hit()
    return rule?.effect?.cutWithin
  }

  at(arrived: Arrived): Disturbance {
    const fitting = this.#active.length === 0 ? [] : this.#fitting(arrived)
    if (fitting.length === 0) return undisturbed.at(arrived)
    const acting = onceAKind(fitting.filter(({ effect }) => effect?.errorCode === undefined && effect?.cutWithin === undefined))
    for (const rule of acting) rule.hit()
    const effects = acting.flatMap(({ effect }) => effect ?? [])
    return {
      errorFor: errorsOf(fitting.filter(({ effect }) => effect?.errorCode !== undefined)),
      throttleTimeMs: Math.max(0, ...effects.map(({ throttleTimeMs = 0 }) => throttleTimeMs)),
      change: changeOf(effects, arrived),
      around: (answer$, over$) => effects.reduce((sent$, { around }) => around?.(sent$, { node: arrived.node, over$ }) ?? sent$, answer$),
    }
  }

  #fitting(arrived: Arrived): readonly Rule[] {
    let named: ReturnType<typeof topicsOf> | 'unknown' = 'unknown'
    const topics = (): ReturnType<typeof topicsOf> => (named === 'unknown' ? (named = topicsOf(arrived.request, this.cluster)) : named)
    return this.#active.filter(
      ({ isActive, api, where }) => isActive && fitsHead(api, where, arrived) && fitsRequest(where, arrived, topics),
    )
  }
}

const onceAKind = (rules: readonly Rule[]): readonly Rule[] =>
  rules.filter(({ kind }, i) => rules.findIndex((other) => other.kind === kind) === i)

function changeOf(effects: readonly Effect[], arrived: Arrived): Disturbance['change'] {
  const changes = effects.flatMap(({ change }) => change ?? [])
  return changes.length === 0 ? undefined : (answer) => changes.reduce((changed, change) => change(changed, arrived), answer)
}

/** A fault is hit when an api is told its error for the first time: an api that found another one before does not ask. */
function errorsOf(rules: readonly Rule[]): Disturbance['errorFor'] {
  const hit = new Set<Rule>()
  return (topic, partition) => {
    const rule = rules.find((each) => (hit.has(each) || each.isActive) && isAbout(each, topic, partition))
    if (rule === undefined) return 0
    if (!hit.has(rule)) rule.hit()
    hit.add(rule)
    return rule.effect?.errorCode ?? 0
  }
}

const isAbout = ({ where }: Rule, topic: string | undefined, partition: number | undefined): boolean =>
  (where.topic === undefined || where.topic === topic) && (where.partition === undefined || where.partition === partition)
