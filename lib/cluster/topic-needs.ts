/** Which topics have to be asked for, and when: every question about the same topic waits longer than the one before, unless the answer was news. */

export interface TopicNeeds {
  /** Somebody needs fresh knowledge of the topic, until `until` on the clock. */
  want(topic: string, until: number, now: number): void
  /** Somebody needs it now. */
  isWanted(topic: string, now: number): boolean
  /** Nobody waits any more, or what was needed has come. How often it was asked is kept, for whoever needs it again. */
  settle(topic: string): void
  /** An answer had news: the next question need not wait long. */
  renew(topic: string): void
  /** The topics have been asked for. */
  asked(topics: readonly string[], now: number): void
  /** Forgets the needs whose time is over, and says whether there were any. */
  lapse(now: number): boolean
  /** What may be asked for now. */
  due(now: number): readonly string[]
  /** When the next question is due; undefined when nothing is needed. */
  nextAt(): number | undefined
}

interface Need {
  /** Undefined: not needed at present. */
  readonly until: number | undefined
  /** Not asked again before. */
  readonly notBefore: number
  /** Questions in a row without news. */
  readonly asked: number
}

/** `backoff`: how long to wait after so many questions, in ms; never more than `longest`. */
export function topicNeeds(backoff: (asked: number) => number, longest: number): TopicNeeds {
  const needs = new Map<string, Need>()

  const change = (topic: string, changed: Partial<Need>): void => {
    const need = needs.get(topic)
    if (need !== undefined) needs.set(topic, { ...need, ...changed })
  }
  const wanted = (): readonly (readonly [string, Need])[] => [...needs].filter(([, { until }]) => until !== undefined)

  return {
    want: (topic, until, now) => {
      const before = needs.get(topic)
      const rested = before === undefined || now - before.notBefore > longest
      const { notBefore, asked } = rested ? { notBefore: now, asked: 0 } : before
      needs.set(topic, { until: Math.max(until, before?.until ?? until), notBefore, asked })
    },
    isWanted: (topic, now) => {
      const until = needs.get(topic)?.until
      return until !== undefined && until > now
    },
    settle: (topic) => change(topic, { until: undefined }),
    renew: (topic) => change(topic, { asked: 0 }),
    asked: (topics, now) => {
      for (const topic of topics) {
        const asked = (needs.get(topic)?.asked ?? 0) + 1
        change(topic, { asked, notBefore: now + backoff(asked) })
      }
    },
    lapse: (now) => {
      const lapsed = wanted().filter(([, { until }]) => until !== undefined && until <= now)
      for (const [topic] of lapsed) needs.delete(topic)
      return lapsed.length > 0
    },
    due: (now) =>
      wanted()
        .filter(([, { notBefore }]) => notBefore <= now)
        .map(([topic]) => topic),
    nextAt: () => {
      const times = wanted().map(([, { notBefore }]) => notBefore)
      return times.length === 0 ? undefined : Math.min(...times)
    },
  }
}
