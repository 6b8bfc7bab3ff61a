import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { lineSplitter } from '../../kafka/lines'
import { compiledPrograms } from './programs'

const PATIENCE_MS = 45_000
const COMPLAINT_CHARACTERS = 10_000

export interface Command {
  readonly command: string
  readonly words: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** How many ticks it asks for with a line READY; it finds them on its standard input. */
  readonly ticks?: number
}

const started = async ({
  command,
  words,
  environment = {},
  ticks = 0,
}: Command): Promise<{ child: ChildProcess; metronome?: ChildProcess }> => {
  const env = { ...process.env, ...environment }
  if (ticks === 0) return { child: spawn(command, words, { env, stdio: ['pipe', 'pipe', 'pipe'] }) }
  const program = join(await compiledPrograms(), 'metronome.js')
  const metronome = spawn(process.execPath, [program, String(ticks)], { stdio: ['pipe', 'pipe', 'inherit'] })
  const child = spawn(command, words, { env, stdio: [metronome.stdout, 'pipe', 'pipe'] })
  // The client has it now. To read from it here would take its ticks away.
  metronome.stdout.destroy()
  metronome.stdin.on('error', () => undefined)
  return { child, metronome }
}

/** Of all that a program complained of the line that names the error; a library may have logged before it, and a stack may follow. */
export const errorIn = (complaint: string): string | undefined => {
  const lines = complaint.split('\n').filter((line) => line.trim() !== '')
  return (lines.find((line) => /^\w*(Error|Exception)\b/.test(line)) ?? lines.at(-1))?.trim()
}

/** Runs a program to its end and resolves with the lines that it printed. One that is not done in time is ended, and so is its metronome. */
export const linesOf = async (asked: Command): Promise<readonly string[]> => {
  const { child, metronome } = await started(asked)
  const lines: string[] = []
  const splitter = lineSplitter((line) => {
    lines.push(line)
    if (line === 'READY') metronome?.stdin?.write('\n')
  })
  let complaint = ''
  child.stdout?.on('data', (chunk: Buffer) => splitter.write(chunk))
  child.stderr?.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-COMPLAINT_CHARACTERS)))
  return new Promise((resolve, reject) => {
    let late = false
    const patience = setTimeout(() => {
      late = true
      child.kill('SIGKILL')
    }, PATIENCE_MS)
    const end = (why?: string) => {
      clearTimeout(patience)
      metronome?.kill('SIGKILL')
      splitter.end()
      if (why === undefined) resolve(lines)
      else reject(new Error(late ? `not done in ${PATIENCE_MS / 1000} s` : why))
    }
    child.once('error', (error) => end(error.message))
    child.once('close', (code, signal) => end(code === 0 ? undefined : (errorIn(complaint) ?? `ended with ${String(code ?? signal)}`)))
  })
}
