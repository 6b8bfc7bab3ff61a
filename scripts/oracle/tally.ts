import type { Difference } from './vector'

const TURN = 100

/** What one kind of check has seen. */
export class Tally {
  readonly differences: Difference[] = []
  /** (message, version) pairs of which a vector was checked that has bytes. */
  readonly pairs = new Set<string>()
  vectors = 0
  /** Of the vectors: what both sides refuse to write. */
  refused = 0

  constructor(readonly name: string) {}

  add(difference: Difference | undefined): void {
    this.vectors++
    if (difference !== undefined) this.differences.push(difference)
  }
}

/** Answers are awaited a hundred at a time, so that neither side waits for the other, nor holds much. */
export const eachInTurns = async <T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> => {
  let turn: Promise<void>[] = []
  for (const item of items) {
    turn.push(work(item))
    if (turn.length < TURN) continue
    await Promise.all(turn)
    turn = []
  }
  await Promise.all(turn)
}
