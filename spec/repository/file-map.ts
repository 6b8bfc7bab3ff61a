import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(__dirname, '..', '..')

const MAPPED = /^(lib|codegen|kafka|demo|bench|scripts|examples)\//

/** The part of a Markdown text below a heading, up to the next heading of the same or a higher rank. */
export function sectionOf(markdown: string, heading: string): string {
  const lines = markdown.split('\n')
  const start = lines.indexOf(heading)
  if (start < 0) return ''
  const rank = heading.indexOf(' ')
  const end = lines.findIndex((line, i) => i > start && new RegExp(`^#{1,${rank}} `).test(line))
  return lines.slice(start + 1, end < 0 ? undefined : end).join('\n')
}

/**
 * The files that a map names: what stands in backticks at the very beginning of a list item or a table row, one file or
 * several with commas between. What is mentioned later in the line is prose.
 */
export function namedFiles(map: string): string[] {
  const entry = /^\s*(?:\|\s*|[-*]\s+)((?:`[^`]+`(?:\s*,\s*|\s+and\s+)?)+)/
  return map
    .split('\n')
    .flatMap((line) => entry.exec(line)?.[1]?.match(/[^`]+(?=`)/g) ?? [])
    .filter((name) => MAPPED.test(name) && !name.endsWith('/'))
}

/** Made by machine, and described as a whole. */
const isMade = (file: string): boolean => /^(lib\/generated|bench\/results)\//.test(file)

/** Every file of the mapped folders that is in git or would be added to it. */
export function filesOfTree(): string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z']
  const all = execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\0')
  return all.filter((file) => MAPPED.test(file) && !isMade(file) && existsSync(join(root, file))).sort()
}

/** What is wrong with a map of the given files, a line for each fault. */
export function faultsOfMap(named: readonly string[], files: readonly string[]): string[] {
  const times = (file: string) => named.filter((name) => name === file).length
  const missing = files.filter((file) => times(file) === 0).map((file) => `${file}: is not in the map`)
  const repeated = [...new Set(named)].filter((file) => times(file) > 1).map((file) => `${file}: stands in the map more than once`)
  const gone = [...new Set(named)]
    .filter((file) => !files.includes(file))
    .map((file) => `${file}: is in the map, but there is no such file`)
  return [...missing, ...repeated, ...gone]
}
