/**
 * The text of a `.properties` file as Java reads it (java.util.Properties.load): `=`, `:` or blanks between key and value, lines that go on
 * behind a backslash, escapes, comments. The last of several values of a key holds.
 */
import { ConfigError } from '../errors'

/** Throws a ConfigError that names every line with an escape that cannot be read. */
export function parseProperties(text: string): ReadonlyMap<string, string> {
  const entries = new Map<string, string>()
  const problems: string[] = []
  for (const { content, number } of logicalLines(text)) {
    const broken = BROKEN_UNICODE.exec(content)
    if (broken === null) entries.set(...entryOf(content))
    else problems.push(`line ${String(number)}: \\u takes four hexadecimal digits; a backslash itself is written \\\\`)
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return entries
}

interface LogicalLine {
  readonly content: string
  /** Of the first natural line of it, from 1. */
  readonly number: number
}

/** A comment never goes on; what looks like one on a line that goes on is none, unless nothing stands before it. */
function logicalLines(text: string): readonly LogicalLine[] {
  const lines: LogicalLine[] = []
  let open: LogicalLine | undefined
  for (const [index, natural] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    const trimmed = natural.replace(/^[ \t\f]+/, '')
    if (open?.content === '') open = undefined
    if (open === undefined && /^(?:[#!]|$)/.test(trimmed)) continue
    const { content, number }: LogicalLine = open ?? { content: '', number: index + 1 }
    const goesOn = GOES_ON.test(trimmed)
    open = { content: content + (goesOn ? trimmed.slice(0, -1) : trimmed), number }
    if (goesOn) continue
    lines.push(open)
    open = undefined
  }
  return open === undefined ? lines : [...lines, open]
}

/** An odd number of backslashes at the end: the last one is not escaped itself. */
const GOES_ON = /(?<!\\)(?:\\\\)*\\$/
/** Pairs of backslashes are passed over, so that the one before the `u` is an escape. */
const BROKEN_UNICODE = /(?<!\\)(?:\\\\)*\\u(?![0-9a-fA-F]{4})/
/** The key ends at the first separator that is not escaped. */
const ENTRY = /^((?:\\.|[^\\=: \t\f])*)[ \t\f]*[=:]?[ \t\f]*(.*)$/s

function entryOf(content: string): [string, string] {
  const [, key = '', value = ''] = ENTRY.exec(content) ?? []
  return [unescaped(key), unescaped(value)]
}

const SPECIAL: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' }

const unescaped = (text: string): string =>
  text.replace(/\\(?:u([0-9a-fA-F]{4})|(.?))/gs, (_whole, hex: string | undefined, one: string | undefined) =>
    hex === undefined ? (SPECIAL[one ?? ''] ?? one ?? '') : String.fromCharCode(parseInt(hex, 16)),
  )
