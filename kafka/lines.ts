import { StringDecoder } from 'node:string_decoder'

export interface LineSplitter {
  write(chunk: Buffer): void
  /** What stands behind the last line feed is a line too. */
  end(): void
}

/** Lines of UTF-8 text from any chunking. node:readline would also split at U+2028 and U+2029, which may stand within JSON. */
export const lineSplitter = (onLine: (line: string) => void): LineSplitter => {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  const take = (text: string) => {
    const lines = text.split('\n')
    const last = lines.pop() ?? ''
    for (const line of lines) {
      onLine(rest + line)
      rest = ''
    }
    rest += last
  }
  return {
    write: (chunk) => take(decoder.write(chunk)),
    end: () => {
      take(decoder.end())
      if (rest !== '') onLine(rest)
      rest = ''
    },
  }
}
