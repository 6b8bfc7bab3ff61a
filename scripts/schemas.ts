/**
 * Takes the message schemas and the error codes out of a released Kafka jar and keeps their facts in `schemas/`.
 *
 *   npm run schemas -- [--kafka VERSION] [--out DIR] [--check]
 *   npm run schemas -- --compare DIR DIR
 *
 * `--check` writes nothing and fails when `schemas/` is not what the jar yields. Otherwise a table says how the committed schemas and
 * those of the jar differ; `--compare` prints it of any two folders. Needs Java and Maven; users of the library need neither.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readSchemas } from '../codegen/files'
import { ERROR_CODES, SOURCE, type Files } from '../codegen/schema/folder'
import { SchemaError } from '../codegen/schema/node'
import { readSchema } from '../codegen/schema/read'
import { canonicalText } from './schemas/canonical'
import { changesBetween } from './schemas/changes'
import { changesTable } from './schemas/changes-table'
import { ARTIFACT, fetchJar, readErrorCodes, schemasOf, type ErrorCode, type Jar } from './schemas/kafka'
import { repaired } from './schemas/repairs'

const root = resolve(__dirname, '..')
const committed = join(root, 'schemas')

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      kafka: { type: 'string' },
      out: { type: 'string', default: committed },
      check: { type: 'boolean', default: false },
      compare: { type: 'boolean', default: false },
    },
  })
  if (values.compare) return compare(positionals)
  if (positionals.length > 0) throw new SchemaError(positionals.join(' '), '', 'is no option')
  const version = values.kafka ?? committedVersion(values.out)
  if (values.out === committed && !values.check && values.kafka !== undefined && values.kafka !== committedVersion(committed)) {
    throw new SchemaError(
      `--kafka ${values.kafka}`,
      '',
      'would replace the schemas that the library is built from: say where to with --out DIR',
    )
  }
  const cache = join(root, '.cache', 'kafka-clients')
  const files = extract(fetchJar(version, cache), cache)
  if (values.check) return check(values.out, files)
  const before = existsSync(committed) ? readSchemas(committed) : undefined
  write(values.out, files)
  if (before !== undefined) console.log(comparison(before, files))
}

function compare([before, after, ...rest]: readonly string[]): void {
  if (before === undefined || after === undefined || rest.length > 0) throw new SchemaError('--compare', '', 'wants two folders')
  console.log(changesTable(changesBetween(readSchemas(before), readSchemas(after))))
}

/** The older release first, whichever was asked for. */
function comparison(one: Files, other: Files): string {
  const isInOrder = releaseOf(one).localeCompare(releaseOf(other), 'en', { numeric: true }) <= 0
  return changesTable(isInOrder ? changesBetween(one, other) : changesBetween(other, one))
}

function releaseOf(files: Files): string {
  return (JSON.parse(files.get(SOURCE) ?? '{"version":""}') as { readonly version: string }).version
}

/** The version is written down once, in `SOURCE.json`. */
function committedVersion(out: string): string {
  const source = [join(out, SOURCE), join(committed, SOURCE)].find((path) => existsSync(path))
  if (source === undefined) throw new SchemaError('--kafka VERSION', '', 'is needed: there is no SOURCE.json to take it from')
  return (JSON.parse(readFileSync(source, 'utf8')) as { readonly version: string }).version
}

function extract(jar: Jar, cache: string): Files {
  const files = new Map<string, string>()
  const mended = new Map<string, readonly string[]>()
  for (const [file, released] of schemasOf(jar, cache)) {
    const { text, why } = repaired(released, file, jar.version)
    for (const reason of why) mended.set(reason, [...(mended.get(reason) ?? []), file])
    const canonical = canonicalText(text, file)
    readSchema(canonical, file)
    files.set(file, canonical)
  }
  for (const [reason, those] of mended) console.log(`mended: ${those.join(', ')}: ${reason}`)
  const schemas = files.size
  files.set(ERROR_CODES, errorCodesText(readErrorCodes(jar, cache)))
  files.set(SOURCE, sourceText(jar, files, schemas))
  return files
}

function errorCodesText(errorCodes: readonly ErrorCode[]): string {
  const sorted = [...errorCodes].sort((a, b) => a.errorCode - b.errorCode)
  const lines = sorted.map(
    ({ errorCode, name, retriable, invalidMetadata }) =>
      `  { "errorCode": ${String(errorCode)}, "name": "${name}", "retriable": ${String(retriable)}, "invalidMetadata": ${String(invalidMetadata)} }`,
  )
  return `[\n${lines.join(',\n')}\n]\n`
}

function sourceText(jar: Jar, files: Files, schemas: number): string {
  const digest = createHash('sha256')
  for (const [file, text] of files) digest.update(`${file}\n${text}`)
  const source = { artifact: ARTIFACT, version: jar.version, jarSha256: jar.sha256, schemas, schemasSha256: digest.digest('hex') }
  return `${JSON.stringify(source, null, 2)}\n`
}

/** What is stale goes, in a folder that this script wrote: SOURCE.json says so. In any other folder nothing is deleted or written. */
function write(out: string, files: Files): void {
  const present = committedFiles(out)
  if (present.length > 0 && !present.includes(SOURCE)) throw new SchemaError(out, '', 'holds other *.json files: choose an empty folder')
  for (const file of present) if (!files.has(file)) rmSync(join(out, file))
  for (const [file, text] of files) {
    mkdirSync(dirname(join(out, file)), { recursive: true })
    writeFileSync(join(out, file), text)
  }
  console.log(`${String(files.size)} files written to ${relative(process.cwd(), out) || '.'}`)
}

function check(out: string, files: Files): void {
  const names = [...new Set([...files.keys(), ...committedFiles(out)])].sort()
  const differences = names.flatMap((file) => difference(file, committedText(join(out, file)), files.get(file)))
  if (differences.length === 0) return console.log(`${String(files.size)} files are what the jar yields`)
  console.error(`${differences.join('\n')}\n\nschemas/ is not what the jar yields (- committed, + jar). Run: npm run schemas`)
  process.exitCode = 1
}

function committedFiles(out: string): readonly string[] {
  if (!existsSync(out)) return []
  return readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'))
}

function committedText(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

/** A line is a field: the lines that only one side has say what changed. */
function difference(file: string, committed: string | undefined, yielded: string | undefined): readonly string[] {
  if (committed === yielded) return []
  if (committed === undefined) return [`${file}: missing`]
  if (yielded === undefined) return [`${file}: not in the jar`]
  const [before, after] = [committed.split('\n'), yielded.split('\n')]
  const gone = before.filter((line) => !after.includes(line)).map((line) => `  - ${line.trim()}`)
  const come = after.filter((line) => !before.includes(line)).map((line) => `  + ${line.trim()}`)
  return [`${file}:`, ...gone, ...come]
}

try {
  main()
} catch (error) {
  if (!(error instanceof SchemaError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
