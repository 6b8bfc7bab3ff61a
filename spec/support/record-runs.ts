import type { RecordRuns } from '../../lib/batch/record-runs'
import type { Outlet } from '../../lib/record'

/** What the first so many records came with. */
export const listed = <C>(runs: RecordRuns<C>, count: number): readonly (readonly [Outlet<C> | undefined, number])[] =>
  Array.from({ length: count }, (_, index) => [runs.outletAt(index), runs.timestampAt(index)])
