/**
 * Writes a tick to standard output each millisecond, as soon as a line comes on standard input: 8 bytes, the time at which it was due, in ms of the
 * system's monotonic clock, which all processes share. One for all clients, in a process of its own: what none of them does, no client's own timers can
 * spoil, and a client that falls behind finds its ticks in the pipe.
 */
import { readSync, writeSync } from 'node:fs'
import { hrtime } from 'node:process'

const now = (): number => Number(hrtime.bigint()) / 1e6
const sleeper = new Int32Array(new SharedArrayBuffer(4))
const sleepUntil = (at: number): void => {
  for (let left = at - now(); left > 0; left = at - now()) Atomics.wait(sleeper, 0, 0, left)
}

const tick = Buffer.alloc(8)
const ticks = Number(process.argv.at(-1))
readSync(0, Buffer.alloc(1))
const start = now() + 1
for (let i = 0; i < ticks; i++) {
  sleepUntil(start + i)
  tick.writeDoubleLE(start + i)
  writeSync(1, tick)
}
