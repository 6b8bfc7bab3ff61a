/** How the programs of the Node clients are driven: all by the same code, so that what differs is the client. */
import { readFileSync } from 'node:fs'
import type { Job, Kind, Outcome } from '../job'
import { latencies } from './latencies'
import { watchLoop } from './loop'
import { onTicks } from './ticks'

/** What a client tells of the records that it was given. */
export interface Events {
  /** A record is acknowledged; `index` is its number in the phase. */
  delivered(index: number): void
  /** The measurement is worth nothing any more. */
  failed(error: unknown): void
}

/** A client, ready to send. */
export interface Sender {
  /** How many records it takes with one call when there are many: 1 for those that take single ones. */
  readonly chunk: number
  /** Where it can send only multiples of so many: those that are asked for are rounded up. */
  readonly unit?: number
  /** How many may be on their way in a bulk load. */
  readonly most: number
  /** Hands over the records `first` to `first + count - 1`. */
  send(first: number, count: number): void
  /** Where the client has a way of its own to be fed with very many: it asks `due` for each, which notes the time. */
  pull?(count: number, due: (index: number) => void): void
  close(): Promise<void>
}

export type Values = readonly Buffer[]
export type Open = (job: Job, events: Events, values: Values) => Promise<Sender>

const valuesOf = (job: Job): Values =>
  readFileSync(job.payloads, 'latin1')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Buffer.from(line, 'latin1'))

/** The deliveries of one phase: who is told of each, and the Promise of the last. */
const phases = () => {
  let onDelivered: (index: number) => void = () => undefined
  let fail: (error: unknown) => void = () => undefined
  const events: Events = { delivered: (index) => onDelivered(index), failed: (error) => fail(error) }
  /** Ends after so many deliveries. */
  const run = (count: number, onEach: (index: number, done: number) => void, start: () => void): Promise<void> =>
    new Promise((resolve, reject) => {
      let done = 0
      fail = reject
      onDelivered = (index) => {
        onEach(index, ++done)
        if (done === count) resolve()
      }
      start()
    })
  return { events, run }
}

type Run = ReturnType<typeof phases>['run']
type Latencies = ReturnType<typeof latencies>

/** Keeps as many on their way as the client takes. */
const windowed = (run: Run, sender: Sender, count: number, times: Latencies): Promise<void> => {
  let [handedOver, delivered, filling] = [0, 0, false]
  const fill = () => {
    if (filling) return
    filling = true
    while (handedOver < count && handedOver - delivered + sender.chunk <= sender.most) {
      const size = Math.min(sender.chunk, count - handedOver)
      for (let i = handedOver; i < handedOver + size; i++) times.due(i)
      sender.send(handedOver, size)
      handedOver += size
    }
    filling = false
  }
  // Refilling with every delivery would make a loop of single records of what is a flow of many.
  const low = Math.floor(sender.most * 0.9) - sender.chunk
  const onEach = (index: number, done: number) => {
    times.done(index)
    delivered = done
    if (handedOver < count && handedOver - done <= low) fill()
  }
  return run(count, onEach, fill)
}

const bulk = (run: Run, sender: Sender, { records }: Job, times: Latencies): Promise<void> => {
  const { pull } = sender
  if (!pull) return windowed(run, sender, records, times)
  return run(
    records,
    (index) => times.done(index),
    () => pull(records, (index) => times.due(index)),
  )
}

const burst = (run: Run, sender: Sender, { records }: Job, times: Latencies): Promise<void> =>
  run(
    records,
    (index) => times.done(index),
    () => {
      for (let i = 0; i < records; i++) {
        times.due(i)
        sender.send(i, 1)
      }
    },
  )

const awaited = (run: Run, sender: Sender, { records }: Job, times: Latencies): Promise<void> => {
  const next = (index: number) => {
    times.due(index)
    sender.send(index, 1)
  }
  const onEach = (index: number, done: number) => {
    times.done(index)
    if (done < records) next(done)
  }
  return run(records, onEach, () => next(0))
}

const rate = (run: Run, sender: Sender, { records, perTick }: Job, times: Latencies): Promise<void> => {
  let handedOver = 0
  const tick = (dueAt: number) => {
    const first = handedOver
    handedOver += perTick
    for (let i = first; i < handedOver; i++) times.dueAt(i, dueAt)
    sender.send(first, perTick)
  }
  return run(
    records,
    (index) => times.done(index),
    () => onTicks(records / perTick, tick),
  )
}

const KINDS: Readonly<Record<Kind, typeof bulk>> = { bulk, burst, awaited, rate }

/** To watch the loop is to wake it each millisecond: not where CPU is counted against a thousand records a second. */
const WATCHED: readonly Kind[] = ['bulk', 'burst']

const roundedUp = (records: number, { unit = 1 }: Sender): number => Math.ceil(records / unit) * unit

/** Many, and where single ones are measured, single ones too: the compiler knows only what has run. */
const warmUp = async (run: Run, sender: Sender, job: Job): Promise<void> => {
  const atOnce = roundedUp(job.warmUp, sender)
  const singly = { ...job, records: roundedUp(job.warmUpAwaited, sender) }
  await windowed(run, sender, atOnce, latencies(atOnce, 'sampled'))
  if (singly.records > 0) await awaited(run, sender, singly, latencies(singly.records, 'sampled'))
}

const measure = async (asked: Job, open: Open): Promise<Outcome> => {
  const { events, run } = phases()
  const sender = await open(asked, events, valuesOf(asked))
  const job = { ...asked, records: roundedUp(asked.records, sender) }
  await warmUp(run, sender, job)
  const times = latencies(job.records, job.kind === 'bulk' ? 'sampled' : 'all')
  const stop = WATCHED.includes(job.kind) ? await watchLoop() : () => null
  const [cpu, started] = [process.cpuUsage(), performance.now()]
  await KINDS[job.kind](run, sender, job, times)
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(cpu)
  const held = stop()
  await sender.close()
  const peakBytes = process.resourceUsage().maxRSS * 1024
  return { records: job.records, seconds, cpuSeconds: (user + system) / 1e6, peakBytes, ...times.percentiles(), held }
}

/** Runs the job that stands in the last argument and prints its outcome. The process is ended: what a client leaves open is not measured. */
export const drive = (open: Open): void => {
  const job = JSON.parse(process.argv.at(-1) ?? '') as Job
  measure(job, open).then(
    (outcome) => process.stdout.write(`${JSON.stringify(outcome)}\n`, () => process.exit(0)),
    (error: unknown) => process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`, () => process.exit(1)),
  )
}
