import { relative } from 'node:path'
import { parseArgs } from 'node:util'
import { of } from 'rxjs'
import { publishedRuntime } from '../../codegen/emit/runtime'
import { readSchemas, writeFiles } from '../../codegen/files'
import { generate } from '../../codegen/generate'
import type { Target } from '../../codegen/generate'
import { line, UsageError } from './command'
import type { Command } from './command'

const RUNTIME = 'kafkarx/protocol'

const help = `Usage: kafkarx codegen --schemas DIR --out DIR [--import-extension js|ts|none]

Turns message schemas of Kafka into TypeScript: an interface and a codec for each message.
The files that it writes import '${RUNTIME}' and nothing else.

  --schemas DIR            the schemas: every *.json in it and below, as Kafka has them (with comments
                           and prose) or in the canonical form of kafkarx (facts alone)
  --out DIR                messages/<Name>.ts, messages.ts (all of them) and apis.ts (by API key) are
                           written there; what was generated there before and is stale is deleted,
                           and no other file is touched
  --import-extension EXT   how messages.ts names the files of the messages: js (the default), ts or none
  --help                   prints this`

const OPTIONS = {
  schemas: { type: 'string' },
  out: { type: 'string' },
  'import-extension': { type: 'string', default: 'js' },
} as const

const EXTENSIONS: Readonly<Record<string, Target['importExtension']>> = { js: '.js', ts: '.ts', none: '' }

export const codegen: Command = {
  summary: 'turns message schemas of Kafka into TypeScript',
  help,
  run: (args) => {
    const { schemas, out, importExtension } = parse(args)
    const target: Target = { runtime: publishedRuntime(RUNTIME), importExtension, schemas: '', command: 'npx kafkarx codegen' }
    const files = generate(readSchemas(schemas), target)
    const changed = writeFiles(out, files)
    return of(line(`${String(files.size)} files in ${relative(process.cwd(), out) || '.'}, ${String(changed)} changed`))
  },
}

interface Options {
  readonly schemas: string
  readonly out: string
  readonly importExtension: Target['importExtension']
}

function parse(args: readonly string[]): Options {
  const { values } = parseArgs({ args: [...args], options: OPTIONS })
  const { schemas, out, 'import-extension': extension } = values
  if (schemas === undefined) throw new UsageError('--schemas DIR is missing: the folder of the schemas')
  if (out === undefined) throw new UsageError('--out DIR is missing: the folder to write to')
  const importExtension = EXTENSIONS[extension]
  if (importExtension === undefined) throw new UsageError(`--import-extension is js, ts or none, and not '${extension}'`)
  return { schemas, out, importExtension }
}
