/** The ways in which a measured process feeds its producer. */
import { randomBytes } from 'node:crypto'
import { Subject } from 'rxjs'
import type { Observable } from 'rxjs'
import type * as Library from '../../lib/index'
import type { Kind, Load } from './load'

export type Kafka = ReturnType<typeof Library.producer>

type Sent = Library.ProducerRecord<Uint8Array, Uint8Array, number>

/** What has become of the records so far. */
export interface Counts {
  delivered: number
  failed: number
}

export type RecordAt = (i: number) => Sent

/** Resolves when all that it has fed is settled. */
export type Feed = (kafka: Kafka, load: Load, recordAt: RecordAt, counts: Counts) => Promise<void>

const PAYLOADS = 1_000
const MOST_PAYLOAD_BYTES = 10_000_000
/** The time is looked at once in so many records. */
const LOOK_EVERY = 1_024

const letters = (bytes: number): Uint8Array => new TextEncoder().encode(randomBytes(bytes).toString('base64').slice(0, bytes))

/** A few payloads again and again: the source costs next to nothing, and holds nothing. To make them takes a while: before what is measured. */
export function recordsOf({ topics, partitions, spread, recordBytes }: Load): RecordAt {
  const count = Math.max(1, Math.min(PAYLOADS, Math.floor(MOST_PAYLOAD_BYTES / recordBytes)))
  const values = Array.from({ length: count }, () => letters(recordBytes))
  const topicAt = (n: number): string => topics[n % topics.length] ?? ''
  // A choice of its own topic for each record would make the sticky choice one of topics.
  if (spread === 'sticky') return (i) => ({ topic: topicAt(0), value: values[i % count] ?? null, context: i })
  return (i) => ({
    topic: topicAt(i),
    partition: Math.floor(i / topics.length) % partitions,
    value: values[i % count] ?? null,
    context: i,
  })
}

const settled = (deliveries$: Observable<Library.Delivery<number>>, counts: Counts): Promise<void> =>
  new Promise((resolve, reject) => {
    deliveries$.subscribe({
      next: ({ type }) => void (type === 'delivered' ? counts.delivered++ : counts.failed++),
      error: reject,
      complete: resolve,
    })
  })

function* share(from: number, step: number, below: number): Generator<number, void, undefined> {
  for (let i = from; i < below; i += step) yield i
}

const pull: Feed = async (kafka, load, recordAt, counts) => {
  const { streams, records } = load
  const sources = Array.from({ length: streams }, (_, n) => share(n, streams, records))
  await Promise.all(sources.map((source) => settled(kafka.sendFrom(source, recordAt), counts)))
}

const burst: Feed = async (kafka, load, recordAt, counts) => {
  const records$ = new Subject<Sent>()
  const all = settled(records$.pipe(kafka.send<number>()), counts)
  for (let i = 0; i < load.records; i++) records$.next(recordAt(i))
  records$.complete()
  await all
}

/** What is due since the last tick, however late this one comes. */
const rate: Feed = async (kafka, load, recordAt, counts) => {
  const records$ = new Subject<Sent>()
  const all = settled(records$.pipe(kafka.send<number>()), counts)
  const started = performance.now()
  let sent = 0
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(load.records, Math.floor(((performance.now() - started) / 1000 / load.seconds) * load.records))
      while (sent < due) records$.next(recordAt(sent++))
      if (sent < load.records) return
      clearInterval(timer)
      resolve()
    }, 1)
  })
  records$.complete()
  await all
}

const endless: Feed = async (kafka, load, recordAt, counts) => {
  const end = performance.now() + load.seconds * 1000
  function* untilThen(): Generator<number, void, undefined> {
    for (let i = 0; i % LOOK_EVERY !== 0 || performance.now() < end; i++) yield i
  }
  await settled(kafka.sendFrom(untilThen, recordAt), counts)
}

export const FEEDS: Readonly<Record<Kind, Feed>> = { pull, burst, rate, endless }
