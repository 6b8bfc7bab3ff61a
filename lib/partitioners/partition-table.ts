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

/** One look at every partition of the topic. It is taken after every few records, and makes little beside the table. */
export function partitionTable(topic: string, partitionCount: number, view: PartitionView, now: number): PartitionTable {
  const all = numbersTo(partitionCount)
  const led = all.filter((partition) => view.leaderOf(topic, partition) !== undefined)
  // Records must wait for a leader anywhere.
  if (led.length === 0) return { partitions: all, limits: undefined, isLed: false }
  const partitions = preferred(led, topic, view, now)
  return { partitions, limits: limitsOf(partitions, topic, all, view), isLed: true }
}

/** Of those that have a leader: in time goes before near, as a node nearby that takes nothing is no help. */
function preferred(led: readonly number[], topic: string, view: PartitionView, now: number): readonly number[] {
  const { isLate, isNear } = view
  const leaderOf = (partition: number): number => view.leaderOf(topic, partition) ?? NaN
  const inTime = isLate === undefined ? led : someOf(led, (partition) => !isLate(topic, partition, leaderOf(partition), now))
  return isNear === undefined ? inTime : someOf(inTime, (partition) => isNear(leaderOf(partition)))
}

/** All of them when none is wanted. */
function someOf(partitions: readonly number[], isWanted: (partition: number) => boolean): readonly number[] {
  const wanted = partitions.filter(isWanted)
  return wanted.length > 0 ? wanted : partitions
}

/** Undefined when all weigh the same. */
function limitsOf(
  partitions: readonly number[],
  topic: string,
  all: readonly number[],
  view: PartitionView,
): readonly number[] | undefined {
  const { queueLength } = view
  if (queueLength === undefined) return undefined
  const lengths: number[] = []
  for (const partition of all) {
    const length = queueLength(topic, partition)
    // One that never had a batch would never get its first one from weights that are made of batches.
    if (length === undefined) return undefined
    lengths.push(length)
  }
  const chosen = partitions.map((partition) => lengths[partition])
  return chosen.every((length) => length === chosen[0]) ? undefined : cumulativeWeights(chosen)
}

/** `Array.from` with a function takes twice as long as all else that a look at a few partitions does. */
function numbersTo(count: number): number[] {
  const numbers: number[] = []
  for (let number = 0; number < count; number++) numbers.push(number)
  return numbers
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
