/** Every record that was handed to the producer, and what became of it. */
import type { Delivery } from '../../lib/record'
import type { Aim, Flaw } from './plan'

/** A record, from when it was handed over; it is its own context. */
export interface Sent {
  readonly id: string
  readonly stream: number
  /** The how manieth of its stream. */
  readonly index: number
  readonly topic: string
  readonly aim: Aim
  readonly size: number
  readonly flaw: Flaw | undefined
  /** Milliseconds. */
  readonly at: number
  /** What it was told, each time. */
  readonly told: Told[]
}

export interface Told {
  readonly type: Delivery['type']
  readonly at: number
  /** The how manieth thing that was told. */
  readonly order: number
  readonly partition: number | undefined
  /** −1 when nobody said. */
  readonly offset: number
  /** Of a failure. */
  readonly error?: { readonly code: string; readonly message: string; readonly cause: string }
}

export interface Fates {
  readonly all: readonly Sent[]
  readonly unsettled: number
  sent(record: Omit<Sent, 'told'>): Sent
  told(delivery: Delivery): void
}

export function fatesOf(now: () => number): Fates {
  const all: Sent[] = []
  let unsettled = 0
  let order = 0
  return {
    all,
    get unsettled() {
      return unsettled
    },
    sent: (record) => {
      const sent: Sent = { ...record, told: [] }
      all.push(sent)
      unsettled++
      return sent
    },
    told: (delivery) => {
      const { told } = delivery.context as Sent
      if (told.length === 0) unsettled--
      told.push(toldOf(delivery, { at: now(), order: order++ }))
    },
  }
}

function toldOf(delivery: Delivery, when: Pick<Told, 'at' | 'order'>): Told {
  if (delivery.type === 'skipped') return { type: delivery.type, ...when, partition: undefined, offset: -1 }
  const { type, partition } = delivery
  if (delivery.type === 'delivered') return { type, ...when, partition, offset: Number(delivery.offset) }
  const { code, message, cause } = delivery.error
  return { type, ...when, partition, offset: -1, error: { code, message, cause: cause instanceof Error ? cause.message : '' } }
}
