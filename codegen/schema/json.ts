import { SchemaError } from './node'

const STRING_OR_COMMENT = /("(?:[^"\\]|\\.)*")|\/\/[^\n]*/g

/** JSON as Kafka writes its schemas: with comments to the end of the line. Nothing may follow the value. */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(withoutComments(text))
  } catch (error) {
    // It may quote the lines around the place.
    const why = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ')
    throw new SchemaError(file, '', `is not JSON${place(text, why)}: ${why}`)
  }
}

/** Blanks instead of comments, so that positions stay what they are in the file. */
function withoutComments(text: string): string {
  return text.replace(STRING_OR_COMMENT, (match, string: string | undefined) => string ?? ' '.repeat(match.length))
}

/** Not every error of V8 says at which position it is; one that does not quotes what stands there. */
function place(text: string, why: string): string {
  const position = /at position (\d+)/.exec(why)?.[1]
  if (position === undefined) return ''
  const before = text.slice(0, Number(position)).split('\n')
  return `, line ${String(before.length)}, column ${String((before.at(-1)?.length ?? 0) + 1)}`
}
