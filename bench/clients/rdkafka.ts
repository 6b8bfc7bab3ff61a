import { delimiter, join } from 'node:path'
import { install, wantedOf } from '../../kafka/peers'
import { compilerEnvironment } from '../install/debian'
import type { Client } from './client'
import { nodeProgram } from './node-program'

interface Binding {
  readonly name: 'node-rdkafka' | 'confluent' | 'confluent-send'
  readonly title: string
  readonly peer: 'node-rdkafka' | 'confluent'
  readonly program: string
}

/** Of @confluentinc/kafka-javascript: the packages of Debian instead of what it would fetch itself. */
const LINKING = { CKJS_LINKING: 'dynamic' }
const FOLDERS = { 'node-rdkafka': ['node-rdkafka'], confluent: ['@confluentinc', 'kafka-javascript'] }

const binding = ({ name, title, peer, program }: Binding): Client => ({
  name,
  title,
  share: 0.25,
  prepare: async () => {
    const environment = await compilerEnvironment()
    const installed = install(peer, { ...environment, ...LINKING })
    if (!installed.ok) throw new Error(installed.reason)
    const folder = join(installed.folder, 'node_modules', ...FOLDERS[peer])
    // Its own librdkafka before that of Debian, which lies beside what it needs besides.
    const paths = { LD_LIBRARY_PATH: [join(folder, 'build', 'deps'), environment['LD_LIBRARY_PATH'] ?? ''].join(delimiter) }
    const run = nodeProgram({ program, library: join(folder, 'lib', 'index.js'), environment: paths })
    return { version: `${wantedOf(peer)}, Node ${process.version}`, run }
  },
})

export const nodeRdkafka = binding({ name: 'node-rdkafka', title: 'node-rdkafka', peer: 'node-rdkafka', program: 'rdkafka' })
export const confluent = binding({ name: 'confluent', title: '@confluentinc produce()', peer: 'confluent', program: 'rdkafka' })
export const confluentSend = binding({
  name: 'confluent-send',
  title: '@confluentinc send()',
  peer: 'confluent',
  program: 'confluent-send',
})
