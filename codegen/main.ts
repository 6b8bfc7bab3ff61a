/**
 * Writes the protocol code that the schemas describe.
 *
 *   npm run codegen -- [--schemas DIR] [--out DIR]
 */
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readFiles, writeFiles } from './files'
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
  const schemas = readFiles(values.schemas, '.json')
  if (schemas.size === 0) throw new SchemaError(values.schemas, '', 'holds no schemas')
  const files = generate(schemas)
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
