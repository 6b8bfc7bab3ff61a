import { Subject } from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import type { ProducerConfig } from '../../lib/config'
import type { ProducerEvent } from '../../lib/events'
import { producer } from '../../lib/producer'
import type { TestClusterOptions } from '../../lib/testing/settings'
import { testCluster } from '../../lib/testing/test-cluster'
import { virtualTime } from '../../lib/testing/virtual-time'
import type { Order } from '../support/journey'
import { order, textOf, watch } from '../support/producing'

const USERS = { alice: 's3cret', bob: 'pencil' }

interface World extends Partial<ProducerConfig> {
  readonly cluster?: TestClusterOptions
}

/** A cluster that wants a login, 1 ms away, and a producer. */
function world({ cluster: options = {}, ...config }: World) {
  const time = virtualTime()
  const { scheduler } = time
  const cluster = testCluster({ topics: { orders: 1 }, users: USERS, latency: 1, scheduler, ...options })
  const asked: string[] = []
  const logins: number[] = []
  cluster.requests$.subscribe(({ api, at }) => {
    asked.push(api)
    if (api === 'SaslHandshake') logins.push(at)
  })
  const kafka = producer({ brokers: cluster.brokers, transport: cluster.transport, scheduler, linger: 0, ...config })
  const events: ProducerEvent[] = []
  kafka.events$.subscribe((event) => events.push(event))
  const source$ = new Subject<Order>()
  const sent = watch(source$.pipe(kafka.send()))
  const send = (context: string): void => source$.next(order(context))
  const values = (): readonly string[] => cluster.records('orders').map(({ value }) => textOf(value))
  return { time, cluster, kafka, asked, logins, events, source$, send, values, log: sent.log, deliveries: sent.deliveries }
}

const scram = (password: string | (() => string | Promise<string>)) =>
  ({ mechanism: 'SCRAM-SHA-256', username: 'alice', password }) as const

describe('a producer that logs in', () => {
  it.each(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const)('delivers with %s, after the steps that Kafka expects', (mechanism) => {
    const { time, asked, log, send } = world({ sasl: { mechanism, username: 'alice', password: 's3cret' } })
    send('a')
    time.advance(1000)
    const tokens = mechanism === 'PLAIN' ? 1 : 2
    const steps = ['ApiVersions', 'SaslHandshake', ...Array<string>(tokens).fill('SaslAuthenticate'), 'ApiVersions']
    expect(asked.slice(0, steps.length)).toEqual(steps)
    expect(log).toEqual(['a delivered'])
  })

  it('comes to an end within TestScheduler.run, also when its session ends', () => {
    let log: readonly string[] = []
    new TestScheduler((a, b) => expect(a).toEqual(b)).run(({ flush }) => {
      const cluster = testCluster({ topics: { orders: 1 }, users: USERS, configs: { 'connections.max.reauth.ms': '5000' } })
      const kafka = producer({ brokers: cluster.brokers, transport: cluster.transport, sasl: scram('s3cret') })
      const source$ = new Subject<Order>()
      log = watch(source$.pipe(kafka.send())).log
      source$.next(order('a'))
      flush()
    })
    expect(log).toEqual(['a delivered'])
  })

  it('may wait for its password', async () => {
    const { time, log, send } = world({ sasl: scram(() => Promise.resolve('s3cret')) })
    send('a')
    await time.settle()
    expect(log).toEqual(['a delivered'])
  })
})

describe('a producer that is not let in', () => {
  it.each([
    [
      'a wrong password',
      scram('guess'),
      /^broker-1:9092 refused to let us in with SCRAM-SHA-256: .*: check username, password and mechanism$/,
    ],
    ['an unknown user', { mechanism: 'PLAIN', username: 'eve', password: 'guess' } as const, /Invalid username or password/],
  ])('hears of it at once, and not after maxBlock: %s', (_what, sasl, message) => {
    const { time, log, send, deliveries } = world({ sasl })
    send('a')
    time.advance(1000)
    expect(log).toEqual(['a SASL_AUTHENTICATION_FAILED'])
    expect(deliveries[0]).toMatchObject({ error: { retriable: false, fatal: false, message: expect.stringMatching(message) } })
  })

  it('hears which mechanisms there are', () => {
    const { time, log, send, deliveries } = world({
      sasl: { mechanism: 'PLAIN', username: 'alice', password: 's3cret' },
      cluster: { configs: { 'sasl.enabled.mechanisms': 'SCRAM-SHA-256' } },
    })
    send('a')
    time.advance(1000)
    expect(log).toEqual(['a UNSUPPORTED_SASL_MECHANISM'])
    expect(deliveries[0]).toMatchObject({ error: { message: expect.stringContaining('it offers SCRAM-SHA-256') } })
  })

  it('hears that the listener does not know of logins', () => {
    const { time, log, send } = world({ sasl: scram('s3cret'), cluster: { users: undefined } as never })
    send('a')
    time.advance(1000)
    expect(log).toEqual(['a ILLEGAL_SASL_STATE'])
  })

  it('hears what its own function threw', () => {
    const { time, log, send } = world({
      sasl: scram(() => {
        throw new Error('vault is sealed')
      }),
    })
    send('a')
    time.advance(1000)
    expect(log).toEqual(['a CREDENTIALS_FAILED'])
  })

  it('is told for all that waits, and rests between attempts, ever longer', () => {
    const { time, log, send, logins, events } = world({ sasl: scram('guess') })
    for (let i = 0; i < 600; i++) {
      send(String(i))
      time.advance(100)
    }
    time.advance(1000)
    expect(new Set(log.map((line) => line.split(' ')[1]))).toEqual(new Set(['SASL_AUTHENTICATION_FAILED']))
    expect(log).toHaveLength(600)
    // A minute: some attempts at first, then one a second, ±20 %.
    expect(logins.length).toBeGreaterThan(50)
    expect(logins.length).toBeLessThan(90)
    expect(events.filter(({ type }) => type === 'connection-failed')).toHaveLength(logins.length)
  })

  it('asks nobody while nothing is to be sent', () => {
    const { time, send, logins } = world({ sasl: scram('guess') })
    send('a')
    time.advance(1000)
    const before = logins.length
    time.advance(600_000)
    expect(logins.length).toBe(before)
  })

  it('recovers by itself when its password becomes right', () => {
    let password = 'guess'
    const { time, log, send, values } = world({ sasl: scram(() => password) })
    send('a')
    time.advance(1000)
    password = 's3cret'
    send('b')
    time.advance(2000)
    expect(log).toEqual(['a SASL_AUTHENTICATION_FAILED', 'b delivered'])
    expect(values()).toEqual(['b'])
  })

  it('keeps what is in batches until deliveryTimeout, as the password may become right again', () => {
    let password = 's3cret'
    const { time, log, send, cluster, deliveries } = world({ sasl: scram(() => password), deliveryTimeout: 40_000 })
    send('a')
    time.advance(1000)
    password = 'guess'
    cluster.broker(1).kill()
    cluster.broker(1).start()
    send('b')
    time.advance(30_000)
    expect(log).toEqual(['a delivered'])
    password = 's3cret'
    time.advance(5000)
    expect(log).toEqual(['a delivered', 'b delivered'])

    password = 'guess'
    cluster.broker(1).kill()
    cluster.broker(1).start()
    send('c')
    time.advance(60_000)
    expect(log.at(-1)).toMatch(/^c (DELIVERY_TIMEOUT|OUTCOME_UNKNOWN)$/)
    expect(deliveries.at(-1)).toMatchObject({ error: { cause: expect.anything() } })
  })

  it('goes on with brokers that let it in, when one of them does not', () => {
    const topics = { orders: { partitions: 1, assignment: [[2, 3, 1]] } }
    const { time, log, send, cluster } = world({ sasl: scram('s3cret'), cluster: { brokers: 3, topics } })
    cluster.every('SaslAuthenticate', { node: 1 }).fail('SASL_AUTHENTICATION_FAILED')
    send('a')
    time.advance(5000)
    expect(log).toEqual(['a delivered'])
  })
})

describe('a session that ends', () => {
  const SESSION = { configs: { 'connections.max.reauth.ms': '10000' } }

  it('is renewed between 85 and 95 % of its time, on the same connection, and nothing is lost or overtaken', () => {
    const { time, log, send, logins, values, asked } = world({ sasl: scram('s3cret'), cluster: SESSION })
    const sent: string[] = []
    for (let i = 0; i < 1000; i++) {
      sent.push(String(i))
      send(String(i))
      time.advance(50)
    }
    time.advance(1000)
    expect(log).toEqual(sent.map((each) => `${each} delivered`))
    expect(values()).toEqual(sent)
    expect(logins.length).toBeGreaterThanOrEqual(5)
    const pauses = logins.slice(1).map((at, i) => at - (logins[i] ?? 0))
    for (const pause of pauses) {
      expect(pause).toBeGreaterThanOrEqual(8500)
      expect(pause).toBeLessThanOrEqual(9600)
    }
    // Only a new connection asks for versions.
    expect(asked.filter((api) => api === 'ApiVersions')).toHaveLength(2)
  })

  it('is renewed by the first request after its end, when nothing was sent meanwhile', () => {
    const { time, log, send, logins, asked } = world({ sasl: scram('s3cret'), cluster: SESSION })
    send('a')
    time.advance(60_000)
    expect(logins).toHaveLength(1)
    send('b')
    time.advance(1000)
    expect(log).toEqual(['a delivered', 'b delivered'])
    expect(logins).toHaveLength(2)
    expect(asked.filter((api) => api === 'ApiVersions')).toHaveLength(2)
  })

  it('ends its connection when it cannot be renewed, and what waited is delivered later', () => {
    let password = 's3cret'
    const { time, log, send, events } = world({ sasl: scram(() => password), cluster: SESSION })
    send('a')
    time.advance(9700)
    password = 'guess'
    send('b')
    time.advance(5000)
    expect(log).toEqual(['a delivered'])
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'connection-failed', error: expect.objectContaining({ code: 'SASL_AUTHENTICATION_FAILED' }) }),
    )
    password = 's3cret'
    time.advance(5000)
    expect(log).toEqual(['a delivered', 'b delivered'])
  })

  it('is renewed although the broker takes long with what it was asked before', () => {
    const { time, log, send, logins, events, cluster } = world({ sasl: scram('s3cret'), cluster: SESSION })
    send('a')
    time.advance(8000)
    cluster.next('Produce').hold(25_000)
    send('b')
    time.advance(1700)
    send('c')
    time.advance(26_000)
    expect(log).toEqual(['a delivered', 'b delivered', 'c delivered'])
    expect([logins.length, events.filter(({ type }) => type === 'connection-failed')]).toEqual([2, []])
  })

  it('does not hold its requests for ever when nobody gives a password', () => {
    let asked = 0
    const never = new Promise<string>(() => undefined)
    const { time, send, log, events } = world({ sasl: scram(() => (asked++ === 0 ? 's3cret' : never)), cluster: SESSION })
    send('a')
    time.advance(9700)
    send('b')
    time.advance(25_000)
    expect(log).toEqual(['a delivered'])
    expect(events).toContainEqual(expect.objectContaining({ error: expect.objectContaining({ code: 'REQUEST_TIMEOUT' }) }))
  })

  it('closes while it is renewed', () => {
    let asked = 0
    const never = new Promise<string>(() => undefined)
    const { time, send, log, kafka } = world({ sasl: scram(() => (asked++ === 0 ? 's3cret' : never)), cluster: SESSION })
    send('a')
    time.advance(9700)
    send('b')
    time.advance(100)
    const reports: unknown[] = []
    kafka.close({ timeout: 1000 }).subscribe((report) => reports.push(report))
    time.advance(2000)
    expect(reports).toEqual([{ delivered: 0, failed: 0, purged: 1 }])
    expect(log).toEqual(['a delivered', 'b PRODUCER_CLOSED'])
  })
})
