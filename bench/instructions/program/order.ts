import type { StepName, Unit } from './step'

/** What a process that is counted is told, and what it tells. */
export interface Order {
  readonly step: StepName
  /** The folder of the built library. */
  readonly library: string
}

export interface Told {
  readonly unit: Unit
  /** Units of one count. */
  readonly each: number
  /** What each count allocated on the heap of JavaScript. */
  readonly bytes: readonly number[]
}
