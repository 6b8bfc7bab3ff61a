import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** A process that stands still. */
export interface Paused {
  /** Lets it go on. */
  resume(): Promise<void>
}

/**
 * Stops a process as Ctrl-Z does: its connections stay open and nobody answers. A shell holds the pause and lets go when its standard input
 * ends, so that what stands still goes on, and can end, however this process ends.
 */
export const pause = async (pid: number): Promise<Paused> => {
  const holder = spawn('sh', ['-c', `kill -STOP ${pid} && echo paused; read -r _; kill -CONT ${pid}`], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const ended = once(holder, 'close')
  await once(holder.stdout, 'data')
  return {
    resume: async () => {
      holder.stdin.end()
      await ended
    },
  }
}
