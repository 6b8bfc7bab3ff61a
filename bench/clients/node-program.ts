import { join } from 'node:path'
import type { Job, Outcome } from '../job'
import { linesOf } from './process'
import { compiledPrograms } from './programs'

export interface NodeProgram {
  /** The program's file in bench/programs, without its ending. */
  readonly program: string
  /** What it imports. */
  readonly library: string
  readonly node?: string
  readonly environment?: Readonly<Record<string, string>>
}

export const ticksOf = ({ kind, records, perTick }: Job): number => (kind === 'rate' ? records / perTick : 0)

/** The outcome that a program has printed last. */
export const outcomeOf = (lines: readonly string[]): Outcome => JSON.parse(lines.at(-1) ?? '') as Outcome

/** Runs jobs with one of our programs, each in a process of its own. */
export const nodeProgram =
  ({ program, library, node = process.execPath, environment = {} }: NodeProgram) =>
  async (job: Job): Promise<Outcome> => {
    const words = [join(await compiledPrograms(), `${program}.js`), library, JSON.stringify(job)]
    return outcomeOf(await linesOf({ command: node, words, environment, ticks: ticksOf(job) }))
  }

/** For the programs that take words. */
export const wordsOf = (job: Job): readonly string[] => Object.entries(job).map(([name, value]) => `${name}=${String(value)}`)
