/** What EndTxn finds, as tables: for each transaction version, by state, by epoch, by what is asked for. */
import { ErrorCode } from '../../../generated/error-codes'
import { isExhausted } from './transaction'
import type { ProducerIdentity, Transaction } from './transaction'
import type { Ending, TransactionState } from './transaction-states'

export interface EndRequest extends ProducerIdentity {
  readonly how: Ending
  /** Which transaction version the client goes by: EndTxn 5 is of the second; there is no difference between 0 and 1. */
  readonly version: 1 | 2
}

/** `end`: it is ended; `repeat`: that was done before, and the client missed the answer. */
export type EndVerdict = { readonly type: 'end' | 'repeat' } | { readonly type: 'error'; readonly errorCode: number }

type Cell = 'end' | 'repeat' | 'refuse' | 'fence' | 'wait'
type Row = Readonly<Record<Ending, Cell>>

const VERDICTS: Readonly<Record<Cell, EndVerdict>> = {
  end: { type: 'end' },
  repeat: { type: 'repeat' },
  refuse: { type: 'error', errorCode: ErrorCode.INVALID_TXN_STATE },
  fence: { type: 'error', errorCode: ErrorCode.PRODUCER_FENCED },
  wait: { type: 'error', errorCode: ErrorCode.CONCURRENT_TRANSACTIONS },
}

const STRANGER: EndVerdict = { type: 'error', errorCode: ErrorCode.INVALID_PRODUCER_ID_MAPPING }

const END: Row = { commit: 'end', abort: 'end' }
const WAIT: Row = { commit: 'wait', abort: 'wait' }
const FENCE: Row = { commit: 'fence', abort: 'fence' }
const REFUSE: Row = { commit: 'refuse', abort: 'refuse' }

/** Transaction versions 0 and 1: the epoch stays, so a repeated request looks like the first one. */
const ENDINGS_BY_STATE: Readonly<Record<TransactionState, Row>> = {
  Empty: REFUSE,
  Ongoing: END,
  PrepareCommit: WAIT,
  PrepareAbort: WAIT,
  CompleteCommit: { commit: 'repeat', abort: 'refuse' },
  CompleteAbort: { commit: 'refuse', abort: 'repeat' },
  PrepareEpochFence: WAIT,
  Dead: FENCE,
}

/** Whether the epoch of the request is the one that is in force, or the one that its own first attempt has ended. */
type EpochOfEnd = 'current' | 'former'

/** Whoever asks for an abort may not know whether he had begun; there is no commit of nothing. */
const NOTHING_BEGUN: Row = { commit: 'refuse', abort: 'end' }

/** Transaction version 2: the epoch grows with each end, so a request that is repeated carries the former one. */
const ENDINGS_BY_EPOCH: Readonly<Record<TransactionState, Readonly<Record<EpochOfEnd, Row>>>> = {
  Empty: { current: NOTHING_BEGUN, former: FENCE },
  Ongoing: { current: END, former: FENCE },
  PrepareCommit: { current: WAIT, former: WAIT },
  PrepareAbort: { current: WAIT, former: WAIT },
  CompleteCommit: { current: NOTHING_BEGUN, former: { commit: 'repeat', abort: 'refuse' } },
  CompleteAbort: { current: NOTHING_BEGUN, former: { commit: 'refuse', abort: 'repeat' } },
  PrepareEpochFence: { current: WAIT, former: WAIT },
  Dead: { current: FENCE, former: FENCE },
}

/** What becomes of an EndTxn. */
export const endVerdict = (transaction: Transaction, request: EndRequest): EndVerdict =>
  (request.version === 1 ? verdictByState : verdictByEpoch)(transaction, request)

function verdictByState({ producerId, producerEpoch, state }: Transaction, request: EndRequest): EndVerdict {
  if (request.producerId !== producerId) return STRANGER
  return VERDICTS[request.producerEpoch === producerEpoch ? ENDINGS_BY_STATE[state][request.how] : 'fence']
}

/** Who asks while markers are written may carry the identity that comes after them; hence that comes first. */
function verdictByEpoch(transaction: Transaction, request: EndRequest): EndVerdict {
  const { producerId, producerEpoch, state, writing } = transaction
  if (writing !== undefined) return VERDICTS.wait
  const overflown = isBeforeOverflow(transaction, request)
  if (request.producerId !== producerId && !overflown) return STRANGER
  const former = overflown || producerEpoch === request.producerEpoch + 1
  if (!former && request.producerEpoch !== producerEpoch) return VERDICTS.fence
  return VERDICTS[ENDINGS_BY_EPOCH[state][former ? 'former' : 'current'][request.how]]
}

/** The first attempt used up the last epoch, and a new producer id took its place. */
const isBeforeOverflow = ({ formerProducerId, producerEpoch }: Transaction, request: EndRequest): boolean =>
  formerProducerId === request.producerId && isExhausted(request.producerEpoch) && producerEpoch === 0
