/**
 * Takes the message schemas and the error codes out of a released Kafka jar and keeps their facts in `schemas/`.
 *
 *   npm run schemas -- [--kafka VERSION] [--out DIR] [--check]
 *
 * `--check` writes nothing and fails when `schemas/` is not what the jar yields. Needs Java and Maven; users of the library need neither.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readSchema } from '../codegen/schema/read'
import { canonicalText } from './schemas/canonical'
import { ARTIFACT, fetchJar, readErrorCodes, readSchemas, type ErrorCode, type Jar } from './schemas/kafka'

const root = resolve(__dirname, '..')
const SOURCE = 'SOURCE.json'

type Files = ReadonlyMap<string, string>

function main(): void {
  const { values } = parseArgs({
    options: {
      kafka: { type: 'string' },
      out: { type: 'string', default: join(root, 'schemas') },
      check: { type: 'boolean', default: false },
    },
  })
  const version = values.kafka ?? committedVersion(values.out)
  const cache = join(root, '.cache', 'kafka-clients')
  const files = extract(fetchJar(version, cache), cache)
  if (values.check) check(values.out, files)
  else write(values.out, files)
}

/** The version is written down once, in `SOURCE.json`. */
function committedVersion(out: string): string {
  const source = [join(out, SOURCE), join(root, 'schemas', SOURCE)].find((path) => existsSync(path))
  if (source === undefined) throw new Error('--kafka VERSION is needed: there is no SOURCE.json to take it from')
  return (JSON.parse(readFileSync(source, 'utf8')) as { readonly version: string }).version
}

function extract(jar: Jar, cache: string): Files {
  const files = new Map<string, string>()
  for (const [file, text] of readSchemas(jar, cache)) {
    const canonical = canonicalText(text)
    readSchema(canonical, file)
    files.set(file, canonical)
  }
  const schemas = files.size
  files.set(join('tables', 'error-codes.json'), errorCodesText(readErrorCodes(jar, cache)))
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

function write(out: string, files: Files): void {
  for (const file of committedFiles(out)) if (!files.has(file)) rmSync(join(out, file))
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

main()
