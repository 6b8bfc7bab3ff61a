/** Holds a page of docs/ against the example that it shows. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(__dirname, '..', '..')

/** An import as a user of the package writes it. */
const asUser = (line: string): string =>
  line.replace(/'\.\.\/lib\/[\w/]+' \/\/ in a program of yours: from ('kafkarx[\w/]*')$/, (_, name: string) => name)

/** The lines of the example that the page does not have in a row, in their order. */
export function shownIn(page: string, example: string): { readonly missing: readonly string[] } {
  const shown = readFileSync(join(root, 'docs', page), 'utf8').split('\n')
  const lines = readFileSync(join(root, 'examples', example), 'utf8')
    .trimEnd()
    .split('\n')
    .map(asUser)
  const begin = shown.indexOf(lines[0] ?? '')
  return { missing: begin < 0 ? lines : lines.filter((line, i) => shown[begin + i] !== line) }
}
