import { ErrorCode } from '../../../../lib/generated/error-codes'
import { canHappen, STATE_RULES, stateAfter } from '../../../../lib/testing/state/groups/group-states'
import type { GroupEvent, GroupState } from '../../../../lib/testing/state/groups/group-states'

const STATES: readonly GroupState[] = ['Empty', 'PreparingRebalance', 'CompletingRebalance', 'Stable', 'Dead']
const EVENTS: readonly GroupEvent[] = ['rebalance', 'joined', 'emptied', 'assigned', 'ended']

/** Kafka says the same the other way round: from which states a state can be reached. */
const REACHED_FROM: Readonly<Record<GroupState, readonly GroupState[]>> = {
  Empty: ['PreparingRebalance'],
  PreparingRebalance: ['Empty', 'CompletingRebalance', 'Stable'],
  CompletingRebalance: ['PreparingRebalance'],
  Stable: ['CompletingRebalance'],
  Dead: ['Empty', 'PreparingRebalance', 'CompletingRebalance', 'Stable'],
}

describe('the states of a group', () => {
  it.each(STATES)('%s is reached from where Kafka reaches it', (state) => {
    const from = STATES.filter((before) => EVENTS.some((event) => canHappen(event, before) && stateAfter(event, before) === state))

    expect(from).toEqual(REACHED_FROM[state])
  })

  it.each(STATES)('refuses in %s whatever cannot happen there', (state) => {
    const impossible = EVENTS.filter((event) => !canHappen(event, state))

    expect(impossible.length).toBeGreaterThan(0)
    for (const event of impossible) expect(() => stateAfter(event, state)).toThrow(`A group that is ${state} cannot be ${event}`)
  })

  it('can be deleted when nobody is there, and when it is not there it cannot', () => {
    expect(STATES.map((state) => STATE_RULES[state].deletion)).toEqual([
      ErrorCode.NONE,
      ErrorCode.NON_EMPTY_GROUP,
      ErrorCode.NON_EMPTY_GROUP,
      ErrorCode.NON_EMPTY_GROUP,
      ErrorCode.GROUP_ID_NOT_FOUND,
    ])
  })
})
