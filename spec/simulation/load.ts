/** What is sent, and when: single records, bursts, records that cannot be sent, streams that end in all ways. */
import type { Chance } from './chance'
import type { Aim, Flaw, LoadAction, Step } from './plan'

export interface LoadOptions {
  /** Milliseconds. */
  readonly span: number
  readonly topics: readonly string[]
  readonly streams: number
}

export function loadOf(chance: Chance, options: LoadOptions): Step[] {
  const { span, streams } = options
  const sends = chance.times(chance.between(3, 30), () => sendOf(chance, options))
  const flushes = chance.times(chance.between(0, 3), (): LoadAction => ({ do: 'flush' }))
  const ends = chance.times(streams, (stream) => endOf(chance, stream)).flat()
  const closes: LoadAction[] = chance.percent(25) ? [{ do: 'close', timeout: chance.pick([0, 100, 2000, 30_000]) }] : []
  return [
    ...[...sends, ...flushes].map((action) => ({ ...action, at: chance.between(0, span) })),
    // Streams end late: what ends early has nothing to lose.
    ...[...ends, ...closes].map((action) => ({ ...action, at: chance.between(span / 2, span) })),
  ]
}

function sendOf(chance: Chance, { topics, streams }: LoadOptions): LoadAction {
  const flaw = chance.percent(5) ? chance.pick<Flaw>(['poison', 'huge', 'no topic', 'no partition']) : undefined
  const aim = chance.weighted({ keys: 4, anywhere: 4, partition: 2 })
  return {
    ...{ do: 'send', stream: chance.between(0, streams - 1), topic: chance.pick(topics) },
    aim: aim === 'partition' ? chance.between(0, 1) : (aim satisfies Aim),
    count: chance.pick([1, 1, 3, 10, 30, 60]),
    size: chance.pick([0, 10, 100, 100, 500, 2000, 3900]),
    ...(flaw && { flaw }),
  }
}

function endOf(chance: Chance, stream: number): LoadAction[] {
  const end = chance.weighted({ stays: 30, complete: 30, unsubscribe: 30, break: 10 })
  return end === 'stays' ? [] : [{ do: end, stream }]
}
