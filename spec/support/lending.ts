/** What a producer lends to the streams that it sends, for specs of `send` without a producer. */
import { NEVER } from 'rxjs'
import type { ProducerEvent } from '../../lib/events'
import { ByteBudget } from '../../lib/pipeline/byte-budget'
import { Ledger } from '../../lib/pipeline/ledger'
import type { SendContext } from '../../lib/pipeline/send'
import type { Delivery, PartitionedRecord, ProducerRecord } from '../../lib/record'
import { virtualTime } from './virtual-time'

export type Given = ProducerRecord<string, string, string>

export const record = (context: string, fields: Partial<Given> = {}): Given => ({ topic: 'orders', value: context, context, ...fields })
export const records = { a: record('a'), b: record('b'), c: record('c'), p: record('p', { topic: '' }) }

export const deliveredAt = (appended: PartitionedRecord): Delivery => {
  const { topic, partition, context } = appended
  return { type: 'delivered', topic, partition: partition ?? 0, offset: 0n, timestamp: 0, context }
}

/** What a producer lends to a stream; what is appended waits in `appended` for the spec to settle it. */
export function lent(more: Partial<SendContext> = {}) {
  const appended: PartitionedRecord[] = []
  const log: string[] = []
  const events: ProducerEvent[] = []
  const context: SendContext = {
    ledger: new Ledger(),
    append: (each) => appended.push(each),
    hurry: () => {
      log.push('hurry')
      return () => log.push('hurry ends')
    },
    refusal: () => undefined,
    abandon$: NEVER,
    withdraw: () => undefined,
    report: (event) => events.push(event),
    partitionsOf: () => 4,
    waiting: new ByteBudget(Infinity),
    clock: virtualTime().clock,
    ...more,
  }
  const settle = (delivery = deliveredAt): void => {
    const next = appended.shift()
    if (next === undefined) throw new Error('nothing was appended')
    next.outlet?.settle(delivery(next))
  }
  return { context, appended, log, events, settle }
}
