#!/usr/bin/env node
// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- the program is where real time comes in; everything behind it takes a scheduler
import { asyncScheduler, fromEvent, merge } from 'rxjs'
import { kafkarx } from './kafkarx'
import { screenOn } from './screen'

const { stdout, stderr } = process
const screen = screenOn(stdout)

// Whoever reads may leave (`kafkarx broker | head`): then it ends, and has nothing more to say.
stdout.on('error', () => undefined)
const interrupted$ = merge(fromEvent(process, 'SIGINT'), fromEvent(process, 'SIGTERM'), fromEvent(stdout, 'error'))

kafkarx(process.argv.slice(2), { terminal: stdout.isTTY, interrupted$, scheduler: asyncScheduler }).subscribe((shown) => {
  if (shown.type !== 'error') return screen.show(shown)
  stderr.write(`${shown.text}\n`)
  process.exitCode = shown.exitCode
})
