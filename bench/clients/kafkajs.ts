import { join } from 'node:path'
import { install, wantedOf } from '../../kafka/peers'
import type { Client } from './client'
import { nodeProgram } from './node-program'

export const kafkajs: Client = {
  name: 'kafkajs',
  title: 'kafkajs',
  share: 0.1,
  prepare: () => {
    const installed = install('kafkajs')
    if (!installed.ok) throw new Error(installed.reason)
    const library = join(installed.folder, 'node_modules', 'kafkajs', 'index.js')
    return { version: `${wantedOf('kafkajs')}, Node ${process.version}`, run: nodeProgram({ program: 'kafkajs', library }) }
  },
}
