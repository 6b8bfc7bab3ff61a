import { existsSync, readFileSync } from 'node:fs'

export interface Memory {
  readonly peakMegabytes: number
  readonly megabytes: number
}

/** What a process holds and has held at most, where the system tells. */
export const memoryOf = (pid: number): Memory => {
  const file = `/proc/${pid}/status`
  const status = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const of = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? NaN) / 1024
  return { peakMegabytes: of('VmHWM'), megabytes: of('VmRSS') }
}
