import { createReadStream } from 'node:fs'
import { open, readdir, readFile } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { lineSplitter } from '../kafka/lines'
import { parseLine } from './record-line'
import type { InputRecord } from './record-line'

export type Chunk = readonly InputRecord[]

/** Records to send, in chunks that are made only when they are asked for. */
export interface Input {
  readonly name: string
  /** How much of the input has been read, from 0 to 1. */
  progress(): number
  chunks(): AsyncIterator<Chunk>
}

const SCHEMAS = join(__dirname, '..', 'schemas')
const CHUNK_RECORDS = 5_000

/** Kafka's message schemas, each a record: its name the key, the text of its file the value. */
export const schemaInput = (): Input => {
  let done = 0
  async function* chunks(): AsyncGenerator<Chunk> {
    const files = (await readdir(SCHEMAS)).filter((name) => name.endsWith('.json') && name !== 'SOURCE.json')
    const texts = await Promise.all(files.map((name) => readFile(join(SCHEMAS, name), 'utf8')))
    yield texts.map((value, i) => ({ key: basename(files[i] ?? '', '.json'), value, headers: [] }))
    done = 1
  }
  return { name: `${relative(process.cwd(), SCHEMAS) || '.'}/*.json`, progress: () => done, chunks }
}

export type OnWrong = (where: string, why: string) => void

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Collects the records of lines, and tells of those that are none. */
const recordReader = (file: string, onWrong: OnWrong) => {
  let records: InputRecord[] = []
  let number = 0
  const splitter = lineSplitter((raw) => {
    const line = (number++ === 0 ? raw.replace(/^\uFEFF/, '') : raw).trim()
    if (line === '') return
    try {
      records.push(parseLine(line))
    } catch (error) {
      onWrong(`${file}:${number}`, message(error))
    }
  })
  const take = (): Chunk => {
    const taken = records
    records = []
    return taken
  }
  return { splitter, take, size: () => records.length }
}

/** A file with one JSON value a line. Rejects when it cannot be read; a line that is no JSON is told of and left out. */
export const fileInput = async (file: string, onWrong: OnWrong): Promise<Input> => {
  const handle = await open(file)
  const { size } = await handle.stat()
  await handle.read(Buffer.alloc(1), 0, 1, 0).finally(() => handle.close())
  let read = 0
  async function* chunks(): AsyncGenerator<Chunk> {
    const lines = recordReader(file, onWrong)
    for await (const bytes of createReadStream(file) as AsyncIterable<Buffer>) {
      read += bytes.length
      lines.splitter.write(bytes)
      if (lines.size() >= CHUNK_RECORDS) yield lines.take()
    }
    lines.splitter.end()
    yield lines.take()
  }
  return { name: file, progress: () => (size === 0 ? 1 : Math.min(1, read / size)), chunks }
}
