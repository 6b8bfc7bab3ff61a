import { TestScheduler } from 'rxjs/testing'
import type { RunHelpers } from 'rxjs/testing'

/** Virtual time with marbles, compared by jest. Returns when nothing is scheduled any more. */
export function marbles(run: (helpers: RunHelpers) => void): void {
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(run)
}
