/** A run that broke a promise: cut down, printed, and kept so that it can be played again. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ConfigError } from '../../lib/errors'
import { planOf } from '../../spec/simulation/draw'
import type { Plan } from '../../spec/simulation/plan'
import { planLines, problemLines } from '../../spec/simulation/report'
import { run } from '../../spec/simulation/run'
import type { Problem } from '../../spec/simulation/seen'
import { shrink } from '../../spec/simulation/shrink'
import type { Failure } from './worker'

const KEPT = join('.cache', 'simulation')

/** Lines that say what happened, and how to have it again. */
export async function shrunk({ seed, problems }: Failure, seconds: number): Promise<readonly string[]> {
  const [{ promise }] = problems
  const until = performance.now() + seconds * 1000
  const breaks = async (plan: Plan): Promise<boolean> => (await problemsOf(plan)).some((problem) => problem.promise === promise)
  const plan = await shrink(planOf(seed), { breaks, goOn: () => performance.now() < until })
  const file = join(KEPT, `seed-${seed}.json`)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(plan, undefined, 2)}\n`)
  return [
    `seed ${seed}:`,
    ...problemLines(problems),
    'the least that breaks the first of these:',
    ...planLines(plan),
    ...problemLines((await run(plan)).problems),
    `npm run simulate -- --seed ${seed} --runs 1`,
    `npm run simulate -- --plan ${file}`,
  ]
}

/** None for settings that cut down no longer fit together. */
async function problemsOf(plan: Plan): Promise<readonly Problem[]> {
  try {
    return (await run(plan)).problems
  } catch (error) {
    if (error instanceof ConfigError) return []
    throw error
  }
}

/** The lines of a plan that was kept, and whether it still breaks a promise. */
export async function replayed(file: string): Promise<{ readonly lines: readonly string[]; readonly failed: boolean }> {
  const plan = JSON.parse(readFileSync(file, 'utf8')) as Plan
  const { problems } = await run(plan)
  return { lines: [...planLines(plan), ...problemLines(problems)], failed: problems.length > 0 }
}
