import { topicDigest } from '../kafka/digest'
import type { PartitionDigest } from '../kafka/digest'
import type { Delivery } from '../lib/record'
import type { InputRecord } from './record-line'

export interface Counts {
  readonly sent: number
  readonly delivered: number
  readonly failed: number
  /** Of keys and values delivered. */
  readonly bytes: number
}

/** Keeps the books of a run: how many records were handed over, what became of each, and what must be in the topic. */
export interface Tally {
  sent(): void
  settled(delivery: Delivery<InputRecord>): void
  counts(): Counts
  /** A few of the failures, for the report. */
  failures(): readonly string[]
  /** What each partition must hold; once, at the end. */
  expected(partitions: number): readonly PartitionDigest[]
}

const SHOWN_FAILURES = 5

const encode = (text: string | null) => (text === null ? null : Buffer.from(text))

const toBytes = ({ key, value, headers }: InputRecord) => ({
  key: encode(key),
  value: encode(value),
  headers: headers.map((header) => ({ key: header.key, value: encode(header.value) })),
})

export const tally = (): Tally => {
  const digest = topicDigest()
  const failures: string[] = []
  let [sent, delivered, failed, bytes] = [0, 0, 0, 0]
  const fail = (why: string) => {
    failed++
    if (failures.length < SHOWN_FAILURES) failures.push(why)
  }
  const settled = (delivery: Delivery<InputRecord>) => {
    if (delivery.type !== 'delivered') return fail(`${delivery.context.key ?? '(no key)'}: ${why(delivery)}`)
    const record = toBytes(delivery.context)
    delivered++
    bytes += (record.key?.length ?? 0) + (record.value?.length ?? 0)
    digest.add(delivery.partition, delivery.offset, record)
  }
  return {
    sent: () => void sent++,
    settled,
    counts: () => ({ sent, delivered, failed, bytes }),
    failures: () => failures,
    expected: (partitions) => digest.results(partitions),
  }
}

const why = (delivery: Exclude<Delivery, { readonly type: 'delivered' }>): string =>
  delivery.type === 'failed' ? `${delivery.error.code} ${delivery.error.message}` : delivery.reason
