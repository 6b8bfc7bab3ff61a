/** What a producer makes of records, topics and partitions, and what it says of those that it cannot send. */
import { from, of } from 'rxjs'
import { ConfigError } from '../../lib/errors'
import type { Header } from '../../lib/record'
import { string } from '../../lib/serializers/text'
import { journey, names } from '../support/journey'
import { order, textOf, watch } from '../support/producing'

describe('metadata', () => {
  it('is asked for once, and not again by later records, nor by partitionsFor', () => {
    const { send, time, kafka, asked, log } = journey()
    const questions = () => asked.filter((api) => api === 'Metadata').length
    expect(questions()).toBe(1)
    for (const name of names(5)) send(name)
    time.advance(100)
    const counts: number[] = []
    kafka.partitionsFor('orders').subscribe(({ length }) => counts.push(length))
    send('last')
    time.advance(100)
    expect([log.length, counts, questions()]).toEqual([6, [1], 1])
  })

  it('is asked for again, with pauses, while a topic is not there, and its records are sent when it is', () => {
    const { time, kafka, cluster, asked } = journey({ cluster: { configs: { 'auto.create.topics.enable': 'false' } } })
    const before = asked.length
    const { log } = watch(of(order('a', { topic: 'later' })).pipe(kafka.send()))
    time.advance(5000)
    expect([log, asked.length - before > 3]).toEqual([[], true])
    cluster.createTopic('later', 1)
    time.advance(2000)
    expect(log).toEqual(['a delivered', '|'])
  })

  it.each(['records', 'partitionsFor'])(
    'of a topic that does not come ends the patience of its %s after maxBlock, with the reason',
    (who) => {
      const { time, kafka } = journey({ maxBlock: 30_000, cluster: { configs: { 'auto.create.topics.enable': 'false' } } })
      const failures: unknown[] = []
      if (who === 'partitionsFor') kafka.partitionsFor('nowhere').subscribe({ error: ({ code }: { code: string }) => failures.push(code) })
      else
        of(order('a', { topic: 'nowhere' }))
          .pipe(kafka.send())
          .subscribe((delivery) => failures.push(delivery.type === 'failed' && delivery.error.code))
      time.advance(29_999)
      expect(failures).toEqual([])
      time.advance(1)
      expect(failures).toEqual(['UNKNOWN_TOPIC_OR_PARTITION'])
    },
  )
})

describe('a topic with a name that cannot be', () => {
  it('fails its record as soon as a broker says so, with all that is known of it', () => {
    const { send, time, deliveries, log } = journey()
    send('a', { topic: 'topic abc' })
    time.advance(100)
    expect(deliveries).toEqual([
      { type: 'failed', topic: 'topic abc', context: 'a', error: expect.objectContaining({ code: 'INVALID_TOPIC_EXCEPTION' }) },
    ])
    send('b')
    time.advance(100)
    expect(log).toEqual(['a INVALID_TOPIC_EXCEPTION', 'b delivered'])
  })

  it.each([[undefined], [null], [5], ['']])('is %p for partitionsFor, which says so and asks nobody', (topic) => {
    const { time, kafka, asked } = journey()
    const before = asked.length
    const errors: unknown[] = []
    kafka.partitionsFor(topic as unknown as string).subscribe({ error: (error: unknown) => errors.push(error) })
    time.advance(1000)
    expect(errors).toEqual([expect.objectContaining({ code: 'INVALID_CONFIG' })])
    expect(asked).toHaveLength(before)
  })
})

describe('the headers of a record', () => {
  it('are what they were when it was sent, whatever becomes of them afterwards', () => {
    const { send, time, cluster } = journey()
    const value = Buffer.from('header2')
    const headers: { key: string; value: Uint8Array }[] = [{ key: 'test', value }]
    const object: Record<string, string> = { test: 'header3' }
    send('a', { headers })
    send('b', { headers: object })
    headers.push({ key: 'late', value })
    headers.splice(0, 1)
    value.fill(0)
    object['late'] = 'x'
    time.advance(100)
    expect(cluster.records('orders').map(({ headers: read }) => read.map((each) => `${each.key}=${textOf(each.value)}`))).toEqual([
      ['test=header2'],
      ['test=header3'],
    ])
  })

  it('are shown to the serializers of key and value', () => {
    const { kafka, time } = journey()
    const seen: string[] = []
    const showing = (name: string) => (text: string, headers: readonly Header[]) => {
      seen.push(`${name} ${headers.map(({ key, value }) => `${key}=${textOf(value)}`).join()}`)
      return string()(text, headers)
    }
    of(order('a', { key: 'k', headers: { test: 'header2' } }))
      .pipe(kafka.send({ key: showing('key'), value: showing('value') }))
      .subscribe()
    time.advance(100)
    expect(seen).toEqual(['key test=header2', 'value test=header2'])
  })

  it('stay the caller’s own when the record has failed: it can be changed and sent again', () => {
    const { kafka, time, cluster } = journey({ maxBlock: 100, cluster: { configs: { 'auto.create.topics.enable': 'false' } } })
    const headers: Record<string, string> = { attempt: '1' }
    const record = order('a', { topic: 'nowhere', headers })
    const first = watch(of(record).pipe(kafka.send()))
    time.advance(200)
    expect(first.log).toEqual(['a UNKNOWN_TOPIC_OR_PARTITION', '|'])
    headers['attempt'] = '2'
    const second = watch(of({ ...record, topic: 'orders' }).pipe(kafka.send()))
    time.advance(100)
    expect(second.log).toEqual(['a delivered', '|'])
    expect(cluster.records('orders').map((read) => read.headers.map(({ value }) => textOf(value)))).toEqual([['2']])
  })
})

describe('closing', () => {
  it.each([-1, -100, NaN])('with a timeout of %d is refused, and nothing has changed', (timeout) => {
    const { kafka, send, time, log } = journey()
    expect(() => kafka.close({ timeout })).toThrow(ConfigError)
    send('a')
    time.advance(100)
    expect(log).toEqual(['a delivered'])
  })

  it('fails records that wait for a topic which never comes, and those that are on their way', () => {
    const { kafka, send, time, cluster, log } = journey({ cluster: { configs: { 'auto.create.topics.enable': 'false' } } })
    cluster.every('Produce').hold()
    send('on its way')
    time.advance(100)
    send('waits', { topic: 'nowhere' })
    kafka.close({ timeout: 1000 }).subscribe()
    time.advance(1000)
    expect([...log].sort()).toEqual(['on its way OUTCOME_UNKNOWN', 'waits PRODUCER_CLOSED'])
  })

  it('tells nobody twice when the answer comes after it has given up', () => {
    const { kafka, send, time, cluster, log } = journey()
    const held = cluster.next('Produce').hold()
    send('a')
    time.advance(100)
    kafka.close({ timeout: 0 }).subscribe()
    time.advance(10)
    held.release()
    time.advance(1000)
    expect(log).toEqual(['a OUTCOME_UNKNOWN'])
  })
})

describe('a delivery', () => {
  it('is had for each of many records, at the offset at which it lies', () => {
    const { kafka, time, cluster } = journey()
    const { deliveries } = watch(from(names(50).map((name) => order(name))).pipe(kafka.send()))
    time.advance(1000)
    const lies = new Map(cluster.records('orders').map(({ offset, value }) => [textOf(value), offset]))
    expect(deliveries.map((delivery) => delivery.type === 'delivered' && delivery.offset === lies.get(delivery.context))).toEqual(
      Array(50).fill(true),
    )
  })
})
