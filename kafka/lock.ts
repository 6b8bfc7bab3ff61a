import { open, readFile, rm, stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

const POLL_MS = 100
const WRITING_PID_MS = 5_000

const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const take = async (file: string): Promise<boolean> => {
  try {
    const handle = await open(file, 'wx')
    await handle.writeFile(String(process.pid))
    await handle.close()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** The owner was killed; an empty file belongs to one that is just writing its pid, or was killed while it did. */
const isAbandoned = async (file: string): Promise<boolean> => {
  const owner = await readFile(file, 'utf8')
  if (owner !== '') return !alive(Number(owner))
  const { mtimeMs } = await stat(file)
  return Date.now() - mtimeMs > WRITING_PID_MS
}

const dropWhenAbandoned = async (file: string): Promise<void> => {
  // Reading fails when the owner has just removed the file: then there is nothing to drop.
  if (await isAbandoned(file).catch(() => false)) await rm(file, { force: true })
}

/** Runs `work` while no other process of this machine is inside the same lock file. */
export const locked = async <T>(file: string, work: () => Promise<T>): Promise<T> => {
  while (!(await take(file))) {
    await dropWhenAbandoned(file)
    await sleep(POLL_MS)
  }
  try {
    return await work()
  } finally {
    await rm(file, { force: true })
  }
}
