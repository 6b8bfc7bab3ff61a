/** The states of a transactional id, as a table: KIP-98, and for the second transaction version KIP-890. */

export type TransactionState =
  'Empty' | 'Ongoing' | 'PrepareCommit' | 'PrepareAbort' | 'CompleteCommit' | 'CompleteAbort' | 'PrepareEpochFence' | 'Dead'

/** Commit or abort. */
export type Ending = 'commit' | 'abort'

interface StateFacts {
  /** From where it is entered. */
  readonly from: readonly TransactionState[]
  /** What the markers that are under way say; nothing else may happen to the id until they are written. */
  readonly writes?: Ending
  /** The id may be forgotten when nothing happened to it for long. */
  readonly expires?: true
}

/**
 * A second InitProducerId and a time-out pass through PrepareEpochFence: the epoch of whoever began the transaction is over before the
 * transaction is. An abort of what was not begun is of the second transaction version: its client may not know whether it began.
 */
export const TRANSACTION_STATES: Readonly<Record<TransactionState, StateFacts>> = {
  Empty: { from: ['Empty', 'CompleteCommit', 'CompleteAbort'], expires: true },
  Ongoing: { from: ['Ongoing', 'Empty', 'CompleteCommit', 'CompleteAbort'] },
  PrepareCommit: { from: ['Ongoing'], writes: 'commit' },
  PrepareAbort: { from: ['Ongoing', 'PrepareEpochFence', 'Empty', 'CompleteCommit', 'CompleteAbort'], writes: 'abort' },
  CompleteCommit: { from: ['PrepareCommit'], expires: true },
  CompleteAbort: { from: ['PrepareAbort'], expires: true },
  PrepareEpochFence: { from: ['Ongoing'] },
  Dead: { from: ['Empty', 'CompleteAbort', 'CompleteCommit'] },
}

export const PREPARE = { commit: 'PrepareCommit', abort: 'PrepareAbort' } as const
export const COMPLETE = { commit: 'CompleteCommit', abort: 'CompleteAbort' } as const

export const isTransactionState = (name: string): name is TransactionState => Object.hasOwn(TRANSACTION_STATES, name)
