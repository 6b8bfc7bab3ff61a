/**
 * The client that is measured, in a process of its own. It holds nothing but itself, rxjs, and from the path given the built library:
 * bench/scale/program.ts makes one file of it.
 */
import { lastValueFrom } from 'rxjs'
import type * as Library from '../../lib/index'
import { FEEDS, recordsOf } from './feeds'
import type { Counts, Kafka, RecordAt } from './feeds'
import type { Load, Sample, Told, Took } from './load'
import { watch } from './watch'
import type { Watch } from './watch'

const WARM_UP = 4
const MOST_WARM_UP = 400_000

const tell = (told: Told): void => void process.stdout.write(`${JSON.stringify(told)}\n`)

const cpuSeconds = (since?: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1e6
}

const warmUp = async (kafka: Kafka, load: Load, recordAt: RecordAt): Promise<void> => {
  const records = Math.ceil(Math.min(load.records / WARM_UP, MOST_WARM_UP))
  await FEEDS.pull(kafka, { ...load, records }, recordAt, { delivered: 0, failed: 0 })
}

/** Tells of the state of the process as often as the producer tells of its own. */
function sampling(kafka: Kafka, counts: Counts, watched: Watch): () => void {
  const started = performance.now()
  let before = { ...counts, cpu: cpuSeconds() }
  const subscription = kafka.metrics$.subscribe(({ bufferTotal, bufferAvailable, unsettled }) => {
    const { rss, heapUsed, arrayBuffers } = process.memoryUsage()
    const now = { ...counts, cpu: cpuSeconds() }
    const sample: Sample = {
      ...{ type: 'sample', second: (performance.now() - started) / 1000, rss, heapUsed, arrayBuffers },
      ...{ held: bufferTotal - bufferAvailable, unsettled, cpuSeconds: now.cpu - before.cpu },
      ...{ delivered: now.delivered - before.delivered, failed: now.failed - before.failed },
      ...watched.take(),
    }
    before = now
    tell(sample)
  })
  return () => subscription.unsubscribe()
}

const measure = async (kafka: Kafka, load: Load, recordAt: RecordAt): Promise<Omit<Took, 'type' | 'bytesBefore' | 'peakBytes'>> => {
  const counts: Counts = { delivered: 0, failed: 0 }
  const watched = watch()
  const stopSampling = load.kind === 'endless' ? sampling(kafka, counts, watched) : undefined
  const [cpu, started] = [process.cpuUsage(), performance.now()]
  await FEEDS[load.kind](kafka, load, recordAt, counts)
  const took = { ...counts, seconds: (performance.now() - started) / 1000, cpuSeconds: cpuSeconds(cpu), ...watched.take() }
  stopSampling?.()
  watched.stop()
  return took
}

const main = async ([library = '', text = '']: readonly string[]): Promise<void> => {
  const load = JSON.parse(text) as Load
  // The path is known only here: the built library, as a user would find it.
  const { producer } = (await import(library)) as typeof Library
  const recordAt = recordsOf(load)
  const bytesBefore = process.memoryUsage.rss()
  const kafka = producer({ brokers: load.brokers, metricsInterval: load.sampleSeconds * 1000 })
  await warmUp(kafka, load, recordAt)
  tell({ type: 'warm' })
  const took = await measure(kafka, load, recordAt)
  await lastValueFrom(kafka.close({ timeout: 30_000 }))
  tell({ type: 'took', ...took, bytesBefore, peakBytes: process.resourceUsage().maxRSS * 1024 })
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
