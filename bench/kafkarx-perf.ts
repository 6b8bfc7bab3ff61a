/**
 * The client that is measured, in a process of its own: sends as ProducerPerformance does and prints what it took as one line of JSON.
 * It imports nothing but rxjs and, from the path given, the built library: bench/kafkarx-client.ts compiles this one file.
 */
import { readFileSync } from 'node:fs'
import { lastValueFrom, Subject } from 'rxjs'
import type * as Library from '../lib/index'
import type { Load, RawMeasurement } from './measurement'

/** Java is bounded by its 32 MiB of buffer; we by what was handed over and not yet delivered. */
const MOST_ON_THEIR_WAY_BYTES = 16 * 1024 * 1024
const MOST_ON_THEIR_WAY = 50_000
const HAND_OVER_AT_ONCE = 2_000
const MOST_SAMPLES = 500_000

/** Latencies of every n-th delivery, as ProducerPerformance samples. */
const latencies = (records: number) => {
  const every = Math.ceil(records / MOST_SAMPLES)
  const samples = new Float64Array(Math.ceil(records / every))
  let seen = 0
  const add = (handedOver: number) => {
    if (seen % every === 0) samples[seen / every] = performance.now() - handedOver
    seen++
  }
  const percentile = (share: number) => {
    const sorted = samples.slice(0, Math.ceil(seen / every)).sort()
    return sorted[Math.floor(share * sorted.length)] ?? NaN
  }
  return { add, percentile }
}

type Kafka = ReturnType<typeof Library.producer>

/** Resolves with latencies when every record is delivered; the first that fails ends the measurement. */
const sendAll = (kafka: Kafka, { topic, records, payloads, recordBytes }: Load) =>
  new Promise<ReturnType<typeof latencies>>((resolve, reject) => {
    const values = readFileSync(payloads, 'latin1')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => Buffer.from(line, 'latin1'))
    const most = Math.min(MOST_ON_THEIR_WAY, Math.floor(MOST_ON_THEIR_WAY_BYTES / recordBytes))
    const times = latencies(records)
    const source$ = new Subject<Library.ProducerRecord<Uint8Array, Uint8Array, number>>()
    let handedOver = 0
    let onTheirWay = 0
    const handOver = () => {
      while (handedOver < records && onTheirWay < most) {
        onTheirWay++
        source$.next({ topic, value: values[handedOver++ % values.length] ?? null, context: performance.now() })
      }
      if (handedOver === records) source$.complete()
    }
    source$.pipe(kafka.send()).subscribe({
      next: (delivery) => {
        if (delivery.type !== 'delivered') return reject(new Error(`a record was not delivered: ${JSON.stringify(delivery)}`))
        times.add(delivery.context)
        onTheirWay--
        if (onTheirWay <= most - HAND_OVER_AT_ONCE && handedOver < records) handOver()
      },
      error: reject,
      complete: () => resolve(times),
    })
    handOver()
  })

const main = async ([library = '', text = '']: readonly string[]): Promise<RawMeasurement> => {
  const load = JSON.parse(text) as Load
  // The path is known only here: the built library, as a user would find it.
  const { producer } = (await import(library)) as typeof Library
  const cpu = process.cpuUsage()
  const kafka = producer({ brokers: [load.bootstrap], acks: load.acks === '1' ? 1 : 'all' })
  const started = performance.now()
  const times = await sendAll(kafka, load)
  await lastValueFrom(kafka.close({ timeout: 30_000 }))
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(cpu)
  const peakBytes = process.resourceUsage().maxRSS * 1024
  return { seconds, cpuSeconds: (user + system) / 1e6, peakBytes, p50: times.percentile(0.5), p99: times.percentile(0.99) }
}

main(process.argv.slice(2)).then(
  (result) => void process.stdout.write(`${JSON.stringify(result)}\n`),
  (error: unknown) => {
    console.error(error)
    process.exitCode = 1
  },
)
