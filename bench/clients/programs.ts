import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript'

export const ROOT = join(__dirname, '..', '..')
const SOURCES = join(__dirname, '..', 'programs')
const FOLDER = join(ROOT, '.cache', 'bench', 'programs')

/** A file of the library as a checkout has built it. */
export const builtIn = (checkout: string, file: string): string => {
  const path = join(checkout, 'dist', 'cjs', file)
  if (!existsSync(path)) throw new Error(`the library is not built in ${checkout}: \`npm run build\` (\`npm run bench\` does it here)`)
  return path
}

export const built = (file = 'index.js'): string => builtIn(ROOT, file)

const compile = async (): Promise<string> => {
  const compilerOptions = { module: ModuleKind.Node16, target: ScriptTarget.ES2022 }
  await mkdir(FOLDER, { recursive: true })
  for (const fileName of await readdir(SOURCES)) {
    if (!fileName.endsWith('.ts')) continue
    const { outputText } = transpileModule(await readFile(join(SOURCES, fileName), 'utf8'), { compilerOptions, fileName })
    await writeFile(join(FOLDER, fileName.replace(/\.ts$/, '.js')), outputText)
  }
  return FOLDER
}

let compiled: Promise<string> | undefined

/**
 * The programs of the Node clients as plain JavaScript: a loader in their processes would be measured too. They lie within the repository, so that they find
 * the same rxjs as the library does. `import()` stays what it is, for packages that are ES modules.
 */
export const compiledPrograms = (): Promise<string> => (compiled ??= compile())
