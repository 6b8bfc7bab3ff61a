import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'

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
  const files = (await readdir(SOURCES)).filter((name) => name.endsWith('.ts'))
  await build({ entryPoints: files.map((name) => join(SOURCES, name)), outdir: FOLDER, format: 'cjs', platform: 'node', target: 'node20' })
  return FOLDER
}

let compiled: Promise<string> | undefined

/**
 * The programs of the Node clients as plain JavaScript: a loader in their processes would be measured too. They lie within the repository, so that they find
 * the same rxjs as the library does. `import()` stays what it is, for packages that are ES modules.
 */
export const compiledPrograms = (): Promise<string> => (compiled ??= compile())
