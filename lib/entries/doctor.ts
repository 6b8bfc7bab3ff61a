/** For the command `kafkarx doctor` alone: the package's `exports` do not name it. */
export { diagnose } from '../doctor/diagnose'
export type { Failed, Finding, StepName } from '../doctor/finding'
