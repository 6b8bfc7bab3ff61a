import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript'
import type { Order, Told } from './order'

const run = promisify(execFile)

const ROOT = join(__dirname, '..', '..')
const FOLDER = join(ROOT, '.cache', 'bench', 'profile')

/** The library as this tree has built it. */
export const LIBRARY = join(ROOT, 'dist', 'cjs')

export type Program = 'producer-load' | 'ceiling-load'

/** This folder as plain JavaScript, where it finds the same RxJS as the library does. */
export const compilePrograms = async (): Promise<void> => {
  if (!existsSync(LIBRARY)) throw new Error('the library is not built: `npm run build` (`npm run profile` does it)')
  await mkdir(FOLDER, { recursive: true })
  const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 }
  for (const fileName of await readdir(__dirname)) {
    const source = await readFile(join(__dirname, fileName), 'utf8')
    await writeFile(join(FOLDER, fileName.replace(/\.ts$/, '.js')), transpileModule(source, { compilerOptions, fileName }).outputText)
  }
}

export interface Recorded {
  readonly told: Told
  readonly profile: unknown
}

const readProfile = async (file: string): Promise<unknown> =>
  existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as unknown) : undefined

export const record = async (program: Program, order: Omit<Order, 'file' | 'library'>): Promise<Recorded> => {
  const file = join(FOLDER, `${program}.${order.recordBytes}.${order.recording}.json`)
  const { stdout } = await run(process.execPath, [join(FOLDER, `${program}.js`), JSON.stringify({ ...order, file, library: LIBRARY })])
  return { told: JSON.parse(stdout) as Told, profile: await readProfile(file) }
}
