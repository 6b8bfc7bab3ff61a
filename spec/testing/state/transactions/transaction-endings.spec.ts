import { ErrorCode } from '../../../../lib/generated/error-codes'
import { Partition } from '../../../../lib/testing/state/partition'
import { NO_PRODUCER_ID, Transaction } from '../../../../lib/testing/state/transactions/transaction'
import { endVerdict } from '../../../../lib/testing/state/transactions/transaction-endings'
import type { EndRequest } from '../../../../lib/testing/state/transactions/transaction-endings'
import { errorName } from '../../support/transacting'

const home = new Partition({ topic: '__transaction_state', index: 0, replicas: [1], retentionBytes: 1000 })

type Reached = 'Empty' | 'Ongoing' | 'PrepareCommit' | 'PrepareAbort' | 'CompleteCommit' | 'CompleteAbort'

/** Producer 7, at epoch 5 in whatever state. */
function at(state: Reached): Transaction {
  const transaction = new Transaction({ transactionalId: 'tx', producerId: 7n, home, now: 0 })
  const ends = state === 'Empty' || state === 'Ongoing' ? undefined : state
  transaction.initialise({ producerId: 7n, producerEpoch: ends === undefined ? 5 : 4 }, { formerEpoch: -1, timeoutMs: 1, now: 0 })
  if (state === 'Empty') return transaction
  transaction.add([{ topic: 'orders', partition: 0 }], 0)
  if (ends === undefined) return transaction
  const how = ends.endsWith('Commit') ? 'commit' : 'abort'
  transaction.prepareNextEpoch(how, 0, NO_PRODUCER_ID)
  if (ends.startsWith('Complete')) transaction.complete(how, 0)
  return transaction
}

function outcome(transaction: Transaction, request: Partial<EndRequest> & Pick<EndRequest, 'how' | 'version'>): string {
  const verdict = endVerdict(transaction, { producerId: 7n, producerEpoch: 5, ...request })
  return verdict.type === 'error' ? errorName(verdict.errorCode) : verdict.type
}

const STATES: readonly Reached[] = ['Empty', 'Ongoing', 'PrepareCommit', 'PrepareAbort', 'CompleteCommit', 'CompleteAbort']

const [STATE, FENCED, WAIT] = ['INVALID_TXN_STATE', 'PRODUCER_FENCED', 'CONCURRENT_TRANSACTIONS']

describe('the end of a transaction', () => {
  it.each<[Reached, string, string]>([
    ['Empty', STATE, STATE],
    ['Ongoing', 'end', 'end'],
    ['PrepareCommit', WAIT, WAIT],
    ['PrepareAbort', WAIT, WAIT],
    ['CompleteCommit', 'repeat', STATE],
    ['CompleteAbort', STATE, 'repeat'],
  ])('under the first transaction versions in %s', (state, commit, abort) => {
    expect(outcome(at(state), { version: 1, how: 'commit' })).toBe(commit)
    expect(outcome(at(state), { version: 1, how: 'abort' })).toBe(abort)
  })

  it.each(STATES)('under the first transaction versions is only for the epoch itself, in %s', (state) => {
    const outcomes = [4, 6].map((producerEpoch) => outcome(at(state), { version: 1, how: 'commit', producerEpoch }))

    expect(outcomes).toEqual([FENCED, FENCED])
  })

  // The table of KIP-890.
  it.each<[Reached, { commit: string; abort: string }, { commit: string; abort: string }]>([
    ['Empty', { commit: STATE, abort: 'end' }, { commit: FENCED, abort: FENCED }],
    ['Ongoing', { commit: 'end', abort: 'end' }, { commit: FENCED, abort: FENCED }],
    ['PrepareCommit', { commit: WAIT, abort: WAIT }, { commit: WAIT, abort: WAIT }],
    ['PrepareAbort', { commit: WAIT, abort: WAIT }, { commit: WAIT, abort: WAIT }],
    ['CompleteCommit', { commit: STATE, abort: 'end' }, { commit: 'repeat', abort: STATE }],
    ['CompleteAbort', { commit: STATE, abort: 'end' }, { commit: STATE, abort: 'repeat' }],
  ])('under the second transaction version in %s', (state, current, former) => {
    for (const how of ['commit', 'abort'] as const) {
      expect(outcome(at(state), { version: 2, how, producerEpoch: 5 })).toBe(current[how])
      expect(outcome(at(state), { version: 2, how, producerEpoch: 4 })).toBe(former[how])
    }
  })

  it.each(['Empty', 'Ongoing', 'CompleteCommit', 'CompleteAbort'] as const)(
    'under the second transaction version is not for an epoch of before or of the future, in %s',
    (state) => {
      expect([3, 6].map((producerEpoch) => outcome(at(state), { version: 2, how: 'abort', producerEpoch }))).toEqual([FENCED, FENCED])
    },
  )

  it.each(['PrepareCommit', 'PrepareAbort'] as const)('under the second transaction version is awaited by anybody, in %s', (state) => {
    const requests = [{ producerEpoch: 0 }, { producerEpoch: 9 }, { producerId: 99n }]

    expect(requests.map((request) => outcome(at(state), { version: 2, how: 'commit', ...request }))).toEqual([WAIT, WAIT, WAIT])
  })

  it.each([1, 2] as const)('is not for another producer id (version %s)', (version) => {
    expect(outcome(at('Ongoing'), { version, how: 'commit', producerId: 8n })).toBe('INVALID_PRODUCER_ID_MAPPING')
  })

  it('under the second version may come again from one who does not know yet that its producer id was used up', () => {
    const transaction = new Transaction({ transactionalId: 'tx', producerId: 7n, home, now: 0 })
    transaction.initialise({ producerId: 7n, producerEpoch: 32_766 }, { formerEpoch: -1, timeoutMs: 1, now: 0 })
    transaction.add([{ topic: 'orders', partition: 0 }], 0)
    transaction.prepareNextEpoch('commit', 0, 8n)
    transaction.complete('commit', 0)
    const last = { version: 2, producerId: 7n, producerEpoch: 32_766 } as const

    expect(outcome(transaction, { ...last, how: 'commit' })).toBe('repeat')
    expect(outcome(transaction, { ...last, how: 'abort' })).toBe(STATE)
    expect(outcome(transaction, { ...last, how: 'commit', producerEpoch: 32_765 })).toBe('INVALID_PRODUCER_ID_MAPPING')
    expect(outcome(transaction, { version: 2, how: 'abort', producerId: 8n, producerEpoch: 0 })).toBe('end')
    expect(endVerdict(transaction, { ...last, how: 'abort' })).toEqual({ type: 'error', errorCode: ErrorCode.INVALID_TXN_STATE })
  })
})
