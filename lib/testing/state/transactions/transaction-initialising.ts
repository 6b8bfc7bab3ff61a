/** What InitProducerId finds: who asks, and which identity he is to get. KIP-98, KIP-360, KIP-588. */
import { ErrorCode } from '../../../generated/error-codes'
import { NO_EPOCH, isExhausted } from './transaction'
import type { ProducerIdentity, Transaction } from './transaction'

/**
 * `next`: the next epoch; `rotate`: a new producer id, at epoch 0; `same`: what was given before, to one who missed the answer;
 * `takeOver`: somebody's transaction is open and is aborted first. `formerEpoch` is what a repeated request may carry.
 */
export type Initialisation =
  | { readonly type: 'next' | 'rotate'; readonly formerEpoch: number }
  | { readonly type: 'same' }
  | { readonly type: 'takeOver' }
  | { readonly type: 'refuse'; readonly error: number }

/** `expected` is what the client believes it is (KIP-360); undefined: it begins, and whoever was there before is shut out. */
export function initialisationOf(transaction: Transaction, expected: ProducerIdentity | undefined): Initialisation {
  if (transaction.writing !== undefined) return { type: 'refuse', error: ErrorCode.CONCURRENT_TRANSACTIONS }
  if (expected !== undefined && !knows(transaction, expected)) return { type: 'refuse', error: ErrorCode.PRODUCER_FENCED }
  if (transaction.state === 'Ongoing') return { type: 'takeOver' }
  return isExhausted(transaction.producerEpoch) ? afterTheLastEpoch(transaction, expected) : nextEpoch(transaction, expected)
}

/** Its epoch is looked at later. The former producer id is known only to one whose epochs were used up, and who missed the answer. */
const knows = ({ producerId, producerEpoch, formerProducerId }: Transaction, expected: ProducerIdentity): boolean =>
  producerEpoch === NO_EPOCH ||
  expected.producerId === producerId ||
  (expected.producerId === formerProducerId && isExhausted(expected.producerEpoch))

/** Kafka has no answer of its own for one that is behind: it fails (IllegalStateException). */
const afterTheLastEpoch = ({ producerEpoch }: Transaction, expected: ProducerIdentity | undefined): Initialisation => {
  if (expected === undefined) return { type: 'rotate', formerEpoch: NO_EPOCH }
  if (expected.producerEpoch === producerEpoch) return { type: 'rotate', formerEpoch: producerEpoch }
  return { type: 'refuse', error: ErrorCode.UNKNOWN_SERVER_ERROR }
}

function nextEpoch({ producerEpoch, formerEpoch }: Transaction, expected: ProducerIdentity | undefined): Initialisation {
  if (expected === undefined) return { type: 'next', formerEpoch: NO_EPOCH }
  if (producerEpoch === NO_EPOCH || expected.producerEpoch === producerEpoch) return { type: 'next', formerEpoch: producerEpoch }
  if (expected.producerEpoch === formerEpoch) return { type: 'same' }
  return { type: 'refuse', error: ErrorCode.PRODUCER_FENCED }
}
