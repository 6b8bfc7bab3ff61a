import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** `kafkarx broker` as its users have it, in a process of its own. */
export interface OwnBroker {
  /** host:port for `brokers`. */
  readonly bootstrap: string
  readonly pid: number
  /** Ends it as Ctrl-C does; rejects when it did not end as it should. */
  stop(): Promise<void>
}

const LISTENING = /^listening on ([^,\s]+)/m

/** `program` is the JavaScript of the command; it listens on a free port. */
export const startOwnBroker = async (program: string, ...options: readonly string[]): Promise<OwnBroker> => {
  const child = spawn(process.execPath, [program, 'broker', '--port', '0', ...options], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'close') as Promise<[number | null]>
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
  const heard = async (): Promise<boolean> => Promise.race([once(child.stdout, 'data').then(() => true), ended.then(() => false)])
  while (!LISTENING.test(said)) if (!(await heard())) throw new Error(`kafkarx broker has ended before it listened:\n${said}`)
  const stop = async (): Promise<void> => {
    child.kill('SIGINT')
    const [code] = await ended
    if (code !== 0) throw new Error(`kafkarx broker ended with ${String(code)}:\n${said}`)
  }
  return { bootstrap: LISTENING.exec(said)?.[1] ?? '', pid: child.pid ?? 0, stop }
}
