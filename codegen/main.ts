/**
 * Writes the protocol code that the schemas describe, to run on the sources of the library.
 * Other people's schemas, for the published package: `npx kafkarx codegen` (lib/cli/).
 *
 *   npm run codegen -- [--schemas DIR] [--out DIR]
 */
import { join, relative, resolve, sep } from 'node:path'
import { parseArgs } from 'node:util'
import { runtimeSources } from './emit/runtime'
import { readSchemas, writeFiles } from './files'
import { generate } from './generate'
import { SchemaError } from './schema/node'

const root = resolve(__dirname, '..')

function main(): void {
  const { values } = parseArgs({
    options: {
      schemas: { type: 'string', default: join(root, 'schemas') },
      out: { type: 'string', default: join(root, 'lib', 'generated') },
    },
  })
  const wire = relative(resolve(values.out), join(root, 'lib', 'wire'))
    .split(sep)
    .join('/')
  const target = { runtime: runtimeSources(wire), importExtension: '', schemas: 'schemas/', command: 'npm run codegen' } as const
  const files = generate(readSchemas(values.schemas), target)
  const changed = writeFiles(values.out, files)
  console.log(`${String(files.size)} files in ${relative(process.cwd(), values.out) || '.'}, ${String(changed)} changed`)
}

try {
  main()
} catch (error) {
  if (!(error instanceof SchemaError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
