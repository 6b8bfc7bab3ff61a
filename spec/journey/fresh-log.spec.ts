/** Logs that do not know the producer yet take any number for its first: what must not happen then is that a second batch is taken before the first. */
import { journey, large, nameOf, names } from '../support/journey'

const BATCH = { linger: 0, batchSize: 100, maxBatchSize: 100 }

describe('a partition that was just made', () => {
  it('refuses the first batch and would take the second: order is kept, as the second waits for the first', () => {
    const { cluster, send, rest, log, values, produced } = journey(BATCH)
    cluster.next('Produce', { topic: 'orders', partition: 0 }).fail('NOT_LEADER_OR_FOLLOWER')
    for (const name of names(5)) send(name, large(name, 200))
    rest()
    expect(log).toEqual(names(5).map((name) => `${name} delivered`))
    expect(values().map(nameOf)).toEqual(names(5))
    expect(produced[0]?.partitions.map((each) => each.values.map(nameOf))).toEqual([['0']])
  })

  it('has five batches on their way as soon as it has taken one', () => {
    const { cluster, time, send, rest, produced, log } = journey(BATCH)
    send('first')
    time.advance(100)
    cluster.broker(1).pause()
    for (const name of names(7)) send(name, large(name, 200))
    time.advance(100)
    cluster.broker(1).resume()
    rest()
    expect(log).toHaveLength(8)
    expect(produced.length).toBeGreaterThanOrEqual(6)
  })
})

describe('a topic that is made anew under the name of one that the producer wrote to', () => {
  it('takes the first before the second also when that was learnt before anything was sent to it', () => {
    const { cluster, time, send, rest, values, log } = journey(BATCH)
    send('old')
    time.advance(100)
    cluster.recreateTopic('orders')
    // A lost connection makes the producer ask who leads its topics.
    cluster.broker(1).disconnect()
    time.advance(1000)
    cluster.next('Produce', { topic: 'orders' }).fail('NOT_LEADER_OR_FOLLOWER')
    for (const name of names(6)) send(name, large(name, 200))
    rest()
    expect(log).toEqual(['old delivered', ...names(6).map((name) => `${name} delivered`)])
    expect(values().map(nameOf)).toEqual(names(6))
  })

  it('gets the records in order, each once', () => {
    const { cluster, time, send, rest, values, log } = journey(BATCH)
    send('old')
    time.advance(100)
    cluster.recreateTopic('orders')
    for (const name of names(6)) send(name, large(name, 200))
    rest()
    expect(log).toEqual(['old delivered', ...names(6).map((name) => `${name} delivered`)])
    expect(values().map(nameOf)).toEqual(names(6))
  })
})
