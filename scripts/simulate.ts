/** `npm run simulate`: many runs of the whole producer on the cluster in the process, with everything going wrong that can. */
import { parseArgs } from 'node:util'
import { gapsIn } from '../spec/simulation/coverage'
import { countLines, problemLines } from '../spec/simulation/report'
import { playedByCrew } from './simulate/crew'
import type { Gathered } from './simulate/crew'
import { replayed, shrunk } from './simulate/failure'
import { huntMutants } from './simulate/mutants'

const HELP = `The whole producer in virtual time: random load, random faults, and the promises of the README checked at the end of each run.

  npm run simulate                            1,000 runs with new seeds
  npm run simulate -- --seed N --runs M       the runs with the seeds from N on
  npm run simulate -- --plan FILE             a history that was kept
  npm run simulate -- --first                 ends with the first run that breaks a promise, and does not cut it down
  npm run simulate -- --mutants [NAME]        whether each defect of spec/simulation/mutants is found within 2,000 runs

A run that breaks a promise is cut down, printed, and kept in .cache/simulation. From 1,000 runs on, everything that can go wrong must have
come up a hundred times in a thousand runs.
`

/** Failing runs of which more is said than their seed. */
const SHRUNK = 2
const SHRINK_SECONDS = 90
/** Beyond so many nobody reads on. */
const MOST_FAILURES = 20
const PROGRESS_MS = 30_000

const say = (...lines: readonly string[]): void => void process.stdout.write(lines.map((line) => `${line}\n`).join(''))

const progress = (started: number) => {
  let reported = started
  return ({ runs, failures }: Gathered): void => {
    const now = performance.now()
    if (now - reported < PROGRESS_MS) return
    reported = now
    say(`${((now - started) / 1000).toFixed(0)} s: ${runs} runs, ${failures.length} of them failed`)
  }
}

async function simulate(seed: number, runs: number, first: boolean): Promise<boolean> {
  say(`npm run simulate -- --seed ${seed} --runs ${runs}`)
  const started = performance.now()
  const done = await playedByCrew({ seed, runs, mostFailures: first ? 1 : MOST_FAILURES, progress: progress(started) })
  const { counts, failures } = done
  say(...countLines(counts))
  say(`${done.runs} runs in ${((performance.now() - started) / 1000).toFixed(1)} s, ${failures.length} of them failed`)
  if (first) say(...failures.flatMap((failure) => [`seed ${failure.seed}:`, ...problemLines(failure.problems)]))
  else for (const failure of failures.slice(0, SHRUNK)) say('', ...(await shrunk(failure, SHRINK_SECONDS)))
  const others = first ? [] : failures.slice(SHRUNK)
  if (others.length > 0) say('', `others: ${others.map((failure) => `${failure.seed} (${failure.problems[0].promise})`).join(', ')}`)
  const gaps = first ? [] : gapsIn(counts, done.runs)
  say(...gaps.map((gap) => `too seldom: ${gap}`))
  return failures.length === 0 && gaps.length === 0
}

const wholeNumber = (name: string, text: string): number => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} takes a whole number, not ${text}`)
  return value
}

async function main(): Promise<boolean> {
  const options = {
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    runs: { type: 'string', default: '1000' },
    plan: { type: 'string' },
    first: { type: 'boolean', default: false },
    mutants: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  } as const
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  if (values.help) {
    say(HELP)
    return true
  }
  const seed = wholeNumber('seed', values.seed)
  if (values.mutants) return huntMutants({ seed, names: positionals, say })
  if (values.plan === undefined) return simulate(seed, wholeNumber('runs', values.runs), values.first)
  const { lines, failed } = await replayed(values.plan)
  say(...lines)
  return !failed
}

main().then(
  (passed) => {
    process.exitCode = passed ? 0 : 1
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    process.exitCode = 1
  },
)
