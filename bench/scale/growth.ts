/** How the cost of a record grows with something else. */

export interface Step {
  readonly of: number
  /** Of one record, whatever the unit. */
  readonly cost: number
}

/**
 * x in `cost grows as of^x`, from each step to the next: 0 where nothing changes, 1 where twice as much of it costs twice as much. null for the
 * first, and where nothing grew.
 */
export const exponents = (steps: readonly Step[]): readonly (number | null)[] =>
  steps.map(({ of, cost }, i) => {
    const before = steps[i - 1]
    if (before === undefined || before.of === of) return null
    return Math.log(cost / before.cost) / Math.log(of / before.of)
  })
