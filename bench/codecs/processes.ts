import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript'
import type { Order, Outcome } from './order'

const run = promisify(execFile)

const ROOT = join(__dirname, '..', '..')
const FOLDER = join(ROOT, '.cache', 'bench', 'codecs')

export const BUILT = join(ROOT, 'dist', 'cjs', 'entries', 'protocol.js')

/** This folder as plain JavaScript; the path of the program. As Node's own modules: `import()` must stay what it is, for packages that are ES modules. */
export const compileChild = async (): Promise<string> => {
  if (!existsSync(BUILT)) throw new Error('the library is not built: `npm run build` (`npm run bench` does it)')
  await mkdir(FOLDER, { recursive: true })
  const compilerOptions = { module: ModuleKind.Node16, target: ScriptTarget.ES2022 }
  for (const fileName of await readdir(__dirname)) {
    const source = await readFile(join(__dirname, fileName), 'utf8')
    await writeFile(join(FOLDER, fileName.replace(/\.ts$/, '.js')), transpileModule(source, { compilerOptions, fileName }).outputText)
  }
  return join(FOLDER, 'child.js')
}

export const runChild = async (node: string, program: string, order: Order): Promise<Outcome> => {
  const { stdout } = await run(node, [program, JSON.stringify(order)])
  return JSON.parse(stdout) as Outcome
}
