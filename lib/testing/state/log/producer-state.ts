/** What a partition remembers of one producer. */
import type { BatchHeader } from '../../../batch/batch-header'
import { isTransactional } from './batch-stamp'
import type { BatchProducer } from './batch-stamp'
import { sequenceAfter, sequenceBefore } from './sequences'

/** A batch that is in the log, as far as it takes to know it again. */
export interface KnownBatch {
  readonly lastSequence: number
  readonly lastOffset: bigint
  readonly lastOffsetDelta: number
  readonly timestamp: number
}

export interface KnownPlace {
  readonly baseOffset: bigint
  readonly lastOffset: bigint
  /** The latest of its records. */
  readonly timestamp: number
}

export interface ProducerState {
  /** −1: nothing is known of the producer. */
  readonly epoch: number
  readonly coordinatorEpoch: number
  /** Milliseconds of the broker's clock at which its last batch, or the marker after it, arrived. */
  readonly seenAt: number
  /** The first offset of its open transaction. */
  readonly openSince: bigint | undefined
  /** Of this epoch, the oldest first. */
  readonly batches: readonly KnownBatch[]
}

/** A batch that has announced itself to the coordinator and is not in the log yet. */
export interface Admission {
  readonly epoch: number
  readonly lowestSequence: number
  readonly implicit: boolean
}

/** How many batches of a producer are known when they come again. */
export const BATCHES_KNOWN = 5

export const UNKNOWN_PRODUCER: ProducerState = {
  epoch: -1,
  coordinatorEpoch: -1,
  seenAt: -Infinity,
  openSince: undefined,
  batches: [],
}

export const isOpen = ({ openSince }: ProducerState): boolean => openSince !== undefined

/** The state after a batch of the log that arrived at `now`. */
export function appended(state: ProducerState, batch: BatchHeader, now: number): ProducerState {
  const { producerEpoch, baseSequence, lastOffsetDelta, maxTimestamp, baseOffset } = batch
  const lastOffset = baseOffset + BigInt(lastOffsetDelta)
  const known = state.epoch === producerEpoch ? state.batches.slice(1 - BATCHES_KNOWN) : []
  const lastSequence = sequenceAfter(baseSequence, lastOffsetDelta)
  return {
    epoch: producerEpoch,
    coordinatorEpoch: state.coordinatorEpoch,
    seenAt: now,
    openSince: state.openSince ?? (isTransactional(batch) ? baseOffset : undefined),
    batches: [...known, { lastSequence, lastOffset, lastOffsetDelta, timestamp: maxTimestamp }],
  }
}

/** Where the batch lies in the log already: the same epoch and the very same sequence numbers. */
export function placeOf(state: ProducerState, { producerEpoch, baseSequence, lastOffsetDelta }: BatchProducer): KnownPlace | undefined {
  const { epoch, batches } = state
  if (epoch !== producerEpoch) return undefined
  const lastSequence = sequenceAfter(baseSequence, lastOffsetDelta)
  const known = batches.find((each) => each.lastSequence === lastSequence && firstSequence(each) === baseSequence)
  if (known === undefined) return undefined
  return { baseOffset: known.lastOffset - BigInt(known.lastOffsetDelta), lastOffset: known.lastOffset, timestamp: known.timestamp }
}

const firstSequence = ({ lastSequence, lastOffsetDelta }: KnownBatch): number => sequenceBefore(lastSequence, lastOffsetDelta)
