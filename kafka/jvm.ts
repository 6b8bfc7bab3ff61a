import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { classPath } from './jars'

const REMEMBERED_LINES = 40
const PATIENCE_MS = 15_000

/** A Java program of ours. Each of them ends when its standard input does, so none outlives this process, however it ends. */
export interface Jvm {
  readonly child: ChildProcessWithoutNullStreams
  /** Settles when the process is gone. */
  readonly ended: Promise<void>
  /** The last lines that it wrote to standard error. */
  complaint(): string
  stop(): Promise<void>
}

export interface JvmOptions {
  /** The folder below kafka/java/kafkarx; the harness unless told. */
  readonly program?: string
  /** That of the current release unless told. */
  readonly classPath?: string
  readonly main: string
  readonly programArguments: readonly string[]
  readonly jvm?: readonly string[]
  readonly onError?: (line: string) => void
}

/** A start must be short and the run is short too: the first compiler tier and the serial collector suit both. */
const SHORT_LIVED = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xmx768m']

export const startJvm = async (options: JvmOptions): Promise<Jvm> => {
  const { program = 'harness', main, programArguments, jvm = SHORT_LIVED, onError } = options
  const quiet = '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'
  const path = options.classPath ?? (await classPath(program))
  const child = spawn('java', [...jvm, quiet, '-cp', path, `kafkarx.${program}.${main}`, ...programArguments])
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()).once('error', () => resolve()))
  const lines: string[] = []
  createInterface(child.stderr).on('line', (line) => {
    if (lines.push(line) > REMEMBERED_LINES) lines.shift()
    onError?.(line)
  })
  // Writing to a program that has just ended is reported by its end, not by its pipe.
  child.stdin.on('error', () => undefined)
  return { child, ended, complaint: () => lines.join('\n'), stop: () => stop(child, ended) }
}

const stop = async (child: ChildProcessWithoutNullStreams, ended: Promise<void>): Promise<void> => {
  const running = child.exitCode === null && child.signalCode === null && child.pid !== undefined
  if (!running) return ended
  child.stdin.end()
  child.kill('SIGTERM')
  const last = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS)
  await ended
  clearTimeout(last)
}

/** Waits for a line on standard output; false when the program ended without it. */
export const saysLine = async ({ child, ended }: Jvm, expected: string): Promise<boolean> => {
  const lines = createInterface(child.stdout)
  const said = once(lines, expected).then(() => true)
  lines.on('line', (line) => lines.emit(line))
  return Promise.race([said, ended.then(() => false)])
}
