import { classPath } from '../../kafka/jars'
import type { Job, Outcome } from '../job'
import type { Client, ClientName } from './client'
import { outcomeOf, ticksOf, wordsOf } from './node-program'
import { linesOf } from './process'

/** What kafka-producer-perf-test.sh gives to its JVM. */
const JVM = ['-Xmx512M', '-server', '-XX:+UseG1GC', '-XX:MaxGCPauseMillis=20', '-XX:InitiatingHeapOccupancyPercent=35']
const QUIET = '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'

const TOTAL = /^(\d+) records sent, ([\d.]+) records\/sec .* (\d+) ms 50th, .* (\d+) ms 99th, (\d+) ms 99.9th/
const COST = /^COST (\d+) (-?\d+)$/

/** The numbers of the last line that says this, or an error that shows everything that was said instead. */
const numbersOf = (lines: readonly string[], pattern: RegExp): readonly number[] => {
  const match = lines.map((line) => pattern.exec(line)).findLast((found) => found !== null)
  if (!match) throw new Error(`ProducerPerformance did not say ${pattern.source}:\n${lines.join('\n')}`)
  return match.slice(1).map(Number)
}

/** What ProducerPerformance printed the second time, and after it the line of our Perf.java. */
export const readPerformance = (lines: readonly string[]): Outcome => {
  const [records = NaN, recordsPerSecond = NaN, p50 = NaN, p99 = NaN, p999 = NaN] = numbersOf(lines, TOTAL)
  const [cpuNanoseconds = NaN, peakKiB = NaN] = numbersOf(lines, COST)
  const costs = { cpuSeconds: cpuNanoseconds / 1e9, peakBytes: peakKiB * 1024 }
  return { records, seconds: records / recordsPerSecond, ...costs, p50, p99, p999, held: null }
}

type Properties = Readonly<Record<string, string>>

const performanceWords = ({ bootstrap, topic, records, warmUp, payloads, codec }: Job, tuning: Properties): readonly string[] => {
  const properties = Object.entries({ 'compression.type': codec, ...tuning }).map(([name, value]) => `${name}=${value}`)
  return [
    ...[String(warmUp), '--bootstrap-server', bootstrap, '--topic', topic, '--num-records', String(records)],
    ...['--throughput', '-1', '--payload-file', payloads, '--command-property', ...properties],
  ]
}

const java = (name: ClientName, title: string, tuning: Properties = {}): Client => ({
  name,
  title,
  share: 0.7,
  prepare: async () => {
    const path = await classPath('bench')
    const run = (main: string, words: readonly string[], ticks: number) =>
      linesOf({ command: 'java', words: [...JVM, QUIET, '-cp', path, `kafkarx.bench.${main}`, ...words], ticks })
    const settings = Object.entries(tuning).map(([property, value]) => `, ${property} ${value}`)
    return {
      version: `kafka-clients 4.4.0 (ProducerPerformance of 4.3.1)${settings.join('')}`,
      run: async (job) =>
        job.kind === 'bulk'
          ? readPerformance(await run('Perf', performanceWords(job, tuning), 0))
          : outcomeOf(await run('Load', wordsOf(job), ticksOf(job))),
    }
  },
})

const LARGE = { 'batch.size': '262144', 'buffer.memory': '134217728' }

export const javaDefault = java('java', 'Java, default')
export const javaTuned = java('java-tuned', 'Java, tuned', LARGE)

/** What else was tried: the case `java-tuning` shows that `javaTuned` is the best of them. */
export const javaTunings = [
  java('java-64k', 'Java, batches of 64 KiB', { ...LARGE, 'batch.size': '65536' }),
  java('java-1m', 'Java, batches of 1 MiB', { ...LARGE, 'batch.size': '1048576', 'max.request.size': '8388608' }),
  java('java-linger-20', 'Java, batches of 256 KiB, linger 20', { ...LARGE, 'linger.ms': '20' }),
]
