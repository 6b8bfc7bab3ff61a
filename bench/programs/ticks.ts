import { hrtime, stdin, stdout } from 'node:process'

const TICK_BYTES = 8

/**
 * Says that it is ready, and calls for each tick that comes on standard input with the time at which it was due, on the scale of
 * `performance.now()`. A program that was held reads all that it missed, with the times at which they were due.
 */
export const onTicks = (count: number, onTick: (dueAt: number) => void): void => {
  const offset = Number(hrtime.bigint()) / 1e6 - performance.now()
  let seen = 0
  stdin.on('data', (chunk: Buffer) => {
    for (let at = 0; at + TICK_BYTES <= chunk.length && seen < count; at += TICK_BYTES, seen++) onTick(chunk.readDoubleLE(at) - offset)
  })
  stdout.write('READY\n')
}
