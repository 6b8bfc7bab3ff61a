import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript'

/** As tsconfig.build.json: what users get, but for types and declarations. */
const compilerOptions = { module: ModuleKind.Node16, target: ScriptTarget.ES2022, esModuleInterop: true }

/**
 * The TypeScript below a folder as JavaScript below another, file by file and unchecked: in seconds, and by this tree's compiler, whatever
 * commit it is of.
 */
export async function compile(from: string, to: string): Promise<void> {
  const files = await readdir(from, { recursive: true })
  for (const file of files.filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))) {
    const path = join(to, file.replace(/\.ts$/, '.js'))
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, transpileModule(await readFile(join(from, file), 'utf8'), { compilerOptions, fileName: file }).outputText)
  }
}
