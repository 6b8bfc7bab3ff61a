import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import type { OnPath } from '../../../kafka/java'

/** What a program said until it ended. */
export interface Said {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Call {
  readonly args: readonly string[]
  /** For its standard input, which is closed then. */
  readonly input?: string
}

/** A client that waits for what does not come would wait for ever. */
const PATIENCE_MS = 30_000

/** A client that fails fails with each of its records. */
const MOST_SHOWN = 2000

/** Runs a program to its end. */
export const run = async (command: string, { args, input = '' }: Call): Promise<Said> => {
  const child = spawn(command, [...args], { timeout: PATIENCE_MS })
  const said = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text))
  // A program that has ended early is reported by its exit code, not by its pipe.
  child.stdin.on('error', () => undefined).end(input)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, ...said }
}

/** The same, for a program that must succeed; what it wrote to standard output. */
export const succeed = async (command: string, call: Call): Promise<string> => {
  const { code, stdout, stderr } = await run(command, call)
  if (code !== 0)
    throw new Error(`${command} ${call.args.join(' ')} ended with ${String(code)}:\n${`${stderr}${stdout}`.slice(0, MOST_SHOWN)}`)
  return stdout
}

/** Whether a program can be started; the reason says how to get it. */
export const onPath = (command: string, versionArgument: string, advice: string): OnPath =>
  spawnSync(command, [versionArgument]).error === undefined
    ? { ok: true }
    : { ok: false, reason: `${command} is not on the PATH: ${advice}` }
