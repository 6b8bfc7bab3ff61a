/**
 * Holds our codecs against Apache Kafka's own classes, both ways, with vectors that are new every time.
 *
 *   npm run oracle -- [--seed N] [--values N] [--out FILE]
 *   npm run oracle -- --sample [--seed N]     writes the small sample that spec/golden checks without Java
 *
 * Needs Java and Maven. The same seed gives the same vectors.
 */
import { randomInt } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { javaOnPath } from '../kafka/java'
import { checkBatches } from './oracle/batches'
import { startJava } from './oracle/java'
import type { Java } from './oracle/java'
import { checkOurs, checkPairs, checkTheirs } from './oracle/messages'
import type { Amount } from './oracle/messages'
import { checkNumbers } from './oracle/numbers'
import { differencesOf, missingPairs, reportText } from './oracle/report'
import type { Report } from './oracle/report'
import { writeSample } from './oracle/sample'

const root = resolve(__dirname, '..')
const GOLDEN = join(root, 'spec', 'golden')
const MOST_SEEDS = 2 ** 31
const SEED_OF_SAMPLE = 44

interface Versions {
  readonly kafka: string
  readonly java: string
}

interface Arguments {
  readonly seed: number | undefined
  readonly values: number
  readonly out: string | undefined
  readonly sample: boolean
}

const readArguments = (): Arguments => {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string' },
      values: { type: 'string', default: '20' },
      out: { type: 'string' },
      sample: { type: 'boolean', default: false },
    },
  })
  const seed = values.seed === undefined ? undefined : wholeNumber('--seed', values.seed)
  return { seed, values: wholeNumber('--values', values.values), out: values.out, sample: values.sample }
}

const wholeNumber = (option: string, text: string): number => {
  if (!/^\d{1,10}$/.test(text) || Number(text) >= MOST_SEEDS) throw new Error(`${option} is a whole number below 2^31, not '${text}'`)
  return Number(text)
}

const compare = async (java: Java, amount: Amount): Promise<Report> => {
  const start = performance.now()
  const { all, tally } = await checkPairs(java)
  const directions = [await checkTheirs(java, amount), await checkOurs(java, amount)]
  const tallies = [tally, ...directions, ...(await checkBatches(java, amount)), ...(await checkNumbers(java, amount))]
  const seconds = (performance.now() - start) / 1000
  const command = `npm run oracle -- --seed ${String(amount.seed)} --values ${String(amount.values)}`
  const versions = versionLines((await java.ask({ command: 'versions' })) as Versions)
  return { command, versions, tallies, directions, pairs: all, seconds }
}

const versionLines = ({ kafka, java }: Versions): readonly string[] => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string }
  const { node } = process.versions
  return [`kafkarx ${version}, kafka-clients ${kafka}, Java ${java}, Node ${node}, ${process.platform} ${process.arch}`]
}

const check = async (java: Java, { seed = randomInt(MOST_SEEDS), values, out }: Arguments): Promise<void> => {
  console.log(`seed ${String(seed)}`)
  const report = await compare(java, { seed, values })
  const text = reportText(report)
  console.log(text)
  if (out !== undefined) save(out, text)
  if (differencesOf(report).length > 0 || missingPairs(report).length > 0) process.exitCode = 1
}

const save = (file: string, text: string): void => {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

const sample = async (java: Java, { seed = SEED_OF_SAMPLE }: Arguments): Promise<void> => {
  const { kafka } = (await java.ask({ command: 'versions' })) as Versions
  for (const line of await writeSample(java, GOLDEN, { kafka, seed })) console.log(line)
}

const main = async (): Promise<void> => {
  const given = readArguments()
  const found = await javaOnPath()
  if (!found.ok) throw new Error(found.reason)
  const java = await startJava()
  try {
    await (given.sample ? sample(java, given) : check(java, given))
  } finally {
    await java.stop()
  }
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
