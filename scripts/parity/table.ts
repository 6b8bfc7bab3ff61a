/**
 * The rows of docs/parity.md. A section is a test class of Java's producer, a row one of its cases:
 *
 *   | `testFull` | what it shows, in our words | `spec/batch/batch.spec.ts` a batch › knows its size |
 *
 * The last cell names our specs (several with <br> between), or begins with `does not apply:`, `transactions:` or `open:` and says why.
 */

/** One of our specs: its file, and the names of its `describe` blocks and of itself, as they stand in the source. */
export interface NamedSpec {
  readonly file: string
  readonly path: readonly string[]
}

export type Here =
  | { readonly type: 'covered'; readonly specs: readonly NamedSpec[] }
  /** Java has something that we do not have, by design. */
  | { readonly type: 'does not apply'; readonly why: string }
  /** Needs transactions. */
  | { readonly type: 'transactions'; readonly why: string }
  /** Needs topics that are forgotten when nobody uses them. */
  /** Nothing shows it yet. */
  | { readonly type: 'open'; readonly why: string }

export interface Row {
  /** The name of the class without its package. */
  readonly javaClass: string
  readonly name: string
  readonly shows: string
  readonly here: Here
}

const HEADING = /^## (\w+Test)$/
const CASE = /^`(\w+)`$/
const SPEC = /^`(spec\/[^`]+\.spec\.ts)` (.+)$/
const REASON = /^(does not apply|transactions|open): (.+)$/

export const STEP = ' › '

/** Throws where a row is not as above: a table that is misread would look like one that is complete. */
export function rowsOf(markdown: string): readonly Row[] {
  const rows: Row[] = []
  let javaClass = ''
  for (const line of markdown.split('\n')) {
    javaClass = HEADING.exec(line)?.[1] ?? javaClass
    if (line.startsWith('| `')) rows.push(rowOf(line, javaClass))
  }
  return rows
}

function rowOf(line: string, javaClass: string): Row {
  const [first = '', shows = '', last = '', ...rest] = cellsOf(line)
  const name = CASE.exec(first)?.[1]
  if (name === undefined || shows === '' || rest.length > 0) throw new Error(`docs/parity.md: not a row of three cells: ${line}`)
  return { javaClass, name, shows, here: hereOf(last, name) }
}

const cellsOf = (line: string): string[] =>
  line
    .slice(1, line.lastIndexOf('|'))
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'))

function hereOf(cell: string, name: string): Here {
  const reason = REASON.exec(cell)
  if (reason !== null) return { type: reason[1] as Exclude<Here['type'], 'covered'>, why: reason[2] ?? '' }
  return { type: 'covered', specs: cell.split('<br>').map((text) => specOf(text.trim(), name)) }
}

function specOf(text: string, name: string): NamedSpec {
  const [, file, path] = SPEC.exec(text) ?? []
  if (file === undefined || path === undefined) throw new Error(`docs/parity.md: ${name}: neither a spec nor a reason: '${text}'`)
  return { file, path: path.split(STEP) }
}
