import type { Task } from './task'

const NANOSECONDS = 1e6

/** What the last run gave: kept, so that no compiler may leave the work out. */
export let kept: unknown

const runs = (run: () => unknown, times: number): number => {
  const started = performance.now()
  for (let i = 0; i < times; i++) kept = run()
  return performance.now() - started
}

const awaitedRuns = async (run: () => unknown, times: number): Promise<number> => {
  const started = performance.now()
  for (let i = 0; i < times; i++) kept = await run()
  return performance.now() - started
}

export interface Pace {
  readonly warmUpMs: number
  readonly sampleMs: number
  readonly samples: number
}

/** Nanoseconds of one run: the best of some samples, after it has warmed up. What disturbs a sample only makes it slower. */
export const measure = async ({ run, isAsync }: Task, { warmUpMs, sampleMs, samples }: Pace): Promise<number> => {
  const take = isAsync ? (times: number) => awaitedRuns(run, times) : (times: number) => Promise.resolve(runs(run, times))
  let [times, spent, last] = [1, 0, 0]
  for (; spent < warmUpMs || last < sampleMs / 2; spent += last) {
    last = await take(times)
    if (last < sampleMs / 2) times *= 2
  }
  let best = Infinity
  for (let i = 0; i < samples; i++) best = Math.min(best, (await take(times)) / times)
  return best * NANOSECONDS
}
