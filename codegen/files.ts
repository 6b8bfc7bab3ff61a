import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { GENERATED } from './generate'
import type { Files } from './schema/folder'
import { SchemaError } from './schema/node'

/** The schemas of a folder and those below it, sorted, so that nothing depends on the order of the file system. */
export function readSchemas(folder: string): Files {
  if (!isFolder(folder)) throw new SchemaError(folder, '', 'is no folder')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'))
  if (files.length === 0) throw new SchemaError(folder, '', 'holds no schemas (*.json)')
  return new Map(files.sort().map((file) => [file.split(sep).join('/'), readFileSync(join(folder, file), 'utf8')]))
}

/**
 * What has not changed is not touched, so that whoever watches the files is not woken; what was generated before and is stale
 * goes. A file that was not generated is neither deleted nor written over. Returns how many differed.
 */
export function writeFiles(folder: string, files: Files): number {
  const present = presentFiles(folder, files)
  for (const file of files.keys()) checkIsOurs(folder, file, present.get(file))
  const stale = [...present].filter(([file, text]) => !files.has(file) && isOurs(text)).map(([file]) => file)
  const changed = [...files].filter(([file, text]) => present.get(file) !== text)
  for (const file of stale) rmSync(join(folder, file))
  for (const [file, text] of changed) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
  return stale.length + changed.length
}

/** The files of the folders in which something is generated, and of no other: a user's folder may hold anything. */
function presentFiles(folder: string, files: Files): Files {
  const folders = [...new Set(['.', 'messages', ...[...files.keys()].map((file) => dirname(file))])]
  const names = folders.flatMap((name) => namesIn(join(folder, name)).map((file) => (name === '.' ? file : `${name}/${file}`)))
  return new Map(names.map((file) => [file, readFileSync(join(folder, file), 'utf8')]))
}

function namesIn(folder: string): readonly string[] {
  if (!isFolder(folder)) return []
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  return entries.map(({ name }) => name).sort()
}

function checkIsOurs(folder: string, file: string, text: string | undefined): void {
  if (text !== undefined && !isOurs(text)) throw new SchemaError(join(folder, file), '', 'was not generated and is not written over')
}

function isOurs(text: string): boolean {
  return GENERATED.test(text)
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory()
}
