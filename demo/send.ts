import { lastValueFrom, map, tap } from 'rxjs'
import { producer, string } from '../lib/index'
import type { Input } from './input'
import { paced } from './paced'
import { progressLine, showProgress } from './progress'
import type { InputRecord } from './record-line'
import type { Tally } from './tally'

export interface Sending {
  readonly brokers: readonly string[]
  readonly topic: string
  readonly input: Input
  readonly books: Tally
}

const MOST_ON_THEIR_WAY = 20_000
const CLOSE_TIMEOUT_MS = 60_000

const toRecord = (topic: string) => (record: InputRecord) => ({ topic, ...record, context: record })

/** The main job: the input through an Observable into the topic, one delivery for each record, all of them in the books. */
export const send = async ({ brokers, topic, input, books }: Sending): Promise<void> => {
  const kafka = producer({ brokers })
  const source = paced(input.chunks(), MOST_ON_THEIR_WAY)
  const started = performance.now()
  const line = () => progressLine(books.counts(), input.progress(), (performance.now() - started) / 1000)
  const deliveries$ = source.records$.pipe(
    map(toRecord(topic)),
    tap(() => books.sent()),
    kafka.send({ key: string(), value: string() }),
    tap((delivery) => books.settled(delivery)),
    tap(() => source.settled()),
    showProgress(process.stdout, line),
  )
  try {
    await lastValueFrom(deliveries$, { defaultValue: undefined })
  } finally {
    await lastValueFrom(kafka.close({ timeout: CLOSE_TIMEOUT_MS }))
  }
}
