/**
 *            trigger                trigger
 *   idle ─────────────► draining ─────────────► drainAgain
 *     ▲                  │    ▲                     │
 *     └── work returned ─┘    └─── work returned ───┘
 */
type LoopState = 'idle' | 'draining' | 'drainAgain'

/**
 * Runs `work` at every trigger, never within itself. A trigger that comes while it works (a subscriber that sends from within a
 * delivery) leaves a mark that the loop sees after the work returned: many become one, and none is lost, since the mark is only
 * cleared before the work begins anew.
 */
export function workLoop(work: () => void): () => void {
  let state: LoopState = 'idle'
  const again = (): boolean => state === 'drainAgain'
  return () => {
    if (state !== 'idle') {
      state = 'drainAgain'
      return
    }
    try {
      do {
        state = 'draining'
        work()
      } while (again())
    } finally {
      state = 'idle'
    }
  }
}
