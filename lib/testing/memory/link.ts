/** A connection in memory: two ends, and what is on its way between them. */
import { Observable, Subject } from 'rxjs'
import { DisconnectError } from '../../errors'
import type { Socket } from '../../network/transport'
import type { Clock } from '../../time'
import { lineOf } from './line'
import type { LineConditions } from './line'

export interface Link {
  readonly client: Socket
  readonly broker: Socket
  /** Breaks it: both ends are told with an error, what is on its way is lost. */
  cut(): void
  /** The conditions have changed. */
  changed(): void
}

interface End extends Socket {
  arrive(bytes: Uint8Array): void
  /** Ends the incoming half: with an error when the link broke, else as if the peer had closed. */
  end(error?: DisconnectError): void
  changed(): void
}

export interface LinkOptions {
  readonly clock: Clock
  /** Read anew whenever something is written or arrives, so that they can change while the link is open. */
  readonly conditions: () => LineConditions
  /** Told once, when neither end will hear anything more. */
  readonly closed: () => void
}

export function linkOf(options: LinkOptions): Link {
  let open = 2
  const closed = (): void => {
    if (--open === 0) options.closed()
  }
  const client: End = endOf({ ...options, closed }, () => broker)
  const broker: End = endOf({ ...options, closed }, () => client)
  const cut = (): void => {
    const error = new DisconnectError('The connection was cut')
    client.end(error)
    broker.end(error)
  }
  const changed = (): void => {
    client.changed()
    broker.changed()
  }
  return { client, broker, cut, changed }
}

function endOf({ clock, conditions, closed }: LinkOptions, peer: () => End): End {
  const incoming = incomingOf()
  const outgoing = lineOf({ clock, conditions, arrive: (bytes) => peer().arrive(bytes), ended: () => peer().end() })

  const end = (error?: DisconnectError): void => {
    if (incoming.ended) return
    if (error !== undefined) outgoing.drop()
    incoming.end(error)
    outgoing.giveBack()
    closed()
  }

  return {
    data: incoming.data,
    write: (chunks, released = nothing) => {
      if (incoming.ended) clock.yield(released)
      else outgoing.write(chunks, released)
    },
    close: () => {
      if (incoming.ended) return
      outgoing.finish()
      end()
    },
    arrive: (bytes) => incoming.arrive(bytes),
    end,
    changed: () => outgoing.changed(),
  }
}

/** What arrived, kept until the one reader is there. */
function incomingOf() {
  const early: Uint8Array[] = []
  const arrived = new Subject<Uint8Array>()
  let ended: { readonly error: DisconnectError | undefined } | undefined

  const data = new Observable<Uint8Array>((subscriber) => {
    for (const bytes of early.splice(0)) subscriber.next(bytes)
    if (ended === undefined) return arrived.subscribe(subscriber)
    if (ended.error === undefined) return subscriber.complete()
    return subscriber.error(ended.error)
  })

  return {
    data,
    get ended() {
      return ended !== undefined
    },
    arrive(bytes: Uint8Array): void {
      if (ended !== undefined) return
      if (arrived.observed) arrived.next(bytes)
      else early.push(bytes)
    },
    end(error?: DisconnectError): void {
      ended = { error }
      if (error === undefined) arrived.complete()
      else arrived.error(error)
    },
  }
}

const nothing = (): void => undefined
