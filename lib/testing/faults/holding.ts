/** Requests that a broker has and does nothing about, until they are let go. */
import { Observable } from 'rxjs'
import { DisconnectError, ProtocolError } from '../../errors'
import type { Cancel, Clock } from '../../time'
import type { Effect } from './effects'

/** That the connection is to end is nothing to one that has ended; a defect is. */
const unlessEnded = (error: unknown): void => {
  if (!(error instanceof DisconnectError || error instanceof ProtocolError)) throw error
}

export interface Holding {
  readonly effect: Effect
  readonly waiting: () => number
  readonly release: () => void
}

/** `ms`: after so long each goes by itself. */
export function holding(clock: Clock, ms?: number): Holding {
  const held = new Map<() => void, Cancel | undefined>()

  const keep = (go: () => void): void => {
    const goes = (): void => {
      held.get(goes)?.()
      if (held.delete(goes)) go()
    }
    held.set(goes, ms === undefined ? undefined : clock.schedule(ms, goes))
  }
  const around: Effect['around'] = (answer$, { node }) =>
    new Observable((subscriber) => {
      keep(() => {
        if (!subscriber.closed) subscriber.add(answer$.subscribe(subscriber))
        // The connection broke: it is handled for nobody, by a broker that is paused when it goes on; not when the broker is gone as well.
        else if (node.status !== 'down') answer$.subscribe({ error: unlessEnded })
      })
    })

  return {
    effect: { around },
    waiting: () => held.size,
    release: () => {
      for (const goes of [...held.keys()]) goes()
    },
  }
}
