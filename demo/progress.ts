import { clearLine, cursorTo } from 'node:readline'
import { defer, finalize, interval } from 'rxjs'
import type { MonoTypeOperatorFunction } from 'rxjs'
import type { Counts } from './tally'

const TERMINAL_EVERY_MS = 100
const PLAIN_EVERY_MS = 1_000

const number = (value: number): string => Math.round(value).toLocaleString('en-US')

/** `read` is the part of the input that was read, from 0 to 1. */
export const progressLine = ({ sent, delivered, failed, bytes }: Counts, read: number, seconds: number): string => {
  const rate = seconds > 0 ? `  ${number(delivered / seconds)} records/s  ${(bytes / seconds / 1024 ** 2).toFixed(1)} MB/s` : ''
  const bad = failed > 0 ? `  ${number(failed)} FAILED` : ''
  return `  ${String(Math.floor(read * 100)).padStart(3)} % read  ${number(sent)} sent  ${number(delivered)} delivered${bad}${rate}`
}

const draw = (out: NodeJS.WriteStream, line: string): void => {
  cursorTo(out, 0)
  clearLine(out, 0)
  out.write(line)
}

/** While the stream lives: one line that is redrawn on a terminal, a line a second elsewhere. */
export const showProgress =
  <T>(out: NodeJS.WriteStream, line: () => string): MonoTypeOperatorFunction<T> =>
  (source) =>
    defer(() => {
      const show = () => (out.isTTY ? draw(out, line()) : void out.write(`${line()}\n`))
      const ticks = interval(out.isTTY ? TERMINAL_EVERY_MS : PLAIN_EVERY_MS).subscribe(show)
      return source.pipe(
        finalize(() => {
          ticks.unsubscribe()
          show()
          if (out.isTTY) out.write('\n')
        }),
      )
    })
