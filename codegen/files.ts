import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import type { Files } from './generate'

/** The files of a folder with this extension, sorted, so that nothing depends on the order of the file system. */
export function readFiles(folder: string, extension: string): Files {
  return new Map(filesIn(folder, extension).map((file) => [file.split(sep).join('/'), readFileSync(join(folder, file), 'utf8')]))
}

/** What has not changed is not touched, so that whoever watches the files is not woken; what is stale goes. Returns how many differed. */
export function writeFiles(folder: string, files: Files): number {
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

function filesIn(folder: string, extension: string): readonly string[] {
  if (!existsSync(folder)) return []
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return files.filter((file) => file.endsWith(extension)).sort()
}
