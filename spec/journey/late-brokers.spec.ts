import { journey } from '../support/journey'

const three = { brokers: 3, topics: { orders: { partitions: 1, assignment: [[1, 2, 3]] } } }

describe('a leader that is frozen', () => {
  it('loses what it has as soon as another one leads, and not after requestTimeout', () => {
    const { cluster, time, send, log, values, events } = journey({ cluster: three })
    send('a')
    time.advance(100)
    cluster.broker(1).pause()
    send('b')
    time.advance(10)
    send('c')
    // Nine seconds until the controller gives it up, and two until it is asked about again.
    time.advance(12_000)
    expect(log).toEqual(['a delivered', 'b delivered', 'c delivered'])
    cluster.broker(1).resume()
    time.advance(60_000)
    expect(values()).toEqual(['a', 'b', 'c'])
    expect(events.filter(({ type }) => type === 'epoch-bumped')).toEqual([])
  })

  it('keeps what it has while nobody else leads', () => {
    const { cluster, time, send, log, events } = journey({ cluster: { ...three, sessionTimeout: 600_000 } })
    send('a')
    time.advance(100)
    cluster.broker(1).pause()
    send('b')
    time.advance(20_000)
    cluster.broker(1).resume()
    time.advance(100)
    expect(log).toEqual(['a delivered', 'b delivered'])
    expect(events.filter(({ type }) => type === 'connection-failed')).toEqual([])
  })
})

describe('a broker that does not say who leads', () => {
  it('is not waited for when another one can be asked', () => {
    const { cluster, time, kafka } = journey({ cluster: three })
    const fault = cluster.next('Metadata').drop()
    const counts: number[] = []
    kafka.partitionsFor('other').subscribe(({ length }) => counts.push(length))
    time.advance(3000)
    expect([counts, fault.hits]).toEqual([[1], 1])
  })

  it('is waited for when there is no other, and not asked again meanwhile', () => {
    const { cluster, time, kafka, asked } = journey({ cluster: { brokers: 1 } })
    const held = cluster.next('Metadata').hold(20_000)
    const before = asked.length
    const counts: number[] = []
    kafka.partitionsFor('orders2').subscribe(({ length }) => counts.push(length))
    time.advance(19_000)
    expect([counts, asked.slice(before)]).toEqual([[], ['Metadata']])
    time.advance(2000)
    expect([counts, held.hits]).toEqual([[1], 1])
  })
})
