import { Subject } from 'rxjs'
import { activity } from '../../lib/cli/activity'
import type { Change } from '../../lib/cli/activity'
import { activityLine, activityPicture, summary } from '../../lib/cli/activity-text'
import type { AppendedBatch, Arrived } from '../../lib/entries/testing'
import { virtualTime } from '../../lib/testing/virtual-time'

const batch = (topic: string, records: number, bytes = 100 * records): AppendedBatch => ({
  ...{ topic, partition: 0, records, bytes, baseOffset: 0n },
})

const watched = (topics: readonly string[] = []) => {
  const time = virtualTime()
  const [appended$, requests$, until$] = [new Subject<AppendedBatch>(), new Subject<Arrived>(), new Subject<void>()]
  const changes: Change[] = []
  let ended = false
  activity({ appended$, requests$ }, { topics, every: 1000, scheduler: time.scheduler, until$ }).subscribe({
    next: (change) => changes.push(change),
    complete: () => (ended = true),
  })
  const ask = (clientId: string | null) => requests$.next({ clientId } as Arrived)
  return { time, appended$, ask, changes, end: () => until$.next(), hasEnded: () => ended }
}

const recordsOf = ({ before, now }: Change, topic: string) => [before, now].map(({ topics }) => topics.get(topic)?.records)

describe('activity', () => {
  it('looks at once, then not before something has come', () => {
    const { time, changes } = watched(['orders'])
    expect(changes.map((change) => recordsOf(change, 'orders'))).toEqual([[0, 0]])
    time.advance(3_600_000)
    expect(changes).toHaveLength(1)
  })

  it('looks once after each interval in which something came, and once more when nothing does', () => {
    const { time, appended$, changes } = watched()
    for (let i = 0; i < 100; i++) {
      appended$.next(batch('orders', 10))
      time.advance(20)
    }
    time.advance(10_000)
    expect(changes.slice(1).map((change) => recordsOf(change, 'orders'))).toEqual([
      [undefined, 500],
      [500, 1000],
      [1000, 1000],
    ])
  })

  it('reckons with the time between two looks, and after a silence with the interval', () => {
    const { time, appended$, changes } = watched()
    time.advance(60_000)
    appended$.next(batch('orders', 10))
    time.advance(1000)
    appended$.next(batch('orders', 10))
    time.advance(1000)
    expect(changes.slice(1).map(({ seconds }) => seconds)).toEqual([1, 1])
  })

  it('looks a last time when it ends, and leaves no timer', async () => {
    const { time, appended$, changes, end, hasEnded } = watched()
    appended$.next(batch('orders', 10))
    end()
    expect(changes.slice(1).map((change) => recordsOf(change, 'orders'))).toEqual([[undefined, 10]])
    expect(hasEnded()).toBe(true)
    expect(appended$.observed).toBe(false)
    await time.settle()
    expect(time.now).toBe(0)
  })

  it('knows clients by what they call themselves, and counts requests', () => {
    const { ask, changes, end } = watched()
    for (const client of ['kcat', null, '', 'kafkajs', 'kcat']) ask(client)
    end()
    expect(changes.at(-1)?.now).toMatchObject({ requests: 5, clients: new Set(['kcat', 'kafkajs']) })
  })
})

describe('the text of an activity', () => {
  const change = (): Change => {
    const { time, appended$, ask, changes, end } = watched(['orders', 'empty'])
    time.advance(45_296_000)
    ask('kcat')
    appended$.next(batch('orders', 1234, 2_500_000))
    appended$.next(batch('payments', 1, 61))
    time.advance(1000)
    end()
    const [, found] = changes
    if (found === undefined) throw new Error('nothing was seen')
    return found
  }

  it('is a line of what is new', () => {
    const words = 'first request of kcat; orders +1,234 (2.4 MiB), 1,234 in all; payments +1 (61 B), 1 in all'
    expect(activityLine(change())).toBe(`12:34:57  ${words}`)
  })

  it('is no line when nothing is new', () => {
    const { now } = change()
    expect(activityLine({ before: now, now: { ...now, requests: 99 }, seconds: 1 })).toBeUndefined()
  })

  it('is a picture of everything', () => {
    expect(activityPicture(change()).split('\n')).toEqual([
      'topic     records  records/s    bytes  bytes/s',
      'orders      1,234      1,234  2.4 MiB  2.4 MiB',
      'empty           0          0      0 B      0 B',
      'payments        1          1     61 B     61 B',
      '',
      '1 requests, 1/s; clients: kcat',
    ])
  })

  it('sums up', () => {
    expect(summary(change().now)).toBe('ended; 1,235 records had come to 2 topics')
    expect(summary({ ...change().now, topics: new Map([['orders', { records: 1, bytes: 9 }]]) })).toBe(
      'ended; 1 record had come to 1 topic',
    )
  })
})
