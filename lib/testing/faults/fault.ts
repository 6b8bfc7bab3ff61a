/** What can be ordered to go wrong with a request, in one sentence: `cluster.next('Produce', { topic: 'orders' }).loseAnswer()`. */
import { ConfigError } from '../../errors'
import type { ErrorName } from '../../generated/error-codes'
import type { Clock } from '../../time'
import type { Arrived } from '../broker/disturbances'
import { effects } from './effects'
import type { Change, Effect } from './effects'
import { holding } from './holding'
import type { Rule } from './rule'
import type { Rules } from './rules'
import type { AnswerOf, FaultyApi } from './where'

/** A fault that was ordered. */
export interface Ordered {
  /** On how many requests it has acted so far. */
  readonly hits: number
  /** From now on it does nothing. */
  end(): void
}

/** A fault that keeps requests back. */
export interface Held extends Ordered {
  /** How many requests it keeps now. */
  readonly waiting: number
  /** Lets them go, in the order in which they came; those that come later may be held again. */
  release(): void
}

/** What is to happen. Nothing does until one of these is said, and only one can be. Times are milliseconds. */
export interface Fault<A extends FaultyApi> {
  /** The api finds this error: for the topic and partition that the fault is for, else for everything in the request. */
  fail(error: ErrorName): Ordered
  /** The answer is another one: `(answer) => ({ ...answer, brokers: [] })`. */
  change(change: (answer: AnswerOf<A>, arrived: Arrived) => AnswerOf<A>): Ordered
  /** The request is handled and answered; the answer comes so much later, and with it all others of its connection. */
  delay(ms: number): Ordered
  /**
   * The request has come, and the broker does nothing about it until it is released, or until `ms` after it came. It handles it even when
   * the client has given up and left meanwhile, as a broker does that was only slow.
   */
  hold(ms?: number): Held
  /** The answer says that the client is to be quiet for so long, and the broker looks at nothing of that connection meanwhile (KIP-219). */
  throttle(ms: number): Ordered

  /** The request is lost on its way: not handled. Nothing more is heard on that connection. */
  drop(): Ordered
  /** The request is handled, its answer is lost. Nothing more is heard on that connection. */
  loseAnswer(): Ordered

  /** The connection ends before the request is handled. */
  cutBefore(): Ordered
  /** The connection ends when so many bytes of the request have come: it is not handled. Shorter requests do not fit. Not for faults that are for a topic, a partition or a predicate. */
  cutWithinRequest(bytes: number): Ordered
  /** The request is handled, and the connection ends in place of its answer. */
  cutAfter(): Ordered
  /** The request is handled, and the connection ends when so many bytes of its answer were sent. */
  cutWithinAnswer(bytes: number): Ordered
  /** The request is handled and answered, and then the connection ends. */
  cutAfterAnswer(): Ordered

  /** The last bytes of the answer are missing, and its length agrees with that. */
  truncate(bytes: number): Ordered
  /** The answer is whole, but the length before it says so much more, or less. */
  lengthOffBy(bytes: number): Ordered
  /** So many bytes of the answer (default 1), chosen by chance, are others than they were. */
  corrupt(bytes?: number): Ordered
}

/** The sentence for a rule that has none yet. */
export function faultOf<A extends FaultyApi>(rule: Rule, rules: Rules, clock: Clock): Fault<A> {
  const order = (kind: string, effect: Effect, over?: () => void): Ordered => {
    rule.does(kind, effect, over)
    return orderedBy(rule, rules)
  }
  const cutWithinRequest = (bytes: number): Ordered => {
    const { topic, partition, where } = rule.where
    if (topic !== undefined || partition !== undefined || where !== undefined)
      throw new ConfigError([
        `${rule.label}: what a request that is cut would have said is not known; choose by node, clientId or listener`,
      ])
    return order('cutWithinRequest', effects.cutWithinRequest(clock, bytes))
  }
  const hold = (ms?: number): Held => {
    const { effect, release, waiting } = holding(clock, ms)
    const { end } = order('hold', effect, release)
    return {
      get hits() {
        return rule.hits
      },
      get waiting() {
        return waiting()
      },
      ...{ end, release },
    }
  }
  return {
    fail: (error) => order(`fail ${error}`, effects.fail(clock, error)),
    change: (change) => order('change', effects.change(clock, change as Change)),
    delay: (ms) => order('delay', effects.delay(clock, ms)),
    hold,
    throttle: (ms) => order('throttle', effects.throttle(clock, ms)),
    drop: () => order('drop', effects.drop()),
    loseAnswer: () => order('loseAnswer', effects.loseAnswer()),
    cutBefore: () => order('cutBefore', effects.cutBefore()),
    cutWithinRequest,
    cutAfter: () => order('cutAfter', effects.cutAfter()),
    cutWithinAnswer: (bytes) => order('cutWithinAnswer', effects.cutWithinAnswer(clock, bytes)),
    cutAfterAnswer: () => order('cutAfterAnswer', effects.cutAfterAnswer()),
    truncate: (bytes) => order('truncate', effects.truncate(clock, bytes)),
    lengthOffBy: (bytes) => order('lengthOffBy', effects.lengthOffBy(clock, bytes)),
    corrupt: (bytes = 1) => order('corrupt', effects.corrupt(clock, bytes)),
  }
}

export const orderedBy = (rule: Rule, rules: Rules): Ordered => ({
  get hits() {
    return rule.hits
  },
  end: () => rules.end(rule),
})
