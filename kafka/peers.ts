import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = join(__dirname, '..', '.cache', 'peers')

/** Each lies in a folder of its own: where one cannot be installed, the others are not touched. */
const PEERS = {
  kafkajs: { wanted: 'kafkajs@2.2.4', proof: 'kafkajs/package.json' },
  platformatic: { wanted: '@platformatic/kafka@2.12.1', proof: '@platformatic/kafka/package.json' },
  node: { wanted: 'node@24', proof: 'node/bin/node' },
  node20: { wanted: 'node@20', proof: 'node/bin/node' },
  // These two are compiled here, against the Node that runs this: no binaries are fetched.
  'node-rdkafka': { wanted: 'node-rdkafka@3.6.1', proof: 'node-rdkafka/build/Release/node-librdkafka.node' },
  confluent: {
    wanted: '@confluentinc/kafka-javascript@1.10.1',
    proof: '@confluentinc/kafka-javascript/build/Release/confluent-kafka-javascript.node',
  },
} as const

/** A compiler that fails says much. */
const MOST_OUTPUT = 64 * 1024 * 1024

export type Peer = keyof typeof PEERS

export type Installed = { readonly ok: true; readonly folder: string } | { readonly ok: false; readonly reason: string }

/** What npm said, less the name of the file in which it says more. */
const lastLine = (error: unknown): string => {
  const lines = (error instanceof Error ? error.message : String(error)).trim().split('\n')
  return lines.findLast((line) => !line.includes('complete log')) ?? ''
}

/**
 * Another client, or the Node that it wants: installed once, outside of the project's own packages, with the version in the folder's name. At once and
 * not as a Promise: jest asks while it still collects what there is to run. It is filled under another name, so a folder that exists is whole.
 * `environment` is for those that are compiled.
 */
export const install = (peer: Peer, environment: Readonly<Record<string, string>> = {}): Installed => {
  const { wanted, proof } = PEERS[peer]
  const folder = join(FOLDER, wanted.replaceAll('/', '-'))
  if (existsSync(folder)) return { ok: true, folder }
  const unfinished = `${folder}.${String(process.pid)}`
  mkdirSync(unfinished, { recursive: true })
  try {
    const quiet = ['--no-save', '--no-audit', '--no-fund', '--loglevel=error']
    execFileSync('npm', ['install', ...quiet, '--prefix', unfinished, wanted], {
      stdio: 'pipe',
      encoding: 'utf8',
      env: { ...process.env, ...environment },
      maxBuffer: MOST_OUTPUT,
    })
    if (!existsSync(join(unfinished, 'node_modules', proof))) return { ok: false, reason: `${wanted} was installed without ${proof}` }
    if (!existsSync(folder)) renameSync(unfinished, folder)
    return { ok: true, folder }
  } catch (error) {
    return { ok: false, reason: `${wanted} cannot be installed: ${lastLine(error)}` }
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
}

export const nodeIn = (folder: string): string => join(folder, 'node_modules', '.bin', 'node')

export const versionOf = (node: string): string => execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()

export const wantedOf = (peer: Peer): string => PEERS[peer].wanted
