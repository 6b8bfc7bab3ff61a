/**
 * The client under pressure, in a process of its own: prints what it took as one line of JSON. It imports nothing but rxjs and, from the
 * path given, the built library: bench/clients/programs.ts compiles it.
 */
import { readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { lastValueFrom, Subject } from 'rxjs'
import type { Observable } from 'rxjs'
import type * as Library from '../../lib/index'

/** What the process is asked to do. */
export interface Pressure {
  /** `push`: every record in one synchronous loop. `pull`: a synchronous generator, which is asked as there is room. */
  readonly kind: 'push' | 'pull'
  readonly bootstrap: string
  readonly topic: string
  readonly records: number
  readonly recordBytes: number
  readonly bufferMemory: number
}

/** What it took. Memory is resident memory of the whole process. */
export interface Took {
  readonly delivered: number
  readonly failed: number
  /** From the first record handed over, or asked for, to the last delivery. */
  readonly seconds: number
  /** Push: of the loop. Pull: of the generator, run through without a producer. */
  readonly sourceSeconds: number
  readonly hold: Hold
  /** The most of `bufferMemory` that was not free, as far as `demand$` told: to a sixteenth. */
  readonly mostHeldBytes: number
  readonly bytesBefore: number
  readonly peakBytes: number
}

/** How long the event loop was held: between two turns of a timer of 1 ms; for push, after the loop. */
export interface Hold {
  readonly p99Ms: number
  readonly longestMs: number
  /** The most that the thread itself ran between two turns. The rest of a hold is the machine's, which let others run. */
  readonly longestCpuMs: number
}

type Kafka = ReturnType<typeof Library.producer>
type Sent = Library.ProducerRecord<Uint8Array, Uint8Array, number>

const PAYLOADS = 1_000
const letter = (): number => 65 + Math.floor(Math.random() * 26)

/** The same thousand payloads again and again: the source costs next to nothing, and holds nothing. */
function sourceOf({ topic, records, recordBytes }: Pressure) {
  const values = Array.from({ length: PAYLOADS }, () => Uint8Array.from({ length: recordBytes }, letter))
  const recordAt = (i: number): Sent => ({ topic, value: values[i % PAYLOADS] ?? null, context: i })
  function* all(): Generator<number, void, undefined> {
    for (let i = 0; i < records; i++) yield i
  }
  return { recordAt, all }
}

/** What the main thread has run so far, where the system tells. */
function cpuMs(): number {
  try {
    return Number(readFileSync('/proc/self/schedstat', 'latin1').split(' ')[0]) / 1e6
  } catch {
    return NaN
  }
}

function watchLoop(): () => Hold {
  const delays = monitorEventLoopDelay({ resolution: 1 })
  let [before, longestCpuMs] = [cpuMs(), 0]
  const turns = setInterval(() => {
    const now = cpuMs()
    longestCpuMs = Math.max(longestCpuMs, now - before)
    before = now
  }, 1)
  delays.enable()
  return () => {
    delays.disable()
    clearInterval(turns)
    return { p99Ms: delays.percentile(99) / 1e6, longestMs: delays.max / 1e6, longestCpuMs }
  }
}

/** Counts the deliveries of one stream, and watches the memory meanwhile. */
function watch(kafka: Kafka, deliveries$: Observable<Library.Delivery<number>>, { bufferMemory }: Pressure) {
  const counts = { delivered: 0, failed: 0 }
  let leastFree = bufferMemory
  const demand = kafka.demand$.subscribe((free) => (leastFree = Math.min(leastFree, free)))
  const settled = new Promise<void>((resolve, reject) => {
    deliveries$.subscribe({
      next: ({ type }) => void (type === 'delivered' ? counts.delivered++ : counts.failed++),
      error: reject,
      complete: resolve,
    })
  })
  return async () => {
    await settled
    demand.unsubscribe()
    return { ...counts, mostHeldBytes: bufferMemory - leastFree }
  }
}

async function push(kafka: Kafka, pressure: Pressure) {
  const { recordAt } = sourceOf(pressure)
  const records$ = new Subject<Sent>()
  const result = watch(kafka, records$.pipe(kafka.send<number>()), pressure)
  const started = performance.now()
  for (let i = 0; i < pressure.records; i++) records$.next(recordAt(i))
  records$.complete()
  const sourceSeconds = (performance.now() - started) / 1000
  const stop = watchLoop()
  const watched = await result()
  return { ...watched, hold: stop(), sourceSeconds, seconds: (performance.now() - started) / 1000 }
}

async function pull(kafka: Kafka, pressure: Pressure) {
  const { recordAt, all } = sourceOf(pressure)
  const alone = performance.now()
  let asked = 0
  for (const i of all()) asked += recordAt(i).topic.length
  if (asked === 0) throw new Error('the source gave nothing')
  const started = performance.now()
  const result = watch(kafka, kafka.sendFrom(all, recordAt), pressure)
  const stop = watchLoop()
  const watched = await result()
  return { ...watched, hold: stop(), sourceSeconds: (started - alone) / 1000, seconds: (performance.now() - started) / 1000 }
}

const main = async ([library = '', text = '']: readonly string[]): Promise<Took> => {
  const pressure = JSON.parse(text) as Pressure
  const { producer } = (await import(library)) as typeof Library
  const { bootstrap, bufferMemory } = pressure
  const bytesBefore = process.memoryUsage.rss()
  const kafka = producer({ brokers: [bootstrap], bufferMemory })
  const took = pressure.kind === 'push' ? await push(kafka, pressure) : await pull(kafka, pressure)
  await lastValueFrom(kafka.close({ timeout: 30_000 }))
  return { ...took, bytesBefore, peakBytes: process.resourceUsage().maxRSS * 1024 }
}

main(process.argv.slice(2)).then(
  (took) => void process.stdout.write(`${JSON.stringify(took)}\n`),
  (error: unknown) => {
    console.error(error)
    process.exitCode = 1
  },
)
