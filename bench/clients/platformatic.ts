import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { install, versionOf, wantedOf } from '../../kafka/peers'
import type { Client } from './client'
import { nodeOf } from './kafkarx'
import { nodeProgram } from './node-program'

/** It wants a newer Node than the oldest of ours. */
export const platformatic: Client = {
  name: 'platformatic',
  title: '@platformatic/kafka',
  share: 0.25,
  prepare: () => {
    const node = nodeOf(24, 'node')
    const installed = install('platformatic')
    if (!installed.ok) throw new Error(installed.reason)
    const library = pathToFileURL(join(installed.folder, 'node_modules', '@platformatic', 'kafka', 'dist', 'index.js')).href
    return { version: `${wantedOf('platformatic')}, Node ${versionOf(node)}`, run: nodeProgram({ program: 'platformatic', library, node }) }
  },
}
