/** One subscription to `send`, fed by the steps of a plan, with a subscriber that behaves as the plan says. */
import { Subject } from 'rxjs'
import type { Delivery } from '../../lib/record'
import type { Producer } from '../../lib/producer'
import type { Fates, Sent } from './fates'
import type { Flaw, LoadAction, StreamPlan } from './plan'
import { recordsIn } from './records'

export interface Stream {
  readonly isOpen: boolean
  send(burst: Burst): void
  complete(): void
  /** Its source fails. */
  break(): void
  unsubscribe(): void
}

export type Burst = Extract<LoadAction, { do: 'send' }>

export interface StreamOptions {
  readonly index: number
  readonly plan: StreamPlan
  readonly kafka: Producer
  readonly fates: Fates
  readonly now: () => number
  /** The subscription ended, by itself. */
  readonly ended: (problem: string | undefined) => void
  /** A delivery came before one of an earlier record of a stream whose deliveries are to come in its order. */
  readonly outOfOrder: (detail: string) => void
}

/** What a subscriber throws that is meant to. */
export class ThrownOnPurpose extends Error {}

class SourceBroke extends Error {}

export function streamOf(options: StreamOptions): Stream {
  const { index, plan, kafka, fates, now } = options
  const records$ = new Subject<Sent>()
  let count = 0
  let deliveries = 0
  let latest = -1
  let state: 'open' | 'source ended' | 'left' = 'open'

  const next = (burst: Pick<Sent, 'topic' | 'aim' | 'size'> & { readonly flaw?: Flaw | undefined }): void => {
    const { topic, aim, size, flaw } = burst
    const id = `${index}.${count}`
    records$.next(fates.sent({ id, stream: index, index: count++, topic, aim, size, flaw, at: now() }))
  }
  const unsubscribe = (): void => {
    state = 'left'
    subscription.unsubscribe()
  }
  const behave = ({ context }: Delivery<Sent>): void => {
    const { echoes = 0, throwsAt, leavesAt } = plan
    deliveries++
    if (deliveries <= echoes && state === 'open') next({ ...context, flaw: undefined })
    if (deliveries === leavesAt) unsubscribe()
    if (throwsAt !== undefined && deliveries % throwsAt === 0) throw new ThrownOnPurpose(`delivery ${deliveries} of stream ${index}`)
  }
  const end = (problem?: string): void => {
    state = 'left'
    options.ended(problem)
  }
  const checkOrder = ({ context: { id, index: at } }: Delivery<Sent>): void => {
    if (plan.options?.ordered === true && at < latest) options.outOfOrder(`${id} after ${index}.${latest}`)
    latest = at
  }
  const subscription = records$.pipe(recordsIn(kafka, plan)).subscribe({
    next: (delivery) => {
      fates.told(delivery)
      checkOrder(delivery)
      behave(delivery)
    },
    complete: () => end(),
    error: (error: unknown) => end(error instanceof SourceBroke ? undefined : `stream ${index} ended with ${String(error)}`),
  })
  return {
    get isOpen() {
      return state === 'open'
    },
    send: (burst) => {
      for (let i = 0; i < burst.count && state === 'open'; i++) next(burst)
    },
    complete: () => ended(() => records$.complete()),
    break: () => ended(() => records$.error(new SourceBroke('the source broke'))),
    unsubscribe,
  }

  function ended(how: () => void): void {
    if (state !== 'open') return
    state = 'source ended'
    how()
  }
}
