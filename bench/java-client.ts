import { startJvm } from '../kafka/jvm'
import { lineSplitter } from '../kafka/lines'
import { measurement } from './measurement'
import type { Load, Measurement } from './measurement'

/** What kafka-producer-perf-test.sh gives to its JVM. */
const JVM = ['-Xmx512M', '-server', '-XX:+UseG1GC', '-XX:MaxGCPauseMillis=20', '-XX:InitiatingHeapOccupancyPercent=35']

const TOTAL = /([\d.]+) records\/sec .* (\d+) ms 50th, .* (\d+) ms 99th/
const COST = /^COST (\d+) (-?\d+)$/

/** The numbers of a line, or an error that shows everything that was said instead. */
const numbersOf = (lines: readonly string[], pattern: RegExp): readonly number[] => {
  const match = lines.map((line) => pattern.exec(line)).findLast((found) => found !== null)
  if (!match) throw new Error(`ProducerPerformance did not say ${pattern.source}:\n${lines.join('\n')}`)
  return match.slice(1).map(Number)
}

/** What ProducerPerformance printed, and after it the line of our Perf.java. */
export const readPerformance = (lines: readonly string[], load: Load): Measurement => {
  const [recordsPerSecond = NaN, p50 = NaN, p99 = NaN] = numbersOf(lines, TOTAL)
  const [cpuNanoseconds = NaN, peakKiB = NaN] = numbersOf(lines, COST)
  const seconds = load.records / recordsPerSecond
  return measurement(load, { seconds, cpuSeconds: cpuNanoseconds / 1e9, peakBytes: peakKiB * 1024, p50, p99 })
}

const wordsOf = ({ bootstrap, topic, acks, records, payloads }: Load): readonly string[] => [
  ...['--bootstrap-server', bootstrap, '--topic', topic, '--num-records', String(records)],
  ...['--throughput', '-1', '--payload-file', payloads, '--command-property', `acks=${acks}`],
]

/** Kafka's own ProducerPerformance with Kafka's own defaults. */
export const runJava = async (load: Load): Promise<Measurement> => {
  const lines: string[] = []
  const client = await startJvm({ main: 'Perf', programArguments: wordsOf(load), jvm: JVM, onError: (line) => lines.push(line) })
  const splitter = lineSplitter((line) => lines.push(line))
  client.child.stdout.on('data', (chunk: Buffer) => splitter.write(chunk))
  await client.ended
  return readPerformance(lines, load)
}
