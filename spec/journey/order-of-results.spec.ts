import { of, Subscriber } from 'rxjs'
import { order } from '../support/producing'
import { journey, large, names } from '../support/journey'

const BATCH = { linger: 0, batchSize: 100, maxBatchSize: 100 }

const contextsOf = (log: readonly string[]): readonly (string | undefined)[] => log.map((line) => line.split(' ')[0])

describe('the results of a partition', () => {
  it('come in the order of the records when a broker denies the producer for good', () => {
    const { send, time, rest, log, cluster } = journey(BATCH)
    send('first')
    time.advance(100)
    cluster.next('Produce').fail('CLUSTER_AUTHORIZATION_FAILED')
    for (const name of names(3)) send(name, large(name, 200))
    rest()
    expect(contextsOf(log)).toEqual(['first', ...names(3)])
  })

  it('come in the order of the records when an answer comes in the moment in which what is behind expires', () => {
    const { send, time, rest, log, cluster } = journey({ ...BATCH, requestTimeout: 30_000, deliveryTimeout: 30_000 })
    send('first')
    time.advance(100)
    const held = cluster.next('Produce').hold()
    const began = time.now
    for (const name of names(3)) send(name, large(name, 200))
    cluster.at(began + 29_999, () => held.release())
    rest()
    expect(contextsOf(log)).toEqual(['first', ...names(3)])
  })
})

/** As some libraries have: an error of its own is not caught by RxJS, and lands in whoever called. */
class Throwing extends Subscriber<unknown> {
  protected override _next(): void {
    throw new Error('a subscriber of its own')
  }
}

describe('a subscriber that throws through RxJS', () => {
  it('costs the records of others nothing, nor the end of the producer', () => {
    const { time, kafka, cluster, send, log } = journey({
      ...{ linger: 0, requestTimeout: 1000, deliveryTimeout: 5000 },
      cluster: { topics: { orders: 3 } },
    })
    cluster.broker(1).refuse()
    cluster.broker(1).disconnect()
    time.advance(100)
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- what is deprecated is what people wrote
    const throwing = new Throwing()
    of(order('x', { partition: 0 }))
      .pipe(kafka.send<string>())
      .subscribe(throwing)
    send('a', { partition: 1 })
    send('b', { partition: 2 })
    expect(() => time.advance(20_000)).toThrow('a subscriber of its own')
    const reports: unknown[] = []
    kafka.close({ timeout: 1000 }).subscribe((report) => reports.push(report))
    time.advance(2000)
    expect([log, reports]).toEqual([['a DELIVERY_TIMEOUT', 'b DELIVERY_TIMEOUT'], [{ delivered: 0, failed: 0, purged: 0 }]])
  })
})
