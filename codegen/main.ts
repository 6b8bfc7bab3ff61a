/**
 * Writes the protocol code that the schemas describe.
 *
 *   npm run codegen -- [--schemas DIR] [--out DIR]
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { parseArgs } from 'node:util'
import { generate, type Files } from './generate'
import { SchemaError } from './schema/node'

const root = resolve(__dirname, '..')

function main(): void {
  const { values } = parseArgs({
    options: {
      schemas: { type: 'string', default: join(root, 'schemas') },
      out: { type: 'string', default: join(root, 'lib', 'generated') },
    },
  })
  const files = generate(readFiles(values.schemas, '.json'))
  const changed = writeFiles(values.out, files)
  console.log(`${String(files.size)} files in ${relative(process.cwd(), values.out) || '.'}, ${String(changed)} changed`)
}

/** Sorted, so that the output does not depend on the file system. */
function readFiles(folder: string, extension: string): Files {
  return new Map(filesIn(folder, extension).map((file) => [file.split(sep).join('/'), readFileSync(join(folder, file), 'utf8')]))
}

function filesIn(folder: string, extension: string): readonly string[] {
  if (!existsSync(folder)) return []
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return files.filter((file) => file.endsWith(extension)).sort()
}

/** What has not changed is not touched, so that whoever watches the files is not woken; what is stale goes. */
function writeFiles(folder: string, files: Files): number {
  const present = readFiles(folder, '.ts')
  const stale = [...present.keys()].filter((file) => !files.has(file))
  const changed = [...files].filter(([file, text]) => present.get(file) !== text)
  for (const file of stale) rmSync(join(folder, file))
  for (const [file, text] of changed) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
  return stale.length + changed.length
}

try {
  main()
} catch (error) {
  if (!(error instanceof SchemaError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
