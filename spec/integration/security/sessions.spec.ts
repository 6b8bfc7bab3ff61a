import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { from, interval, lastValueFrom, map, of, take, toArray } from 'rxjs'
import { securedProducer, sendWhenLetIn } from '../../../examples/secured-cluster'
import type { ProducerEvent } from '../../../lib/events'
import { clientCredentials } from '../../../lib/network/sasl/client-credentials'
import type { SaslMechanism } from '../../../lib/network/sasl/mechanism'
import type { SaslOptions } from '../../../lib/network/sasl/options'
import { producer } from '../../../lib/producer'
import { expectAllDelivered, expectOrderKept, isFailed, sendAll, sendPlain } from '../records'
import type { Plain } from '../records'
import { describeWithKafka } from '../support'
import { wireTap } from '../wire-tap'
import { unsecuredToken } from './cases'
import { PASSWORDS, SESSION_MS, startSecuredKafka, TOPIC } from './secured-kafka'
import type { SecuredKafka } from './secured-kafka'

/** PLAIN as somebody might write it who does not find it here. */
const ownPlain: SaslMechanism = {
  name: 'PLAIN',
  begin: () => {
    const turns = [{ type: 'send' as const, token: Buffer.from(`\0alice\0${PASSWORDS.alice}`) }, { type: 'done' as const }]
    return () => turns.shift() ?? { type: 'done' }
  },
}

/** Gives tokens for the right secret. */
async function tokenEndpoint(): Promise<AsyncDisposable & { readonly url: string; readonly asked: () => number }> {
  let asked = 0
  const right = `Basic ${Buffer.from('orders:right').toString('base64')}`
  const server = createServer((request, response) => {
    asked++
    const isRight = request.headers.authorization === right
    response.writeHead(isRight ? 200 : 401, { 'content-type': 'application/json' })
    const token = { access_token: unsecuredToken('alice'), token_type: 'Bearer', expires_in: 3600 }
    response.end(JSON.stringify(isRight ? token : { error: 'invalid_client' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
    asked: () => asked,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

describeWithKafka('a login', () => {
  let kafka: SecuredKafka
  beforeAll(async () => {
    kafka = await startSecuredKafka()
  })
  afterAll(async () => kafka.stop())

  const records = (count: number): readonly Plain[] =>
    Array.from({ length: count }, (_, i) => ({ topic: TOPIC, value: `${Math.random()} ${i}` }))

  const scram = (password: string | (() => string)): SaslOptions => ({ mechanism: 'SCRAM-SHA-512', username: 'alice', password })

  const oauth: SaslOptions = { mechanism: 'OAUTHBEARER', token: () => unsecuredToken('alice', { lifetime: 1000 }) }

  it.each([['SCRAM-SHA-512', scram(PASSWORDS.alice)] as const, ['OAUTHBEARER', oauth] as const])(
    'is renewed with %s before its session ends, on the same connection, with nothing lost, doubled or overtaken',
    async (_mechanism, sasl) => {
      const wire = wireTap()
      const events: ProducerEvent[] = []
      const sent = records(800)
      const before = (await kafka.java.readBack(TOPIC)).length
      await using kafkarx = producer({ brokers: [kafka.at.short], transport: wire.transport, sasl, linger: 0 })
      kafkarx.events$.subscribe((event) => events.push(event))
      const asked: string[] = []
      wire.requests$.subscribe(({ api }) => asked.push(api))

      const paced$ = interval(10).pipe(
        take(sent.length),
        map((i) => sent[i] ?? { topic: TOPIC, value: '' }),
      )
      const deliveries = await lastValueFrom(paced$.pipe(sendPlain(kafkarx), toArray()))

      expectAllDelivered(sent, deliveries)
      expectOrderKept(sent, deliveries)
      expect((await kafka.java.readBack(TOPIC)).slice(before).map(({ value }) => String(value))).toEqual(sent.map(({ value }) => value))
      const logins = asked.filter((api) => api === 'SaslHandshake').length
      // Eight seconds of sessions of two.
      expect(logins).toBeGreaterThanOrEqual(Math.floor((8000 / SESSION_MS) * 0.9))
      expect(asked.filter((api) => api === 'ApiVersions')).toHaveLength(2)
      expect(events.filter(({ type }) => type === 'connection-failed' || type === 'retry')).toEqual([])
    },
  )

  it('is renewed under load: thousands of records in flight', async () => {
    const sent = records(150_000)
    const before = (await kafka.java.readBack(TOPIC)).length
    const events: ProducerEvent[] = []
    await using kafkarx = producer({ brokers: [kafka.at.short], sasl: scram(PASSWORDS.alice), maxBatchSize: 16_384 })
    kafkarx.events$.subscribe((event) => events.push(event))
    const chunks = Array.from({ length: 30 }, (_, i) => sent.slice(i * 5000, (i + 1) * 5000))
    const deliveries = []
    for (const chunk of chunks) {
      deliveries.push(...(await sendAll(kafkarx, chunk)))
      await lastValueFrom(interval(150).pipe(take(1)))
    }
    expectAllDelivered(sent, deliveries)
    expectOrderKept(sent, deliveries)
    expect(await kafka.java.readBack(TOPIC)).toHaveLength(before + sent.length)
    expect(events.filter(({ type }) => type === 'connection-failed')).toEqual([])
  })

  it('is tried again with rests between, and succeeds when the password has become right', async () => {
    let password = 'guess'
    const wire = wireTap()
    let logins = 0
    wire.requests$.subscribe(({ api }) => api === 'SaslHandshake' && logins++)
    await using kafkarx = producer({ brokers: [kafka.at.sasl], transport: wire.transport, sasl: scram(() => password) })

    const paced$ = interval(20).pipe(
      take(100),
      map((i): Plain => ({ topic: TOPIC, value: `${i}` })),
    )
    const refused = await lastValueFrom(paced$.pipe(sendPlain(kafkarx), toArray()))
    expect(new Set(refused.filter(isFailed).map(({ error }) => error.code))).toEqual(new Set(['SASL_AUTHENTICATION_FAILED']))
    expect(refused).toHaveLength(100)
    expect(logins).toBeLessThan(20)

    password = PASSWORDS.alice
    const sent = records(10)
    expectAllDelivered(sent, await sendAll(kafkarx, sent))
  })

  it('may be by a mechanism of our own', async () => {
    await using kafkarx = producer({ brokers: [kafka.at.sasl], sasl: { mechanism: ownPlain } })
    const sent = records(10)
    expectAllDelivered(sent, await sendAll(kafkarx, sent))
  })

  it('may be by a token from an endpoint, which is asked once for many connections', async () => {
    await using endpoint = await tokenEndpoint()
    const token = clientCredentials({ tokenEndpoint: endpoint.url, clientId: 'orders', clientSecret: 'right' })
    for (let i = 0; i < 3; i++) {
      await using kafkarx = producer({ brokers: [kafka.at.sasltls], tls: { ca: kafka.ca }, sasl: { mechanism: 'OAUTHBEARER', token } })
      const sent = records(10)
      expectAllDelivered(sent, await sendAll(kafkarx, sent))
    }
    expect(endpoint.asked()).toBe(1)
  })

  it('fails with the endpoint’s reason when that gives no token', async () => {
    await using endpoint = await tokenEndpoint()
    const token = clientCredentials({ tokenEndpoint: endpoint.url, clientId: 'orders', clientSecret: 'wrong' })
    await using kafkarx = producer({ brokers: [kafka.at.sasl], sasl: { mechanism: 'OAUTHBEARER', token } })
    const [delivery] = await sendAll(kafkarx, records(1))
    expect(delivery).toMatchObject({ error: { code: 'TOKEN_REFUSED', message: expect.stringContaining('401 (invalid_client)') } })
  })

  it('waits for an endpoint that cannot be reached, as that may pass', async () => {
    const token = clientCredentials({ tokenEndpoint: 'http://127.0.0.1:1/token', clientId: 'orders', clientSecret: 'right' })
    await using kafkarx = producer({ brokers: [kafka.at.sasl], sasl: { mechanism: 'OAUTHBEARER', token }, maxBlock: 1000 })
    const [delivery] = await sendAll(kafkarx, records(1))
    expect(delivery).toMatchObject({ error: { code: 'METADATA_TIMEOUT', cause: { code: 'TOKEN_UNAVAILABLE' } } })
  })

  it('and TLS are what the example of the README needs', async () => {
    const vault = (password: string) => () => Promise.resolve(password)
    const at = { brokers: [kafka.at.sasltls], tls: { ca: kafka.ca } }
    await using wrong = securedProducer(at, vault('guess'))
    await expect(lastValueFrom(sendWhenLetIn(of('a'), wrong))).rejects.toMatchObject({ code: 'SASL_AUTHENTICATION_FAILED' })
    await using right = securedProducer(at, vault(PASSWORDS.alice))
    const [first] = await lastValueFrom(sendWhenLetIn(from(['a']), right).pipe(toArray()))
    expect(first).toMatchObject({ type: 'delivered', context: 'a' })
  })
})
