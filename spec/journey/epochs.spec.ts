/** When the numbers of a partition begin anew under another epoch, and when its partitions follow that. */
import { bumps, carrying, flying, journey, names, numbered } from '../support/journey'
import type { ProduceResponse } from '../../lib/generated/messages/ProduceResponse'

const two = { topics: { orders: 2 } }

/** The highest that there is. */
const LAST_EPOCH = 32_767

describe('a batch that is out of order though nothing is before it', () => {
  it('begins the numbers of its partition anew under the next epoch', () => {
    const { send, rest, produced, log, values, cluster, events } = flying()
    cluster.next('Produce').fail('OUT_OF_ORDER_SEQUENCE_NUMBER')
    send('a')
    rest()
    send('b')
    rest()
    expect(numbered(produced)).toEqual(['a 0:1', 'a 1:0', 'b 1:1'])
    expect(log).toEqual(['a delivered', 'b delivered'])
    expect([values(), bumps(events)]).toEqual([['known', 'a', 'b'], [1]])
  })

  it('does so as the first of all', () => {
    const { send, rest, produced, log, values, cluster, events } = journey()
    cluster.next('Produce').fail('OUT_OF_ORDER_SEQUENCE_NUMBER')
    send('a')
    rest()
    expect([numbered(produced), log]).toEqual([['a 0:0', 'a 1:0'], ['a delivered']])
    expect([values(), bumps(events)]).toEqual([['a'], [1]])
  })

  it('is sent again with its number while what is before it has no end', () => {
    const { send, rest, produced, values, cluster, events } = flying()
    cluster.next('Produce', { where: carrying('a') }).fail('NOT_ENOUGH_REPLICAS')
    for (const name of ['a', 'b']) send(name)
    rest()
    expect(numbered(produced)).toEqual(['a 0:1', 'b 0:2', 'a 0:1', 'b 0:2'])
    expect([values(), bumps(events)]).toEqual([['known', 'a', 'b'], []])
  })
})

describe('another partition, after one has begun a new epoch', () => {
  it('that is idle begins it with its next batch', () => {
    const { send, rest, produced, log, values, cluster, events } = flying({ cluster: two })
    cluster.next('Produce', { partition: 0 }).fail('OUT_OF_ORDER_SEQUENCE_NUMBER')
    send('a', { partition: 0 })
    rest()
    send('b', { partition: 1 })
    rest()
    expect([numbered(produced, 1), log]).toEqual([['b 1:0'], ['a delivered', 'b delivered']])
    expect([values('orders', 1), bumps(events)]).toEqual([['known', 'b'], [1]])
  })

  it('sends what it has under the old one again unchanged, until that is taken', () => {
    const { send, time, rest, produced, values, cluster, events } = flying({ cluster: two })
    cluster.next('Produce', { partition: 1, times: 2 }).fail('NOT_ENOUGH_REPLICAS')
    cluster.next('Produce', { where: carrying('a') }).fail('OUT_OF_ORDER_SEQUENCE_NUMBER')
    send('b', { partition: 1 })
    send('a', { partition: 0 })
    time.advance(50)
    send('c', { partition: 1 })
    rest()
    send('d', { partition: 1 })
    rest()
    expect(numbered(produced, 1)).toEqual(['b 0:1', 'b 0:1', 'b 0:1', 'c 1:0', 'd 1:1'])
    expect(numbered(produced, 0)).toEqual(['a 0:1', 'a 1:0'])
    expect([values('orders', 0), values('orders', 1), bumps(events)]).toEqual([['known', 'a'], ['known', 'b', 'c', 'd'], [1]])
  })

  it('begins it when its batch of the old one has failed: the same epoch, and no third', () => {
    const { send, rest, produced, log, values, cluster, events } = flying({ cluster: two, retries: 2 })
    cluster.next('Produce', { partition: 1, times: 3 }).fail('NOT_ENOUGH_REPLICAS')
    cluster.next('Produce', { where: carrying('a') }).fail('OUT_OF_ORDER_SEQUENCE_NUMBER')
    send('b', { partition: 1 })
    send('a', { partition: 0 })
    rest()
    send('c', { partition: 1 })
    rest()
    expect(numbered(produced, 1)).toEqual(['b 0:1', 'b 0:1', 'b 0:1', 'c 1:0'])
    expect(log).toEqual(['a delivered', 'b NOT_ENOUGH_REPLICAS', 'c delivered'])
    expect([values('orders', 1), bumps(events)]).toEqual([['known', 'c'], [1]])
  })
})

describe('a broker that does not know the producer', () => {
  /** Where its log begins, as the answer says it: Kafka before 3 told by that whether records had only grown too old. */
  const beginningAt =
    (logStartOffset: bigint) =>
    (answer: ProduceResponse): ProduceResponse => ({
      ...answer,
      responses: answer.responses.map((topic) => ({
        ...topic,
        partitionResponses: topic.partitionResponses.map((each) => ({ ...each, logStartOffset })),
      })),
    })

  it.each([
    ['after retention', 1010n],
    ['and does not say why', -1n],
    ['though nothing was deleted', 0n],
  ])('%s gets the batch again under another epoch', (_when, logStartOffset) => {
    const { send, rest, produced, log, values, cluster, events } = flying()
    cluster.next('Produce').fail('UNKNOWN_PRODUCER_ID')
    cluster.next('Produce').change(beginningAt(logStartOffset))
    send('a')
    rest()
    expect([numbered(produced), log]).toEqual([['a 0:1', 'a 1:0'], ['a delivered']])
    expect([values(), bumps(events)]).toEqual([['known', 'a'], [1]])
  })

  it('gets all that were on their way again, in order, after one bump', () => {
    const { send, rest, produced, log, values, cluster, events } = flying()
    cluster.next('Produce', { times: 2 }).fail('UNKNOWN_PRODUCER_ID')
    for (const name of ['a', 'b']) send(name)
    rest()
    expect(numbered(produced)).toEqual(['a 0:1', 'b 0:2', 'a 1:0', 'b 1:1'])
    expect(log).toEqual(['a delivered', 'b delivered'])
    expect([values(), bumps(events)]).toEqual([['known', 'a', 'b'], [1]])
  })
})

describe('when the epochs are used up', () => {
  /** A producer that was given the last epoch there is, and whose next batch in partition 0 needs another. */
  const atTheLast = (config: Parameters<typeof journey>[0] = {}) => {
    const world = journey({ linger: 0, batchSize: 1, maxBatchSize: 1, cluster: two, ...config })
    world.cluster.next('InitProducerId').change((answer) => ({ ...answer, producerEpoch: LAST_EPOCH }))
    for (const partition of [0, 1]) {
      world.send('known', { partition })
      world.time.advance(100)
    }
    world.cluster.next('Produce', { where: carrying('a') }).fail('OUT_OF_ORDER_SEQUENCE_NUMBER')
    return world
  }
  const idsIn = ({ events }: ReturnType<typeof journey>) =>
    events.flatMap((event) => (event.type === 'producer-id' ? event.producerId : []))

  it('a new id is asked for, under which all is delivered that waits for it', () => {
    const world = atTheLast()
    const { send, rest, produced, log, values, cluster, events } = world
    cluster.next('Produce', { where: carrying('b') }).fail('NOT_ENOUGH_REPLICAS')
    send('a', { partition: 0 })
    send('b', { partition: 1 })
    rest()
    for (const partition of [0, 1]) send('c', { partition })
    rest()
    expect(numbered(produced, 0)).toEqual([`known ${LAST_EPOCH}:0`, `a ${LAST_EPOCH}:1`, 'a 0:0', 'c 0:1'])
    expect(numbered(produced, 1)).toEqual([`known ${LAST_EPOCH}:0`, `b ${LAST_EPOCH}:1`, `b ${LAST_EPOCH}:1`, 'c 0:0'])
    expect([...log].sort()).toEqual(['a delivered', 'b delivered', 'c delivered', 'c delivered', 'known delivered', 'known delivered'])
    expect([values('orders', 0), values('orders', 1)]).toEqual([
      ['known', 'a', 'c'],
      ['known', 'b', 'c'],
    ])
    const ids = idsIn(world)
    expect([ids.length, new Set(ids).size, bumps(events)]).toEqual([2, 2, []])
  })

  it('what was lost with its connection keeps the old id, and is in the log once', () => {
    const { send, rest, produced, log, values, cluster } = atTheLast()
    cluster.next('Produce', { where: carrying('b') }).cutAfter()
    send('a', { partition: 0 })
    send('b', { partition: 1 })
    rest()
    expect(numbered(produced, 1)).toEqual([`known ${LAST_EPOCH}:0`, `b ${LAST_EPOCH}:1`, `b ${LAST_EPOCH}:1`])
    expect([values('orders', 0), values('orders', 1)]).toEqual([
      ['known', 'a'],
      ['known', 'b'],
    ])
    expect(log.slice(2).sort()).toEqual(['a delivered', 'b delivered'])
  })

  it('closing waits for the new one', () => {
    const { send, time, kafka, log, cluster, values } = atTheLast()
    const held = cluster.next('InitProducerId').hold()
    send('a', { partition: 0 })
    time.advance(1000)
    const reports: unknown[] = []
    kafka.close({ timeout: 60_000 }).subscribe((report) => reports.push(report))
    time.advance(1000)
    expect([held.waiting, reports]).toEqual([1, []])
    held.release()
    time.advance(1000)
    expect([log.at(-1), values(), reports]).toEqual(['a delivered', ['known', 'a'], [{ delivered: 1, failed: 0, purged: 0 }]])
  })

  it('closing by force does not, and says of what was refused that it is not in the log', () => {
    const { send, time, kafka, log, cluster, values } = atTheLast()
    const held = cluster.next('InitProducerId').hold()
    send('a', { partition: 0 })
    time.advance(1000)
    const reports: unknown[] = []
    kafka.close({ timeout: 0 }).subscribe((report) => reports.push(report))
    time.advance(1)
    expect([log.at(-1), reports]).toEqual(['a PRODUCER_CLOSED', [{ delivered: 0, failed: 0, purged: 1 }]])
    held.release()
    time.advance(60_000)
    expect([values(), time.pending]).toEqual([['known'], 0])
  })
})

describe('again and again', () => {
  it('out of order, refused for good and lost, in two partitions by turns: nothing doubles, moves or is missing', () => {
    const { send, time, rest, log, values, cluster } = flying({ cluster: two, requestTimeout: 1000 })
    for (const name of names(60)) {
      const at = Number(name)
      if (at % 7 === 3) cluster.next('Produce', { where: carrying(name) }).fail('OUT_OF_ORDER_SEQUENCE_NUMBER')
      else if (at % 11 === 5) cluster.next('Produce', { where: carrying(name) }).fail('TOPIC_AUTHORIZATION_FAILED')
      else if (at % 13 === 7) cluster.next('Produce', { where: carrying(name) }).cutAfter()
      send(name, { partition: at % 2 })
      time.advance(at % 5)
    }
    rest()
    const withEnd = (code: string) => log.filter((line) => line.endsWith(` ${code}`)).map((line) => line.slice(0, line.indexOf(' ')))
    const [delivered, refused, unknown] = ['delivered', 'TOPIC_AUTHORIZATION_FAILED', 'OUTCOME_UNKNOWN'].map(withEnd)
    expect([...delivered, ...refused, ...unknown].sort()).toEqual([...names(60)].sort())
    // The connections that are cut take others along, and of those a wrong word of the broker tells nothing.
    expect(refused.length).toBeGreaterThan(3)
    expect(delivered.length).toBeGreaterThan(40)
    for (const partition of [0, 1]) {
      const kept = values('orders', partition).slice(1)
      const own = names(60).filter((name) => Number(name) % 2 === partition)
      expect(kept).toEqual(own.filter((name) => kept.includes(name)))
      expect(own.filter((name) => delivered.includes(name) && !kept.includes(name))).toEqual([])
      expect(kept.filter((name) => refused.includes(name))).toEqual([])
    }
  })
})
