import type { Clock } from '../time'

export interface Gathering {
  /** Once more: the work is done after this turn of the event loop, however often that is said; or now, when it was said often enough. */
  readonly wish: () => void
  readonly cancel: () => void
}

/** Makes one piece of work of the wishes of a turn; whoever wishes without an end is heard every `most` wishes. */
export function gather(clock: Clock, most: number, work: () => void): Gathering {
  let wishes = 0
  let cancelTurn: (() => void) | undefined
  const cancel = (): void => {
    cancelTurn?.()
    cancelTurn = undefined
    wishes = 0
  }
  const grant = (): void => {
    cancel()
    work()
  }
  const wish = (): void => {
    if (++wishes >= most) return grant()
    cancelTurn ??= clock.yield(grant)
  }
  return { wish, cancel }
}
