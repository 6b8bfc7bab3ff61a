import type { Library } from './library'

/** One step of a record's way, to be counted. */
export interface Step {
  /** What it is counted by. */
  readonly unit: Unit
  /** Units before the first count: by then the engine has compiled what it will compile. */
  readonly warmUp: number
  /** Units of one count. */
  readonly each: number
  /** Makes everything ready for so many units in all: what is made here is not counted. */
  open(library: Library, total: number): Work
}

export type Unit = 'record' | 'batch' | 'request' | 'answer'

/** Does the step for so many units, and throws unless all of it was done. */
export type Work = (units: number) => void | Promise<void>

/** The steps, in the order of a record's way; each is a file of `steps/`. */
export const STEP_NAMES = [
  'serialize',
  'serialize-text',
  'partition',
  'append',
  'accumulate',
  'seal',
  'encode-request',
  'decode-answer',
  'settle',
  'deliver',
  'whole-path',
] as const

export type StepName = (typeof STEP_NAMES)[number]

export function expectDone(done: number, expected: number): void {
  if (done !== expected) throw new Error(`the step did ${done} of ${expected}`)
}
