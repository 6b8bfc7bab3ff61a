/** All that is known about how answers may differ. */
import { ACCEPTED, OWN_WORDS } from './accepted'
import type { Rules } from './support/judge'
import { APPEND_TIMES, BOUND, GROWING, UNORDERED } from './support/rules'

export const RULES: Rules = {
  bound: BOUND,
  unordered: UNORDERED,
  growing: GROWING,
  appendTimes: APPEND_TIMES,
  ownWords: OWN_WORDS,
  accepted: ACCEPTED,
}
