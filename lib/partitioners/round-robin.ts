import type { Partitioner } from './partitioner'

interface Turn {
  next: number
  /** Records that are not worth a search for a leader, since there was none. */
  skip: number
}

/**
 * Sends the records of each topic to its partitions in turn, whatever their keys, and passes over those that have no leader; while none
 * has one, to all in turn. Each call begins anew: give every producer its own. Batches are smaller than those of the default.
 */
export function roundRobin(): Partitioner {
  const turns = new Map<string, Turn>()

  return ({ topic }, partitionCount, isAvailable) => {
    let turn = turns.get(topic)
    if (turn === undefined) turns.set(topic, (turn = { next: 0, skip: 0 }))
    let partition = turn.next % partitionCount
    if (turn.skip > 0) turn.skip--
    else partition = availableFrom(partition, turn, { topic, partitionCount, isAvailable })
    turn.next = partition + 1
    return partition
  }
}

interface Around {
  readonly topic: string
  readonly partitionCount: number
  readonly isAvailable: (topic: string, partition: number) => boolean
}

/** A search in vain is not made again for as many records as it took looks: while nobody leads, a record costs one look. */
function availableFrom(start: number, turn: Turn, { topic, partitionCount, isAvailable }: Around): number {
  for (let step = 0; step < partitionCount; step++) {
    const partition = (start + step) % partitionCount
    if (isAvailable(topic, partition)) return partition
  }
  turn.skip = partitionCount - 1
  return start
}
