import { execFileSync } from 'node:child_process'
import { current, ofDebian } from '../install/librdkafka'
import type { Built } from '../install/librdkafka'
import type { Client } from './client'
import { outcomeOf, ticksOf, wordsOf } from './node-program'
import { linesOf } from './process'

const client = (name: 'librdkafka' | 'librdkafka-debian', title: string, build: () => Promise<Built>): Client => ({
  name,
  title,
  share: 1,
  prepare: async () => {
    const { program, libraries } = await build()
    const environment = { LD_LIBRARY_PATH: libraries }
    const version = execFileSync(program, ['version'], { encoding: 'utf8', env: { ...process.env, ...environment } }).trim()
    return {
      version: `librdkafka ${version}`,
      run: async (job) => outcomeOf(await linesOf({ command: program, words: wordsOf(job), environment, ticks: ticksOf(job) })),
    }
  },
})

export const librdkafka = client('librdkafka', 'C librdkafka', current)
export const librdkafkaOfDebian = client('librdkafka-debian', "C librdkafka, Debian's", ofDebian)
