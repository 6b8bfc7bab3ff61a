import type { RunList } from '../../lib/batch/run-list'

/** The first so many of its values. */
export const listed = <T>(list: RunList<T>, count: number): readonly T[] => Array.from({ length: count }, (_, index) => list.at(index))
