/** A steady stream of numbered records through the public API, and what became of each. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Subject } from 'rxjs'
import type { Producer } from '../../../lib/producer'
import type { Delivery, ProducerRecord } from '../../../lib/record'

/** Where the producer says that a record is, and when it said so. Times are ms of a clock that does not step. */
export interface Reported {
  readonly partition: number
  readonly offset: bigint
  readonly at: number
}

/** What became of one record. Its number is its place in the list of all. */
export interface Fate {
  readonly sentAt: number
  /** How often it was settled: once. */
  times: number
  delivered?: Reported
  /** The code of the error with which it failed. */
  failed?: string
}

export interface Load {
  readonly fates: readonly Fate[]
  /** How many were acknowledged so far. */
  readonly delivered: number
  readonly settled: number
  /** No more records; resolves when all are settled, and with what is unsettled then when that takes longer than `patience` (ms). */
  end(patience: number): Promise<void>
}

export interface LoadOptions {
  readonly kafka: Producer
  readonly topic: string
  /** Records a second. */
  readonly rate: number
}

const KEYS = 40
const TICK_MS = 10
const POLL_MS = 20
const VALUE_CHARACTERS = 120

export const keyOf = (id: number): string => `key-${id % KEYS}`

/** Padded, so that batches are worth their name. */
const valueOf = (id: number): string => `${id} `.padEnd(VALUE_CHARACTERS, '.')

/** The number of a record, from its value. */
export const idOf = (value: Uint8Array | null): number => Number.parseInt(Buffer.from(value ?? []).toString('latin1'), 10)

/** Looks again and again, until it is so or the signal comes. */
export const until = async (condition: () => boolean, signal?: AbortSignal): Promise<void> => {
  while (!condition()) {
    signal?.throwIfAborted()
    await sleep(POLL_MS)
  }
}

export function steadyLoad({ kafka, topic, rate }: LoadOptions): Load {
  const fates: Fate[] = []
  const counts = { delivered: 0, settled: 0, ended: false }
  const records$ = new Subject<ProducerRecord<string, string, number>>()
  const noteFate = (delivery: Delivery<number>): void => {
    const fate = fates[delivery.context]
    if (!fate) throw new Error(`a record was settled that was never sent: ${delivery.context}`)
    counts.settled++
    fate.times++
    if (delivery.type === 'failed') fate.failed = delivery.error.code
    if (delivery.type !== 'delivered') return
    counts.delivered++
    fate.delivered = { partition: delivery.partition, offset: delivery.offset, at: performance.now() }
  }
  records$.pipe(kafka.send<number>()).subscribe({ next: noteFate, complete: () => (counts.ended = true) })
  const started = performance.now()
  const push = (): void => {
    const due = Math.floor(((performance.now() - started) / 1000) * rate)
    while (fates.length < due) {
      const id = fates.push({ sentAt: performance.now(), times: 0 }) - 1
      records$.next({ topic, key: keyOf(id), value: valueOf(id), context: id })
    }
  }
  const ticks = setInterval(push, TICK_MS)
  return {
    fates,
    get delivered() {
      return counts.delivered
    },
    get settled() {
      return counts.settled
    },
    end: async (patience) => {
      clearInterval(ticks)
      records$.complete()
      const last = performance.now() + patience
      await until(() => counts.ended || performance.now() > last)
    },
  }
}
