/** Lines and pictures on a terminal or in a file. */
import { clearScreenDown, moveCursor } from 'node:readline'
import type { Output } from './command'

/** Where it is written to: standard output, or what stands in for it. */
export interface Paper extends NodeJS.WritableStream {
  /** Of a terminal alone. */
  readonly columns?: number
  readonly rows?: number
}

export interface Screen {
  show(output: Output): void
}

/** The picture stands last, below all lines. What does not fit on the paper is cut off: a line that wraps could not be drawn over. */
export function screenOn(paper: Paper): Screen {
  let picture: readonly string[] = []

  const wipe = (): void => {
    if (picture.length === 0) return
    moveCursor(paper, 0, -picture.length)
    clearScreenDown(paper)
  }
  const write = (lines: readonly string[]): void => {
    for (const text of lines) paper.write(`${text}\n`)
  }
  const fitting = (text: string): readonly string[] => {
    const { columns = Infinity, rows = Infinity } = paper
    return text
      .split('\n')
      .slice(0, rows - 1)
      .map((one) => one.slice(0, columns))
  }

  return {
    show: ({ type, text }) => {
      wipe()
      if (type === 'picture') picture = fitting(text)
      else write([text])
      write(picture)
    },
  }
}
