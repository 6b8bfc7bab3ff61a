/** What a run has met: counted for the report, and kept as evidence for what may excuse a record that is missing. */
import type { Ordered } from '../../lib/testing/faults/fault'
import type { Cuts, Life } from './logs'
import { cutsOf } from './logs'

export type Counts = Map<string, number>

export interface Seen {
  readonly counts: Counts
  count(name: string, times?: number): void
  /** A fault that acts by itself: it is counted when the run is over. */
  ordered(name: string, fault: Ordered): void
  countOrdered(): void

  /** Errors that partitions were answered, by name. */
  readonly answered: Set<string>
  /** Records whose answer had bytes that were not what the broker said. No checksum guards an answer: what follows is nobody's fault. */
  readonly tainted: Set<string>
  /** An answer of another api than Produce was damaged like that: what the producer believes of the cluster may be wrong for ever. */
  misled: boolean
  /** An answer to Produce was damaged: it may have asked for a minute of quiet. */
  silenced: boolean
  /** Records that a replica did not have that was made the leader all the same. */
  readonly lost: Set<string>
  /** Topics that were deleted, with what they held. */
  readonly lives: Life[]
  readonly cuts: Cuts
  /** What is wrong already while it runs. */
  readonly problems: Problem[]
}

/** A promise that was not kept: its name, and the case. */
export interface Problem {
  readonly promise: string
  readonly detail: string
}

export function seenOf(): Seen {
  const counts: Counts = new Map()
  const faults: { readonly name: string; readonly fault: Ordered }[] = []
  const count = (name: string, times = 1): void => void counts.set(name, (counts.get(name) ?? 0) + times)
  return {
    ...{
      counts,
      count,
      answered: new Set(),
      tainted: new Set(),
      misled: false,
      silenced: false,
      lost: new Set(),
      lives: [],
      cuts: cutsOf(),
      problems: [],
    },
    ordered: (name, fault) => void faults.push({ name, fault }),
    countOrdered: () => {
      for (const { name, fault } of faults.splice(0)) if (fault.hits > 0) count(name, fault.hits)
    },
  }
}
