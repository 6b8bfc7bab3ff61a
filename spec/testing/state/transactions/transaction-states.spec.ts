import { COMPLETE, PREPARE, TRANSACTION_STATES, isTransactionState } from '../../../../lib/testing/state/transactions/transaction-states'
import type { TransactionState } from '../../../../lib/testing/state/transactions/transaction-states'

const names = Object.keys(TRANSACTION_STATES) as TransactionState[]

/** What follows a state, until nothing new does. */
function reachable(from: TransactionState, reached = new Set<TransactionState>([from])): ReadonlySet<TransactionState> {
  for (const next of names.filter((name) => !reached.has(name) && TRANSACTION_STATES[name].from.includes(from))) {
    reached.add(next)
    reachable(next, reached)
  }
  return reached
}

describe('the states of a transaction', () => {
  it('are all reached from Empty, and nothing leads out of Dead', () => {
    expect([...reachable('Empty')].sort()).toEqual([...names].sort())
    expect([...reachable('Dead')]).toEqual(['Dead'])
  })

  it.each(['commit', 'abort'] as const)('lead from a prepared %s to a complete one and nowhere else', (how) => {
    const after = names.filter((name) => TRANSACTION_STATES[name].from.includes(PREPARE[how]))

    expect(after).toEqual([COMPLETE[how]])
    expect(TRANSACTION_STATES[PREPARE[how]].writes).toBe(how)
  })

  it('let a transaction be forgotten only where none is open', () => {
    expect(names.filter((name) => TRANSACTION_STATES[name].expires === true)).toEqual([...TRANSACTION_STATES.Dead.from].sort(byPlace))
  })

  it('are called by the names that Kafka tells clients', () => {
    expect(isTransactionState('CompleteCommit')).toBe(true)
    expect(['ongoing', 'toString', ''].map(isTransactionState)).toEqual([false, false, false])
  })
})

const byPlace = (a: TransactionState, b: TransactionState): number => names.indexOf(a) - names.indexOf(b)
