import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { batchesFromJava } from './batches'
import type { Java } from './java'
import { numbersFromJava } from './numbers'
import { codecs } from './vector'

/** What the sample was made of: the first line of each file. */
export interface SampleHead {
  readonly kafka: string
  readonly seed: number
}

const BATCHES_OF_A_KIND = 4
const NUMBERS_OF_A_KIND = 40

/** A few small vectors of everything, as Java writes them, for specs that run without it. */
export const writeSample = async (java: Java, folder: string, head: SampleHead): Promise<readonly string[]> => {
  const { seed } = head
  const write = async (name: string, collect: (onLine: (line: string) => void) => Promise<unknown>): Promise<string> => {
    const lines = [JSON.stringify(head)]
    await collect((line) => lines.push(line))
    const text = `${lines.join('\n')}\n`
    writeFileSync(join(folder, name), text)
    return `${name}: ${String(lines.length - 1)} vectors, ${String(Buffer.byteLength(text))} bytes`
  }
  return [
    await write('messages.jsonl', async (onLine) => {
      for (const message of codecs.keys()) await java.ask({ command: 'vectors', message, seed, sample: true }, onLine)
    }),
    await write('record-batches.jsonl', (onLine) => batchesFromJava(java, { seed, values: BATCHES_OF_A_KIND, sample: true }, onLine)),
    await write('numbers.jsonl', (onLine) => numbersFromJava(java, { seed, values: NUMBERS_OF_A_KIND }, onLine)),
  ]
}
