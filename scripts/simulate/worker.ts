/** A process that plays the runs it is told to, and says what came of them. */
import { addCounts } from '../../spec/simulation/coverage'
import { planOf } from '../../spec/simulation/draw'
import { run } from '../../spec/simulation/run'
import type { Counts, Problem } from '../../spec/simulation/seen'

/** Runs with the seeds from `from` on. */
export interface Portion {
  readonly from: number
  readonly count: number
}

export interface Failure {
  readonly seed: number
  readonly problems: readonly Problem[]
}

export interface Result {
  readonly runs: number
  readonly counts: readonly (readonly [string, number])[]
  readonly failures: readonly Failure[]
}

export async function played({ from, count }: Portion): Promise<Result> {
  const counts: Counts = new Map()
  const failures: Failure[] = []
  for (let seed = from; seed < from + count; seed++) {
    const outcome = await run(planOf(seed))
    addCounts(counts, outcome.counts)
    if (outcome.problems.length > 0) failures.push({ seed, problems: outcome.problems })
  }
  return { runs: count, counts: [...counts], failures }
}

process.on('message', (portion: Portion) => {
  void played(portion).then((result) => process.send?.(result))
})
