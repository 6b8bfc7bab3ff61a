import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { buildSync } from 'esbuild'
import type { Load, Told, Took } from './load'

const ROOT = join(__dirname, '..', '..')
const LIBRARY = join(ROOT, 'dist', 'cjs', 'index.js')
const PROGRAM = join(ROOT, '.cache', 'bench', 'scale-client.cjs')

/** The client as one plain file: a loader in its process would count as our memory. It lies within the repository, and so finds the library's rxjs. */
export const compileClient = (): void => {
  if (!existsSync(LIBRARY)) throw new Error('the library is not built: `npm run build`')
  const entryPoints = [join(__dirname, 'client.ts')]
  buildSync({ entryPoints, outfile: PROGRAM, bundle: true, platform: 'node', format: 'cjs', target: 'node20', external: ['rxjs'] })
}

/** Runs it to its end. `hear` is told what it tells meanwhile. */
export const runClient = async (load: Load, hear: (told: Told) => void = () => undefined): Promise<Took> => {
  const child = spawn(process.execPath, [PROGRAM, LIBRARY, JSON.stringify(load)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'close') as Promise<[number | null]>
  let took: Took | undefined
  for await (const line of createInterface({ input: child.stdout })) {
    const told = JSON.parse(line) as Told
    if (told.type === 'took') took = told
    hear(told)
  }
  const [code] = await ended
  if (took === undefined || code !== 0) throw new Error(`the client ended with ${String(code)}: ${JSON.stringify(load)}`)
  return took
}
