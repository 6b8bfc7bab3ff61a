import { BufferExhaustedError } from '../errors'
import type { Delivery, Outlet, StreamTraits } from '../record'
import { inputOrder } from './input-order'
import type { Generation, Ledger } from './ledger'
import type { SendOptions } from './send-options'
import type { Teller } from './teller'

export interface SendAccountShared<C> {
  readonly ledger: Ledger
  /** Nothing lingers any more, until the returned function is called. */
  readonly hurry: () => () => void
  readonly teller: Teller<C>
  /** Called with each record's outlet once its delivery was given. With it every record has an outlet of its own. */
  readonly left: ((outlet: Outlet<C>) => void) | undefined
}

export interface SendAccount<C> {
  /** What the shared stages know of this stream. */
  readonly stream: StreamTraits
  /** Records that were accepted and whose deliveries were not given yet. */
  readonly unsettled: () => number
  /** One more record came in: whom to tell what becomes of it. */
  readonly accept: () => Outlet<C>
  /** A record that is not accepted: it has its delivery, and counts nowhere else. */
  readonly refuse: (delivery: Delivery<C>) => void
  /** The error with which the stream ends once everything is settled. */
  sourceFailed(error: unknown): void
  /** No record will come any more; what is left does not wait for others. */
  readonly close: () => void
}

/** Keeps count of one stream's records, and ends it when the last of them is settled. */
export function sendAccount<C>(shared: SendAccountShared<C>, options: SendOptions): SendAccount<C> {
  const { ledger, hurry, teller, left } = shared
  const { ordered = false, overflow = 'wait' } = options
  const stream: StreamTraits = { waitsForRoom: overflow === 'wait' }
  let unsettled = 0
  let endHurry: (() => void) | undefined
  let sourceError: { readonly error: unknown } | undefined

  const endWhenDone = (): void => {
    if (endHurry === undefined || unsettled > 0) return
    endHurry()
    teller.end(sourceError)
  }
  const settle = (generation: Generation, delivery: Delivery<C>): void => {
    unsettled--
    try {
      teller.tell(delivery)
    } finally {
      ledger.settled(generation, delivery)
      endWhenDone()
    }
  }
  const current = outlets<C>(
    { ledger, stream },
    overflow === 'drop' ? (generation, delivery) => settle(generation, dropped(delivery)) : settle,
  )
  const accept = (): Outlet<C> => {
    const outlet = current()
    ledger.accepted(outlet.generation)
    unsettled++
    return outlet
  }
  const place = ordered ? inputOrder<C>(left) : left && ((next: Outlet<C>) => new CountedOutlet(next, left))
  /** Also what is refused has its place, and the stream does not end before it. */
  const unaccepted: Outlet<C> = {
    settle: (delivery) => {
      unsettled--
      teller.tell(delivery)
      endWhenDone()
    },
  }
  return {
    stream,
    unsettled: () => unsettled,
    accept: place === undefined ? accept : () => place(accept()),
    refuse: (delivery) => {
      unsettled++
      const refused = place === undefined ? unaccepted : place(unaccepted)
      refused.settle(delivery)
    },
    sourceFailed: (error) => {
      sourceError = { error }
    },
    close: () => {
      endHurry = hurry()
      endWhenDone()
    },
  }
}

type Settle<C> = (generation: Generation, delivery: Delivery<C>) => void

/** One outlet for all records of a generation: a flush begins a new one. */
function outlets<C>({ ledger, stream }: { readonly ledger: Ledger; readonly stream: StreamTraits }, settle: Settle<C>) {
  const outletOf = (generation: Generation) => ({
    generation,
    stream,
    settle: (delivery: Delivery<C>) => settle(generation, delivery),
  })
  let outlet = outletOf(ledger.current)
  return () => {
    if (outlet.generation !== ledger.current) outlet = outletOf(ledger.current)
    return outlet
  }
}

/** An outlet of its own for each record, by which it is counted. A class: a closure for each would cost more. */
class CountedOutlet<C> implements Outlet<C> {
  readonly stream: StreamTraits | undefined

  constructor(
    private readonly next: Outlet<C>,
    private readonly left: (outlet: Outlet<C>) => void,
  ) {
    this.stream = next.stream
  }

  settle(delivery: Delivery<C>): void {
    this.next.settle(delivery)
    this.left(this)
  }
}

const dropped = <C>(delivery: Delivery<C>): Delivery<C> =>
  delivery.type === 'failed' && delivery.error instanceof BufferExhaustedError
    ? { type: 'skipped', reason: 'dropped', context: delivery.context }
    : delivery
