/**
 * When an older leader epoch is believed after all. A broker that is behind says it for a moment, and another one soon knows better. What
 * every answer says for long, and nobody contradicts, is how things are: then what is known came from an answer that was damaged, or from
 * a topic that was deleted and made anew and has no id to show it. Java's clients never believe it.
 */
import type { PartitionInfo } from './cluster'
import { isNoOlder } from './merge'

/** Brokers that hear from their controller are behind by less: it would have given them up. Milliseconds. */
export const DOUBT_FOR = 10_000
/** So many answers in a row, from whichever brokers were asked. */
export const DOUBTFUL_ANSWERS = 5

interface Doubt {
  /** The epoch that is doubted. */
  readonly epoch: number
  readonly since: number
  readonly answers: number
}

export interface EpochDoubts {
  /** Whether what an answer says of a partition takes the place of what is known. */
  accepts(known: PartitionInfo, fresh: PartitionInfo, now: number): boolean
}

export function epochDoubts(): EpochDoubts {
  const doubts = new Map<string, Doubt>()

  const doubtAfter = (key: string, epoch: number, now: number): Doubt => {
    const before = doubts.get(key)
    const doubt = before?.epoch === epoch ? { ...before, answers: before.answers + 1 } : { epoch, since: now, answers: 1 }
    doubts.set(key, doubt)
    return doubt
  }
  return {
    accepts: (known, fresh, now) => {
      if (isNoOlder(known, fresh)) {
        if (doubts.size > 0) doubts.delete(keyOf(known))
        return true
      }
      const { since, answers } = doubtAfter(keyOf(known), known.leaderEpoch, now)
      const isCertain = answers >= DOUBTFUL_ANSWERS && now - since >= DOUBT_FOR
      if (isCertain) doubts.delete(keyOf(known))
      return isCertain
    },
  }
}

/** Unique, since a topic's name holds no slash. */
const keyOf = ({ topic, partition }: PartitionInfo): string => `${topic}/${String(partition)}`
