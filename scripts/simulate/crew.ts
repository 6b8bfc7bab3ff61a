/** Spreads runs over processes, a portion at a time, and gathers what came of them. */
import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { addCounts } from '../../spec/simulation/coverage'
import type { Counts } from '../../spec/simulation/seen'
import type { Failure, Portion, Result } from './worker'

export interface Gathered {
  readonly runs: number
  readonly counts: Counts
  /** By their seeds. */
  readonly failures: readonly Failure[]
}

export interface CrewOptions {
  readonly seed: number
  readonly runs: number
  /** No portion is begun after this many failures. */
  readonly mostFailures: number
  readonly progress: (done: Gathered) => void
}

const PORTION = 20

export async function playedByCrew({ seed, runs, mostFailures, progress }: CrewOptions): Promise<Gathered> {
  let done = 0
  let given = 0
  const counts: Counts = new Map()
  const failures: Failure[] = []
  const gathered = (): Gathered => ({ runs: done, counts, failures: [...failures].sort((a, b) => a.seed - b.seed) })

  const next = (): Portion | undefined => {
    const count = Math.min(PORTION, runs - given)
    if (count <= 0 || failures.length >= mostFailures) return undefined
    const from = seed + given
    given += count
    return { from, count }
  }
  const take = (result: Result): void => {
    done += result.runs
    addCounts(counts, result.counts)
    failures.push(...result.failures)
    progress(gathered())
  }
  const workers = Math.min(availableParallelism(), Math.ceil(runs / PORTION))
  await Promise.all(Array.from({ length: workers }, () => worked(next, take)))
  return gathered()
}

async function worked(next: () => Portion | undefined, take: (result: Result) => void): Promise<void> {
  const worker = fork(join(__dirname, 'worker.ts'))
  try {
    for (let portion = next(); portion !== undefined; portion = next()) take(await answerOf(worker, portion))
  } finally {
    worker.kill()
  }
}

function answerOf(worker: ChildProcess, portion: Portion): Promise<Result> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void =>
      reject(new Error(`A worker ended with ${String(code)} in the runs from seed ${portion.from} on`))
    worker.once('exit', ended)
    worker.once('message', (result) => {
      worker.off('exit', ended)
      resolve(result as Result)
    })
    worker.send(portion)
  })
}
