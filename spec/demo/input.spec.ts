import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileInput, schemaInput } from '../../demo/input'
import type { Input } from '../../demo/input'

const all = async (input: Input) => {
  const chunks = input.chunks()
  const records = []
  for (let pulled = await chunks.next(); !pulled.done; pulled = await chunks.next()) records.push(...pulled.value)
  return records
}

describe('schemaInput', () => {
  it('gives each of the 203 message schemas, keyed by message name', async () => {
    const input = schemaInput()
    const records = await all(input)
    expect(records).toHaveLength(203)
    expect(records.every(({ key, value }) => value?.includes(`"name": "${key ?? ''}"`))).toBe(true)
    expect(input.progress()).toBe(1)
  })
})

describe('fileInput', () => {
  let folder: string
  const wrong = jest.fn()
  const write = async (content: string | Buffer) => {
    const file = join(folder, 'in.jsonl')
    await writeFile(file, content)
    return file
  }
  beforeEach(async () => {
    wrong.mockClear()
    folder = await mkdtemp(join(tmpdir(), 'kafkarx-input-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('gives the good lines and names the others with file and line', async () => {
    const file = await write('{"value":"1"}\n\nnot json\r\n{"value":"4"}\n{')
    const records = await all(await fileInput(file, wrong))
    expect(records.map(({ value }) => value)).toEqual(['1', '4'])
    expect(wrong.mock.calls.map(([where]: string[]) => where)).toEqual([`${file}:3`, `${file}:5`])
  })

  it('keeps a line whole at U+2028, and across the chunks of the file', async () => {
    const lines = ['\u2028', 'ü'.repeat(70_001), '😀'.repeat(50_000)].map((value) => JSON.stringify({ value }))
    const records = await all(await fileInput(await write(lines.join('\n')), wrong))
    expect(records.map(({ value }) => value?.length)).toEqual([1, 70_001, 100_000])
    expect(wrong).not.toHaveBeenCalled()
  })

  it('skips a byte order mark and takes an empty file', async () => {
    expect(await all(await fileInput(await write('\uFEFF{"value":"1"}\r\n'), wrong))).toHaveLength(1)
    expect(await all(await fileInput(await write(''), wrong))).toEqual([])
    expect(wrong).not.toHaveBeenCalled()
  })

  it('reads a chunk only when it is asked for', async () => {
    const line = `{"value":"${'x'.repeat(1000)}"}\n`
    const input = await fileInput(await write(line.repeat(20_000)), wrong)
    const chunks = input.chunks()
    await chunks.next()
    await new Promise(setImmediate)
    expect(input.progress()).toBeLessThan(0.5)
    await chunks.return?.()
  })

  it('rejects for a file that is not there, and for a folder', async () => {
    await expect(fileInput(join(folder, 'absent'), wrong)).rejects.toThrow(/ENOENT/)
    await expect(fileInput(folder, wrong)).rejects.toThrow(/EISDIR/)
  })
})
