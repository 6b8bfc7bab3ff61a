/** What the specs say of records: sent, reported, read back. */
import { createHash } from 'node:crypto'
import { from, lastValueFrom, map, pipe, toArray } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import type { ReadRecord } from '../../kafka/harness'
import type { Producer } from '../../lib/producer'
import type { Delivered, Delivery, Failed, HeadersInput, ProducerRecord } from '../../lib/record'
import type { RealKafka } from './support'

/** Of much that is wrong, the first are worth a look. */
const SHOWN = 20

/** A record as the specs send it: text or bytes, and no context, since it is its own. */
export type Plain = Omit<ProducerRecord<string | Uint8Array, string | Uint8Array>, 'context'>

/** `producer.send` for records that come back as the contexts of their deliveries. */
export const sendPlain = (producer: Producer): OperatorFunction<Plain, Delivery<Plain>> =>
  pipe(
    map((record) => ({ ...record, context: record })),
    producer.send<Plain>(),
  )

/** All of them through one Observable; every delivery, in the order in which it came. */
export const sendAll = (producer: Producer, records: readonly Plain[]): Promise<Delivery<Plain>[]> =>
  lastValueFrom(from(records).pipe(sendPlain(producer), toArray()))

export const isDelivered = <C>(delivery: Delivery<C>): delivery is Delivered<C> => delivery.type === 'delivered'
export const isFailed = <C>(delivery: Delivery<C>): delivery is Failed<C> => delivery.type === 'failed'
export const codesOf = (deliveries: readonly Delivery[]): readonly string[] => deliveries.filter(isFailed).map(({ error }) => error.code)

/** The list holds nothing that it should not; of what it does, the first are shown. */
export const expectNone = (wrong: readonly unknown[]): void => {
  expect(wrong.slice(0, SHOWN)).toEqual([])
}

/** The delivery of what was made into `record` on its way. */
export const asDeliveryOf = (record: Plain, delivery: Delivery): Delivery<Plain> => {
  if (delivery.type !== 'delivered') return { ...delivery, context: record }
  const { type, topic, partition, offset, timestamp } = delivery
  return { type, topic, partition, offset, timestamp, context: record }
}

/** Every record has one delivery and no more, whatever it says. */
export const expectEachSettledOnce = <C>(sent: readonly C[], deliveries: readonly Delivery<C>[]): void => {
  const settled = new Set(deliveries.map(({ context }) => context))
  expectNone(sent.filter((record) => !settled.has(record)))
  expect(deliveries).toHaveLength(sent.length)
}

/** Every record has one delivery, and it says delivered. */
export const expectAllDelivered = <C>(sent: readonly C[], deliveries: readonly Delivery<C>[]): void => {
  expectNone(deliveries.filter(isFailed))
  expectEachSettledOnce(sent, deliveries)
}

/** Every record is where and when it asked to be. */
export const expectAsAsked = (deliveries: readonly Delivery<Plain>[]): void => {
  const elsewhere = deliveries.filter(isDelivered).filter(({ partition, timestamp, context }) => {
    return partition !== (context.partition ?? partition) || timestamp !== (context.timestamp ?? timestamp)
  })
  expectNone(elsewhere)
}

/** In each partition, the records lie in the order in which they were sent. */
export const expectOrderKept = <C>(sent: readonly C[], deliveries: readonly Delivery<C>[]): void => {
  const order = new Map(sent.map((record, index) => [record, index]))
  const inLog = deliveries.filter(isDelivered).sort(byPlace)
  const overtaken = inLog.filter(({ partition, context }, i) => {
    const before = inLog[i - 1]
    return before?.partition === partition && (order.get(before.context) ?? Infinity) > (order.get(context) ?? -1)
  })
  expectNone(overtaken)
}

/** Kafka's own consumer reads what was reported as delivered to the topic, each record where and as its delivery says, and nothing else. */
export const expectReadBack = async (
  { java }: RealKafka,
  topic: string,
  deliveries: readonly Delivery<Plain>[],
): Promise<readonly ReadRecord[]> => {
  const read = await java.readBack(topic)
  const reported = deliveries.filter(isDelivered).filter((delivery) => delivery.topic === topic)
  expectSameRecords(read, reported.map(asReported))
  return read
}

/** Both hold the same records at the same places. */
export const expectSameRecords = (actual: readonly LoggedRecord[], expected: readonly LoggedRecord[]): void => {
  const lines = [...actual].sort(byPlace).map(lineOf)
  const expectedLines = [...expected].sort(byPlace).map(lineOf)
  const differs = Array.from({ length: Math.max(lines.length, expectedLines.length) }, (_, i) => i).find(
    (i) => lines[i] !== expectedLines[i],
  )
  const start = differs ?? 0
  expect(lines.slice(start, start + SHOWN)).toEqual(expectedLines.slice(start, start + SHOWN))
  expect(lines).toHaveLength(expectedLines.length)
}

/** A record at its place in the log. */
export interface LoggedRecord {
  readonly partition: number
  readonly offset: bigint
  readonly timestamp: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: readonly { readonly key: string; readonly value: Uint8Array | null }[]
}

/** What must be in the log if the delivery tells the truth: where and when are its own words, the rest is the record's. */
const asReported = ({ partition, offset, timestamp, context }: Delivered<Plain>): LoggedRecord => ({
  ...{ partition, offset, timestamp },
  key: bytesOf(context.key),
  value: bytesOf(context.value),
  headers: headersOf(context.headers),
})

const headersOf = (headers: HeadersInput = []): LoggedRecord['headers'] => {
  const list = isList(headers) ? headers : Object.entries(headers).map(([key, value]) => ({ key, value }))
  return list.map(({ key, value }) => ({ key, value: bytesOf(value) }))
}

const isList = (headers: HeadersInput): headers is Extract<HeadersInput, readonly unknown[]> => Array.isArray(headers)

const bytesOf = (value: string | Uint8Array | null | undefined): Uint8Array | null => {
  if (value === null || value === undefined) return null
  return typeof value === 'string' ? Buffer.from(value) : value
}

type Place = Pick<LoggedRecord, 'partition' | 'offset'>

const byPlace = (a: Place, b: Place): number => a.partition - b.partition || Number(a.offset - b.offset)

const lineOf = ({ partition, offset, timestamp, key, value, headers }: LoggedRecord): string =>
  JSON.stringify([
    partition,
    String(offset),
    timestamp,
    legible(key),
    legible(value),
    headers.map((header) => [header.key, legible(header.value)]),
  ])

const LEGIBLE = 200

/** One character a byte, so that different bytes are different text; what is long is hashed. */
const legible = (bytes: Uint8Array | null): string | null => {
  if (bytes === null) return null
  if (bytes.length > LEGIBLE) return `${bytes.length} bytes, sha256 ${createHash('sha256').update(bytes).digest('hex')}`
  return Buffer.from(bytes).toString('latin1')
}
