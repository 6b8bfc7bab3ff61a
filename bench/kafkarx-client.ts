import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript'
import { measurement } from './measurement'
import type { Load, Measurement, RawMeasurement } from './measurement'

const run = promisify(execFile)

const ROOT = join(__dirname, '..')
/** The library as a checkout has built it. */
const builtIn = (checkout: string): string => join(checkout, 'dist', 'cjs', 'index.js')
const FOLDER = join(ROOT, '.cache', 'bench')

/**
 * A client's program, a file of this folder, as plain JavaScript: a loader in its process would count as our memory. It lies within the repository, so that it
 * finds the same rxjs as the library does.
 */
export const compileClient = async (name: 'kafkarx-perf' | 'kafkarx-pressure'): Promise<string> => {
  if (!existsSync(builtIn(ROOT))) throw new Error('the library is not built: `npm run build` (`npm run bench` does it)')
  const source = await readFile(join(__dirname, `${name}.ts`), 'utf8')
  const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 }
  const program = join(FOLDER, `${name}.cjs`)
  await mkdir(FOLDER, { recursive: true })
  await writeFile(program, transpileModule(source, { compilerOptions }).outputText)
  return program
}

/** Runs it with the library as users get it, in a process of its own: what it was told, and what it printed. */
export const runProgram = async <T>(program: string, told: object, checkout = ROOT): Promise<T> => {
  const { stdout } = await run(process.execPath, [program, builtIn(checkout), JSON.stringify(told)])
  return JSON.parse(stdout) as T
}

/** Our producer, with its own defaults. */
export const runKafkarx = async (program: string, load: Load, checkout?: string): Promise<Measurement> =>
  measurement(load, await runProgram<RawMeasurement>(program, load, checkout))
