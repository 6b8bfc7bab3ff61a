import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = join(__dirname, '..', '..', '.cache', 'runtimes')

interface Runtime {
  readonly kind: 'node' | 'bun' | 'deno'
  /** Within node_modules, once its package is installed. */
  readonly program: string
}

const node: Runtime = { kind: 'node', program: 'node/bin/node' }

/** Each by its package on npm, as it is asked for there. */
export const RUNTIMES = {
  'node@20': node,
  'node@22': node,
  'node@24': node,
  'node@26': node,
  bun: { kind: 'bun', program: '.bin/bun' },
  deno: { kind: 'deno', program: '.bin/deno' },
} as const satisfies Readonly<Record<string, Runtime>>

export type RuntimeName = keyof typeof RUNTIMES

/** The program of a runtime, installed once into a folder of its own; under another name until it is whole. */
export const installed = (name: RuntimeName): string => {
  const folder = join(FOLDER, name)
  const program = join(folder, 'node_modules', RUNTIMES[name].program)
  if (existsSync(program)) return program
  const unfinished = `${folder}.part`
  rmSync(unfinished, { recursive: true, force: true })
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(unfinished, { recursive: true })
  const quiet = ['--no-save', '--no-audit', '--no-fund', '--loglevel=error']
  execFileSync('npm', ['install', ...quiet, '--prefix', unfinished, name], { stdio: ['ignore', 'ignore', 'inherit'] })
  renameSync(unfinished, folder)
  if (!existsSync(program)) throw new Error(`npm's package ${name} was installed without ${RUNTIMES[name].program}`)
  return program
}
