import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { BATCH_KINDS, batchVectorOf, differenceInBatch } from '../../scripts/oracle/batches'
import { differenceInNumber, NUMBER_KINDS, numberVectorOf } from '../../scripts/oracle/numbers'
import type { SampleHead } from '../../scripts/oracle/sample'
import { codecs, differenceFromJava, pairOf, vectorOf, versionsOf } from '../../scripts/oracle/vector'

const SOURCE = join(__dirname, '..', '..', 'schemas', 'SOURCE.json')
const MOST_BYTES = 1_000_000

interface Sample {
  readonly head: SampleHead
  readonly lines: readonly string[]
}

const readSample = (file: string): Sample => {
  const [head = '', ...lines] = readFileSync(join(__dirname, file), 'utf8').trimEnd().split('\n')
  return { head: JSON.parse(head) as SampleHead, lines }
}

const files = readdirSync(__dirname).filter((file) => file.endsWith('.jsonl'))
const vectors = readSample('messages.jsonl').lines.map(vectorOf)
const batches = readSample('record-batches.jsonl').lines.map(batchVectorOf)
const numbers = readSample('numbers.jsonl').lines.map(numberVectorOf)

describe('the sample of vectors that Java wrote', () => {
  it.each(files)('in %s is from the Kafka whose schemas we have', (file) => {
    const { version } = JSON.parse(readFileSync(SOURCE, 'utf8')) as { readonly version: string }
    expect(readSample(file).head.kafka).toBe(version)
  })

  it('has bytes for every message at every version', () => {
    const covered = new Set(vectors.filter(({ bytes }) => bytes !== null).map(pairOf))
    const all = [...codecs.values()].flatMap((codec) => versionsOf(codec).map((version) => pairOf({ message: codec.name, version })))
    expect(all.filter((pair) => !covered.has(pair))).toEqual([])
    expect(covered.size).toBe(all.length)
  })

  it('has record batches and numbers of every kind', () => {
    expect(new Set(batches.map(({ kind }) => kind))).toEqual(new Set(BATCH_KINDS))
    expect(new Set(numbers.map(({ kind }) => kind))).toEqual(new Set(NUMBER_KINDS))
  })

  it('stays small', () => {
    expect(files.reduce((sum, file) => sum + statSync(join(__dirname, file)).size, 0)).toBeLessThan(MOST_BYTES)
  })
})

describe('our codecs give and read the bytes of Java, and refuse what it refuses', () => {
  it.each([...codecs.keys()])('%s', (message) => {
    expect(vectors.filter((vector) => vector.message === message).flatMap((vector) => differenceFromJava(vector) ?? [])).toEqual([])
  })

  it.each(BATCH_KINDS)('record batches, %s', (kind) => {
    expect(batches.filter((vector) => vector.kind === kind).flatMap((vector) => differenceInBatch(vector) ?? [])).toEqual([])
  })

  it.each(NUMBER_KINDS)('%s', (kind) => {
    expect(numbers.filter((vector) => vector.kind === kind).flatMap((vector) => differenceInNumber(vector) ?? [])).toEqual([])
  })
})
