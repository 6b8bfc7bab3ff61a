/** Batches that are refused, lost or split, and sent again. */
import { isMany, journey, large, nameOf, names } from '../support/journey'
import type { Produced } from '../support/journey'
import { textOf } from '../support/producing'

const gaps = (produced: readonly Produced[]): number[] => produced.slice(1).map(({ at }, i) => at - (produced[i]?.at ?? 0))

const valuesOf = ({ partitions }: Produced): readonly string[] => partitions.flatMap(({ values }) => values.map(nameOf))

describe('a batch that is refused for now', () => {
  it('is sent again after pauses that double up to their limit, each up to a fifth shorter or longer', () => {
    const { send, time, produced, cluster, log } = journey({ retryBackoff: 100, retryBackoffMax: 1000 })
    cluster.next('Produce', { times: 6 }).fail('NOT_ENOUGH_REPLICAS')
    send('a')
    time.advance(10_000)
    expect(log).toEqual(['a delivered'])
    const seen = gaps(produced)
    expect(seen).toHaveLength(6)
    seen.forEach((gap, i) => {
      const pause = Math.min(1000, 100 * 2 ** i)
      // Two more are spent on the way there and back.
      expect(gap).toBeGreaterThanOrEqual(Math.floor(pause * 0.8) + 2)
      expect(gap).toBeLessThanOrEqual(Math.ceil(Math.min(1000, pause * 1.2)) + 3)
    })
    expect(new Set(produced.map(({ partitions }) => Buffer.from(partitions[0]?.bytes ?? []).toString('hex'))).size).toBe(1)
  })

  it('does not hold up another partition of its broker during its pause', () => {
    const { send, time, produced, cluster, log } = journey({
      ...{ retryBackoff: 5000, retryBackoffMax: 5000 },
      cluster: { topics: { orders: 2 } },
    })
    cluster.next('Produce', { partition: 0 }).fail('NOT_ENOUGH_REPLICAS')
    send('a', { partition: 0 })
    time.advance(100)
    send('b', { partition: 1 })
    time.advance(100)
    expect([log, produced.map(valuesOf)]).toEqual([['b delivered'], [['a'], ['b']]])
    time.advance(10_000)
    expect(log).toEqual(['b delivered', 'a delivered'])
  })

  it('is tried once more than `retries` says, and then fails with what the broker said', () => {
    const { send, time, produced, cluster, log } = journey({ retries: 2 })
    cluster.every('Produce').fail('NOT_ENOUGH_REPLICAS')
    send('a')
    time.advance(60_000)
    expect([produced.length, log]).toEqual([3, ['a NOT_ENOUGH_REPLICAS']])
  })

  it('is sent again over a new connection when the old one broke under it', () => {
    const { send, time, produced, cluster, log, values } = journey()
    cluster.next('Produce').cutBefore()
    send('a')
    time.advance(10_000)
    expect([produced.length, log, values()]).toEqual([2, ['a delivered'], ['a']])
  })
})

describe('a record that is sent from within an event', () => {
  const crowded = { topics: { orders: { partitions: 1, configs: { 'max.message.bytes': '1200' } } } }

  it('about a retry does not make that leave before its pause', () => {
    const { kafka, send, time, produced, cluster, log, values } = journey({ linger: 0, retryBackoff: 1000, retryBackoffMax: 1000 })
    cluster.next('Produce').fail('NOT_ENOUGH_REPLICAS')
    kafka.events$.subscribe(({ type }) => {
      if (type === 'retry') send('b')
    })
    send('a')
    time.advance(700)
    expect(produced.map(valuesOf)).toEqual([['a']])
    time.advance(1000)
    expect([log, values()]).toEqual([
      ['a delivered', 'b delivered'],
      ['a', 'b'],
    ])
  })

  it('about a split comes behind all of its parts, none of which is sent empty', () => {
    const { kafka, send, rest, produced, log, values } = journey({ linger: 0, cluster: crowded, maxInFlight: 1 })
    let splits = 0
    kafka.events$.subscribe(({ type }) => {
      if (type === 'split') send(`split ${splits++}`)
    })
    for (const name of names(4)) send(name, large(name, 700))
    rest()
    expect(splits).toBeGreaterThan(0)
    expect(produced.map(valuesOf).filter((each) => each.length === 0)).toEqual([])
    expect(values().map(nameOf)).toEqual([...names(4), ...Array.from({ length: splits }, () => 'split')])
    expect(log).toHaveLength(4 + splits)
  })
})

describe('a batch that is refused for good', () => {
  it.each([
    ['UNSUPPORTED_FOR_MESSAGE_FORMAT', 43],
    ['TOPIC_AUTHORIZATION_FAILED', 29],
    ['INVALID_REQUEST', 42],
  ] as const)('with %s fails alone, and the next record is delivered', (code, number) => {
    const { send, time, produced, cluster, log, deliveries } = journey()
    cluster.next('Produce').fail(code)
    send('a')
    time.advance(100)
    send('b')
    time.advance(100)
    expect([produced.length, log]).toEqual([2, [`a ${code}`, 'b delivered']])
    expect(deliveries[0]).toMatchObject({ type: 'failed', topic: 'orders', partition: 0, error: { code, errorCode: number, fatal: false } })
  })

  it('says what the broker says, and what the error means when that says nothing', () => {
    const { send, time, cluster, deliveries } = journey()
    cluster.next('Produce').change((answer) => ({
      ...answer,
      responses: answer.responses.map((topic) => ({
        ...topic,
        partitionResponses: topic.partitionResponses.map((each) => ({ ...each, errorCode: 42, errorMessage: 'the moon is full' })),
      })),
    }))
    send('a')
    time.advance(100)
    cluster.next('Produce').fail('INVALID_REQUEST')
    send('b')
    time.advance(100)
    const messages = deliveries.map((delivery) => (delivery.type === 'failed' ? delivery.error.message : ''))
    expect(messages[0]).toContain('the moon is full')
    expect(messages[1]).toContain('INVALID_REQUEST')
    expect(messages[1]).not.toContain('the moon is full')
  })
})

describe('a batch that is too large', () => {
  const crowded = { linger: 50, cluster: { topics: { orders: { partitions: 1, configs: { 'max.message.bytes': '1200' } } } } }

  it('is split until each record lies alone, and that has an end: none is lost, doubled or moved', () => {
    const { send, rest, log, values, deliveries } = journey(crowded)
    for (const name of names(100)) send(name, large(name, 1000))
    rest()
    expect(values().map(nameOf)).toEqual(names(100))
    expect(log).toEqual(names(100).map((name) => `${name} delivered`))
    expect(deliveries.map((delivery) => (delivery.type === 'delivered' ? Number(delivery.offset) : -1))).toEqual(names(100).map(Number))
  })

  it('has in its parts all that was in it: headers, keys and times', () => {
    const { send, rest, cluster } = journey(crowded)
    for (const name of names(10)) {
      send(name, {
        key: `key ${name}`,
        timestamp: 1000 + Number(name),
        headers: { place: name, ['header-key']: 'header-value' },
        ...large(name, 500),
      })
    }
    rest()
    const read = cluster.records('orders').map(({ key, timestamp, headers }) => ({
      ...{ key: textOf(key), timestamp },
      headers: headers.map((header) => `${header.key}=${textOf(header.value)}`),
    }))
    expect(read).toEqual(
      names(10).map((name) => ({
        ...{ key: `key ${name}`, timestamp: 1000 + Number(name) },
        headers: [`place=${name}`, 'header-key=header-value'],
      })),
    )
  })

  it('does not count as tried: its parts go out though there are no retries', () => {
    const { send, rest, log, events } = journey({ ...crowded, retries: 0 })
    for (const name of names(8)) send(name, large(name, 1000))
    rest()
    expect(log).toEqual(names(8).map((name) => `${name} delivered`))
    expect(events.map(({ type }) => type)).toContain('split')
  })

  it('fails alone when it is one record', () => {
    const { send, rest, log } = journey(crowded)
    send('a')
    send('large', large('large', 2000))
    send('b')
    rest()
    expect([...log].sort()).toEqual(['a delivered', 'b delivered', 'large MESSAGE_TOO_LARGE'])
  })
})

describe('a record that the broker names in its refusal', () => {
  it('fails with what was said of it, or with the error’s own words, and its neighbours are delivered', () => {
    const { send, time, cluster, log, deliveries } = journey()
    cluster.next('Produce', { where: isMany }).change((answer) => ({
      ...answer,
      responses: answer.responses.map((topic) => ({
        ...topic,
        partitionResponses: topic.partitionResponses.map((each) => ({
          ...{ ...each, errorCode: 87, baseOffset: -1n },
          recordErrors: [0, 2, 3].map((batchIndex) => ({
            ...{ batchIndex, unknownTaggedFields: [] },
            batchIndexErrorMessage: batchIndex === 3 ? null : `complaint ${batchIndex}`,
          })),
        })),
      })),
    }))
    for (const name of names(5)) send(name)
    time.advance(10_000)
    expect([...log].sort()).toEqual(['0 INVALID_RECORD', '1 delivered', '2 INVALID_RECORD', '3 INVALID_RECORD', '4 delivered'])
    const said = new Map(deliveries.map((delivery) => [delivery.context, delivery.type === 'failed' ? delivery.error.message : '']))
    expect([said.get('0'), said.get('2')]).toEqual([expect.stringContaining('complaint 0'), expect.stringContaining('complaint 2')])
    expect(said.get('3')).not.toContain('complaint')
  })
})
