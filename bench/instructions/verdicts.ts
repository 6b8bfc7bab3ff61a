import type { Cost } from './counting'
import type { StepName } from './program/step'

/** What a step costs at its base and here. */
export interface Compared {
  readonly step: StepName
  /** The commit of the base. */
  readonly commit: string
  /** Or why the step does not run there: what it needs is not there yet, or is called otherwise. */
  readonly base: Cost | { readonly failed: string }
  readonly here: Cost
}

export type Verdict = 'same' | 'cheaper' | 'dearer' | 'new'

export type Measure = 'instructions' | 'bytes'

/** More than this is dearer. Two counts of the same library are less than 0.1 % apart. */
export const TOLERANCE = 0.03

/** Bytes of a unit that make no difference, whatever share of a step they are. */
const SLACK_BYTES = 4

export const ratioOf = (base: Cost, here: Cost, measure: Measure): number => here[measure] / base[measure]

const isMore = (than: Cost, cost: Cost, measure: Measure): boolean =>
  cost[measure] > than[measure] * (1 + TOLERANCE) && (measure === 'instructions' || cost.bytes - than.bytes > SLACK_BYTES)

/** Of instructions and bytes, which there are more of. */
export const dearerIn = ({ base, here }: Compared): readonly Measure[] =>
  'failed' in base ? [] : (['instructions', 'bytes'] as const).filter((measure) => isMore(base, here, measure))

export function verdictOf(compared: Compared): Verdict {
  const { base, here } = compared
  if ('failed' in base) return 'new'
  if (dearerIn(compared).length > 0) return 'dearer'
  return isMore(here, base, 'instructions') || isMore(here, base, 'bytes') ? 'cheaper' : 'same'
}

/** A base on which nothing runs is no base: then the comparison is broken, and not everything new. */
export const isComparison = (all: readonly Compared[]): boolean => all.some((compared) => verdictOf(compared) !== 'new')
