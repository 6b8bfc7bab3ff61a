/** When a partition refuses a batch for its epoch, its sequence numbers or its transaction: one rule after the other. */
import { ErrorCode } from '../../../generated/error-codes'
import { isTransactional } from './batch-stamp'
import type { BatchProducer } from './batch-stamp'
import { isOpen } from './producer-state'
import type { Admission, ProducerState } from './producer-state'
import { isNextSequence, NO_SEQUENCE } from './sequences'

export interface Refused {
  readonly type: 'refused'
  readonly errorCode: number
  /** For whoever reads the test's output; a client is not told. */
  readonly message: string
}

export interface Case {
  readonly batch: BatchProducer
  readonly state: ProducerState
  /** What the producer has announced and not yet written. */
  readonly admission: Admission | undefined
}

interface Rule {
  readonly errorCode: number
  readonly message: string
  breaks(each: Case): boolean
}

const isUnknown = ({ epoch }: ProducerState): boolean => epoch < 0

const lastSequence = ({ batches }: ProducerState): number => batches.at(-1)?.lastSequence ?? NO_SEQUENCE

/** The first that is broken counts. */
const RULES: readonly Rule[] = [
  {
    errorCode: ErrorCode.INVALID_PRODUCER_EPOCH,
    message: 'a later epoch of this producer has written here',
    breaks: ({ batch, state }) => batch.producerEpoch < state.epoch,
  },
  {
    errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
    message: 'a producer that joins transactions by its batches begins with sequence 0',
    breaks: ({ batch, state, admission }) => admission?.implicit === true && batch.baseSequence !== 0 && state.batches.length === 0,
  },
  {
    errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
    message: 'an earlier batch has yet to be admitted',
    breaks: ({ batch, admission }) => admission !== undefined && batch.baseSequence > admission.lowestSequence,
  },
  {
    errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
    message: 'a new epoch begins with sequence 0',
    breaks: ({ batch, state }) => batch.producerEpoch !== state.epoch && batch.baseSequence !== 0 && !isUnknown(state),
  },
  {
    errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
    message: 'the sequence has a gap, or the batch is older than those that are remembered',
    breaks: ({ batch, state }) =>
      batch.producerEpoch === state.epoch && !isUnknown(state) && !isNextSequence(lastSequence(state), batch.baseSequence),
  },
  {
    errorCode: ErrorCode.INVALID_TXN_STATE,
    message: 'the producer has an open transaction here, and the batch is not part of it',
    breaks: ({ batch, state }) => isOpen(state) && !isTransactional(batch),
  },
]

export function refusalOf(each: Case): Refused | undefined {
  const broken = RULES.find(({ breaks }) => breaks(each))
  return broken && { type: 'refused', errorCode: broken.errorCode, message: broken.message }
}
