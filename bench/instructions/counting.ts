/**
 * Counts the instructions of a step by valgrind's callgrind. Why it, and not cachegrind: it writes down what it has counted whenever the program
 * enters a given function of the binary. So one process gives several exact counts, without its own start and without what came before.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Order, Told } from './program/order'

const run = promisify(execFile)

/** What `os.getPriority` comes down to; every Node exports it. See `mark` in program/child.ts. */
const MARK = 'uv_os_getpriority'

/**
 * No thread but one, no chance, and no collection of garbage: a young generation so large that it is never full. One collection more or less in a
 * count would be more than the steps that are to be told apart; what garbage costs is seen in the bytes.
 */
const NODE_FLAGS = [
  '--single-threaded',
  '--predictable',
  '--hash-seed=1',
  '--random-seed=1',
  '--min-semi-space-size=512',
  '--max-semi-space-size=512',
]

/** What a unit of a step costs. */
export interface Cost {
  readonly unit: Told['unit']
  readonly instructions: number
  /** Allocated on JavaScript's heap. */
  readonly bytes: number
}

/** A step that does not run with a library, and why. */
export class StepFailed extends Error {}

const messageOf = (error: unknown): string => {
  const { stderr = '', message = String(error) } = error as { readonly stderr?: string; readonly message?: string }
  const line = stderr.split('\n').find((text) => /^\w*Error\b.*: /.test(text.trim()))
  return line?.trim() ?? message
}

async function runCounted(program: string, order: Order, folder: string): Promise<Told> {
  const valgrind = ['--tool=callgrind', `--dump-before=${MARK}`, `--callgrind-out-file=${join(folder, 'out')}`]
  try {
    const command = [...valgrind, process.execPath, ...NODE_FLAGS, program, JSON.stringify(order)]
    // What else is in the environment is read by somebody: NODE_EXTRA_CA_CERTS alone makes the start four times as long.
    const { stdout } = await run('valgrind', command, { env: { PATH: process.env['PATH'] } })
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Told
  } catch (error) {
    throw new StepFailed(messageOf(error))
  }
}

const totalIn = async (file: string): Promise<number> => Number(/^totals: (\d+)$/m.exec(await readFile(file, 'utf8'))?.[1] ?? NaN)

/** `out.1` ends at the first mark, and has all that came before; from there on what is counted, and what lies between, take turns. */
async function counts(folder: string, told: Told): Promise<readonly number[]> {
  const written = (await readdir(folder)).filter((name) => name.startsWith('out.')).length
  if (written !== 2 * told.bytes.length)
    throw new Error(`valgrind has written ${written} counts where ${2 * told.bytes.length} are expected`)
  return Promise.all(told.bytes.map((_, i) => totalIn(join(folder, `out.${2 * i + 2}`))))
}

export async function countStep(program: string, order: Order): Promise<Cost> {
  const folder = await mkdtemp(join(tmpdir(), 'kafkarx-instructions-'))
  try {
    const told = await runCounted(program, order, folder)
    const least = (values: readonly number[]): number => Math.min(...values) / told.each
    return { unit: told.unit, instructions: least(await counts(folder, told)), bytes: least(told.bytes) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Undefined when there is none. */
export const valgrindVersion = async (): Promise<string | undefined> => {
  try {
    return (await run('valgrind', ['--version'])).stdout.trim()
  } catch {
    return undefined
  }
}
