/**
 * Where the next records without a key may go, and how likely each partition is: by the queues before them (KIP-794), without those whose
 * node takes nothing, near before far (KIP-1123).
 */

/** What a choice looks at. The functions may be asked for every partition of a topic, one after the other. */
export interface PartitionView {
  /** The node that takes the partition's records; undefined while there is none. */
  readonly leaderOf: (topic: string, partition: number) => number | undefined
  /** How many batches wait for the partition; undefined before its first one. Absent: queues do not matter. */
  readonly queueLength?: (topic: string, partition: number) => number | undefined
  /** Whether a node is preferred. Absent: all are alike. */
  readonly isNear?: (node: number) => boolean
  /** Whether what waits for the partition now waits too long for its node. Absent: that does not matter. */
  readonly isLate?: (topic: string, partition: number, node: number, now: number) => boolean
}

export interface PartitionTable {
  readonly partitions: readonly number[]
  /** Running sums of the weights, one for each of `partitions`; undefined when all weigh the same. */
  readonly limits: readonly number[] | undefined
  /** At least one partition had a leader: only such are in it. */
  readonly isLed: boolean
}

interface Candidate {
  readonly partition: number
  readonly length: number | undefined
  readonly isNear: boolean
  readonly isLate: boolean
}

/** One look at every partition of the topic. */
export function partitionTable(topic: string, partitionCount: number, view: PartitionView, now: number): PartitionTable {
  const led: Candidate[] = []
  let queues = 0
  for (let partition = 0; partition < partitionCount; partition++) {
    const length = view.queueLength?.(topic, partition)
    if (length !== undefined) queues++
    const leader = view.leaderOf(topic, partition)
    if (leader !== undefined) led.push(candidate({ topic, partition, leader, length, now }, view))
  }
  // Records must wait for a leader anywhere.
  if (led.length === 0)
    return { partitions: Array.from({ length: partitionCount }, (_, partition) => partition), limits: undefined, isLed: false }
  const chosen = preferred(led)
  const partitions = chosen.map(({ partition }) => partition)
  // A partition that never had a batch would never get its first one from weights that are made of batches.
  return { partitions, limits: queues === partitionCount ? limitsOf(chosen) : undefined, isLed: true }
}

interface Look {
  readonly topic: string
  readonly partition: number
  readonly leader: number
  readonly length: number | undefined
  readonly now: number
}

const candidate = ({ topic, partition, leader, length, now }: Look, { isNear, isLate }: PartitionView): Candidate => ({
  partition,
  length,
  isNear: isNear === undefined || isNear(leader),
  isLate: isLate !== undefined && isLate(topic, partition, leader, now),
})

/** Those that are in time before those that are near: a node nearby that takes nothing is no help. */
function preferred(led: readonly Candidate[]): readonly Candidate[] {
  const inTime = someOf(led, ({ isLate }) => !isLate)
  return someOf(inTime, ({ isNear }) => isNear)
}

/** All of them when none is wanted. */
function someOf(candidates: readonly Candidate[], isWanted: (candidate: Candidate) => boolean): readonly Candidate[] {
  const wanted = candidates.filter(isWanted)
  return wanted.length > 0 ? wanted : candidates
}

function limitsOf(candidates: readonly Candidate[]): readonly number[] | undefined {
  const lengths = candidates.map(({ length = 0 }) => length)
  return lengths.every((length) => length === lengths[0]) ? undefined : cumulativeWeights(lengths)
}

/** The shorter a queue, the likelier: each weighs what it is shorter than one that were longer than the longest. Given as running sums. */
export function cumulativeWeights(lengths: readonly number[]): readonly number[] {
  let longest = 0
  for (const length of lengths) longest = Math.max(longest, length)
  let sum = 0
  return lengths.map((length) => (sum += longest + 1 - length))
}

/** `chance` in [0, 1). */
export function pick({ partitions, limits }: PartitionTable, chance: number): number {
  if (limits === undefined) return partitions[Math.floor(chance * partitions.length)]
  return partitions[indexAbove(limits, Math.floor(chance * limits[limits.length - 1]))]
}

/** The first of the limits, which grow, that is greater than the number. */
function indexAbove(limits: readonly number[], number: number): number {
  let from = 0
  let to = limits.length - 1
  while (from < to) {
    const middle = (from + to) >>> 1
    if (limits[middle] > number) to = middle
    else from = middle + 1
  }
  return from
}
