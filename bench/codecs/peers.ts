import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

const FOLDER = join(__dirname, '..', '..', '.cache', 'bench-peers')

/** Each lies in a folder of its own: where one cannot be installed, the others are not touched. */
const PEERS = {
  kafkajs: { wanted: 'kafkajs@2.2.4', proof: 'kafkajs/package.json' },
  platformatic: { wanted: '@platformatic/kafka@2.12.1', proof: '@platformatic/kafka/package.json' },
  node: { wanted: 'node@24', proof: 'node/bin/node' },
} as const

export type Peer = keyof typeof PEERS

export type Installed = { readonly ok: true; readonly folder: string } | { readonly ok: false; readonly reason: string }

const lastLine = (error: unknown): string => (error instanceof Error ? error.message : String(error)).trim().split('\n').at(-1) ?? ''

/** Installs what is compared with, once, outside of the project's own packages. */
export const install = async (peer: Peer): Promise<Installed> => {
  const { wanted, proof } = PEERS[peer]
  const folder = join(FOLDER, peer)
  const found = join(folder, 'node_modules', proof)
  if (existsSync(found)) return { ok: true, folder }
  await mkdir(folder, { recursive: true })
  try {
    await run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error', '--prefix', folder, wanted])
  } catch (error) {
    return { ok: false, reason: `${wanted} cannot be installed: ${lastLine(error)}` }
  }
  return existsSync(found) ? { ok: true, folder } : { ok: false, reason: `${wanted} was installed without ${proof}` }
}

export const nodeIn = (folder: string): string => join(folder, 'node_modules', '.bin', 'node')

export const versionOf = async (node: string): Promise<string> => (await run(node, ['--version'])).stdout.trim()

export const wantedOf = (peer: Peer): string => PEERS[peer].wanted
