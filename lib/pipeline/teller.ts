import type { Subscriber } from 'rxjs'
import { DeliveriesFailedError } from '../errors'
import type { ProducerEvent } from '../events'
import type { Delivery, Failed } from '../record'
import type { SendOptions } from './send-options'

/** So many failures are kept for the error of a stream; a stream without an end must not gather them without one. */
const KEPT_FAILURES = 1000

/** What the subscriber of a stream hears. */
export interface Teller<C> {
  /** One record has its delivery. */
  readonly tell: (delivery: Delivery<C>) => void
  /** All have theirs, and the source has ended, maybe with an error. */
  readonly end: (sourceError?: { readonly error: unknown }) => void
}

type Report = (event: ProducerEvent) => void

type TellerFor = <C>(subscriber: Subscriber<Delivery<C>>, report: Report) => Teller<C>

/** Whoever has left hears nothing any more: what is settled then is an event. */
const TELLERS: Readonly<Record<NonNullable<SendOptions['onError']>, TellerFor>> = { emit: emitting, stop: stopping, delay: delaying }

export function tellerFor<C>(subscriber: Subscriber<Delivery<C>>, report: Report, { onError = 'emit' }: SendOptions): Teller<C> {
  return TELLERS[onError](subscriber, report)
}

function emitting<C>(subscriber: Subscriber<Delivery<C>>, report: Report): Teller<C> {
  return {
    tell: (delivery) => {
      if (subscriber.closed) report({ type: 'orphaned', delivery })
      else subscriber.next(delivery)
    },
    end: (sourceError) => {
      if (sourceError === undefined) subscriber.complete()
      else subscriber.error(sourceError.error)
    },
  }
}

function stopping<C>(subscriber: Subscriber<Delivery<C>>, report: Report): Teller<C> {
  const { tell, end } = emitting(subscriber, report)
  return {
    tell: (delivery) => {
      if (delivery.type === 'failed' && !subscriber.closed) subscriber.error(delivery.error)
      else tell(delivery)
    },
    end,
  }
}

function delaying<C>(subscriber: Subscriber<Delivery<C>>, report: Report): Teller<C> {
  const { tell, end } = emitting(subscriber, report)
  let kept: Failed<C>[] = []
  let total = 0

  // Whoever leaves before the end would not hear of them.
  subscriber.add(() => {
    for (const delivery of kept) report({ type: 'orphaned', delivery })
  })
  const keep = (failure: Failed<C>): void => {
    total++
    if (kept.length < KEPT_FAILURES) kept.push(failure)
    else report({ type: 'orphaned', delivery: failure })
  }
  return {
    tell: (delivery) => {
      if (delivery.type === 'failed' && !subscriber.closed) keep(delivery)
      else tell(delivery)
    },
    end: (sourceError) => {
      const failures = kept
      kept = []
      if (total === 0) end(sourceError)
      else subscriber.error(new DeliveriesFailedError(failures, total, sourceError?.error))
    },
  }
}
