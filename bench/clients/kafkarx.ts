import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { install, nodeIn, versionOf } from '../../kafka/peers'
import type { Peer } from '../../kafka/peers'
import type { Client } from './client'
import { nodeProgram } from './node-program'
import { built, builtIn, ROOT } from './programs'

/** A Node of that major version: the one that runs this, or npm's package. */
export const nodeOf = (major: number, peer: Peer): string => {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath
  const installed = install(peer)
  if (!installed.ok) throw new Error(installed.reason)
  return nodeIn(installed.folder)
}

/** The commit that is measured; `-dirty` where its library has changes. */
const commitOf = (checkout: string): string => {
  const git = (...words: readonly string[]): string => execFileSync('git', words, { cwd: checkout, encoding: 'utf8' }).trim()
  try {
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', '--', 'lib') === '' ? '' : '-dirty'}`
  } catch {
    return 'of no commit'
  }
}

const kafkarx = (name: 'kafkarx' | 'kafkarx-24', major: number, peer: Peer): Client => ({
  name,
  title: `kafkarx, Node ${major}`,
  share: 1,
  prepare: () => {
    const node = nodeOf(major, peer)
    return { version: `${commitOf(ROOT)}, Node ${versionOf(node)}`, run: nodeProgram({ program: 'kafkarx', library: built(), node }) }
  },
})

/** Ours with `linger: 'adaptive'`, whatever a case says. */
const adaptive = (client: Client): Client => ({
  ...client,
  name: 'kafkarx-adaptive',
  title: `${client.title}, adaptive`,
  prepare: async () => {
    const { version, run } = await client.prepare()
    return { version: `${version}, linger adaptive`, run: (job) => run({ ...job, linger: 'adaptive' }) }
  },
})

export const kafkarx20 = kafkarx('kafkarx', 20, 'node20')
export const kafkarx24 = kafkarx('kafkarx-24', 24, 'node')
export const kafkarxAdaptive = adaptive(kafkarx20)

/** Another tree of this project, in which `npm run build` was run. */
export const otherTree = (checkout: string): Client => ({
  name: 'other',
  title: 'the other tree',
  share: 1,
  prepare: () => {
    const node = nodeOf(20, 'node20')
    return {
      version: `${commitOf(checkout)}, Node ${versionOf(node)}`,
      run: nodeProgram({ program: 'kafkarx', library: builtIn(resolve(checkout), 'index.js'), node }),
    }
  },
})
