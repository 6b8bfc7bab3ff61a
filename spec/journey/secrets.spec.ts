/** Nothing that a user can look at, print or log holds a password, a token or a key. */
import { of } from 'rxjs'
import { inspect } from 'node:util'
import { resolveConfig } from '../../lib/config'
import type { ProducerConfig } from '../../lib/config'
import { KafkaError } from '../../lib/errors'
import { openConnection } from '../../lib/network/connection'
import { clientCredentials } from '../../lib/network/sasl/client-credentials'
import { mechanismOn } from '../../lib/network/sasl/options'
import type { SaslOptions } from '../../lib/network/sasl/options'
import { producer } from '../../lib/producer'
import { testCluster } from '../../lib/testing/test-cluster'
import { virtualTime } from '../../lib/testing/virtual-time'
import { clockOf } from '../../lib/time'
import { authority } from '../support/certificates'
import { watch } from '../support/producing'

const PASSWORD = 'hunter2-is-the-password'
const TOKEN = 'eyJhbGciOiJub25lIn0.this-is-the-token.'
const { cert, key } = authority('Ours').issue('alice', { passphrase: 'hunter2-opens-the-key' })

/** In every form in which they travel. */
const SECRETS = [
  ...[PASSWORD, TOKEN, 'hunter2-opens-the-key'].flatMap((secret) => [
    secret,
    ...['base64', 'hex'].map((form) => Buffer.from(secret).toString(form as 'hex')),
  ]),
  Buffer.from(`\0alice\0${PASSWORD}`).toString('base64'),
  Buffer.from(`alice:${PASSWORD}`).toString('base64'),
  key.split('\n')[1] ?? '',
]

/** Everything that printing, logging or serializing it would show, down its causes and hidden fields; bytes as text too. */
function shownBy(thing: unknown): string {
  const deep = inspect(thing, { depth: Infinity, showHidden: true, maxArrayLength: Infinity, maxStringLength: Infinity, getters: true })
  const causes = thing instanceof KafkaError ? shownBy(thing.cause) + thing.message + String(thing.stack) : ''
  return deep + jsonOf(thing) + causes
}

/** What goes round in circles is nothing that anybody can write as JSON. */
function jsonOf(thing: unknown): string {
  try {
    return JSON.stringify(thing, (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value)) ?? ''
  } catch {
    return ''
  }
}

const leaksOf = (things: readonly unknown[]): readonly string[] => {
  const shown = things.map(shownBy).join('\n')
  return SECRETS.filter((secret) => shown.includes(secret))
}

const logins: readonly (readonly [string, SaslOptions])[] = [
  ['PLAIN', { mechanism: 'PLAIN', username: 'alice', password: PASSWORD }],
  ['SCRAM-SHA-256', { mechanism: 'SCRAM-SHA-256', username: 'alice', password: PASSWORD }],
  ['SCRAM-SHA-512, by a function', { mechanism: 'SCRAM-SHA-512', username: 'alice', password: () => PASSWORD }],
  ['OAUTHBEARER', { mechanism: 'OAUTHBEARER', token: () => TOKEN }],
]

/** What a producer that logs in lets anybody see, whether it is let in or not. */
function seenOf(sasl: SaslOptions, users: Readonly<Record<string, string>>): readonly unknown[] {
  const time = virtualTime()
  const { scheduler } = time
  const configs = { 'connections.max.reauth.ms': '5000' }
  const cluster = testCluster({ topics: { orders: 1 }, users, configs, scheduler })
  const config: ProducerConfig = { brokers: cluster.brokers, transport: cluster.transport, scheduler, sasl }
  const kafka = producer(config)
  const seen: unknown[] = [kafka, resolveConfig(config), mechanismOn(sasl)(clockOf(scheduler))]
  kafka.events$.subscribe((event) => seen.push(event))
  kafka.metrics$.subscribe((metrics) => seen.push(metrics))
  const { deliveries } = watch(
    of({ topic: 'orders', value: 'a', context: 'a' }, { topic: 'orders', value: 'b', context: 'b' }).pipe(kafka.send()),
  )
  time.advance(6000)
  watch(of({ topic: 'orders', value: 'c', context: 'c' }).pipe(kafka.send()))
  time.advance(20_000)
  kafka.close().subscribe((report) => seen.push(report))
  time.advance(1000)
  expect(deliveries).toHaveLength(2)
  return [...seen, ...deliveries]
}

describe('secrets', () => {
  it('would be found where they are', () => {
    expect(leaksOf([{ a: [{ password: PASSWORD }] }])).toEqual([PASSWORD])
    expect(leaksOf([new KafkaErrorWith(TOKEN)])).toEqual([TOKEN])
  })

  it.each(logins)('are not seen when a producer is let in: %s', (_what, sasl) => {
    expect(leaksOf(seenOf(sasl, { alice: PASSWORD }))).toEqual([])
  })

  it.each(logins)('are not seen when it is not: %s', (_what, sasl) => {
    expect(leaksOf(seenOf(sasl, { alice: 'another' }))).toEqual([])
  })

  it('are not seen in a connection', () => {
    const time = virtualTime()
    const { scheduler } = time
    const cluster = testCluster({ users: { alice: PASSWORD }, configs: { 'connections.max.reauth.ms': '5000' }, scheduler })
    const clock = clockOf(scheduler)
    const seen: unknown[] = []
    const options = {
      ...{ transport: cluster.transport, clock, clientId: 'a', software: { name: 'a', version: '1' } },
      ...{
        requestTimeout: 1000,
        connectTimeout: 1000,
        sasl: mechanismOn({ mechanism: 'PLAIN', username: 'alice', password: PASSWORD })(clock),
      },
    }
    openConnection({ host: 'broker-1', port: 9092 }, options).subscribe((connection) => seen.push(connection))
    time.advance(1000)
    expect(seen).toHaveLength(1)
    expect(leaksOf([...seen, options.sasl])).toEqual([])
  })

  it('are not seen in what is said of options that are wrong', () => {
    const errors = [
      { sasl: { mechanism: PASSWORD, username: 'a', password: PASSWORD } },
      { sasl: { mechanism: 'PLAIN', username: 7, password: [PASSWORD] } },
      { sasl: { mechanism: 'OAUTHBEARER', token: TOKEN, extensions: { x: TOKEN, auth: TOKEN } } },
      { sasl: PASSWORD },
      { tls: { key, cert: 7 } },
      { tls: { key: PASSWORD, cert } },
      { tls: { key, cert, passphrase: PASSWORD } },
      { tls: key },
    ].map((options) => {
      try {
        return resolveConfig({ brokers: ['a:1'], ...options } as never)
      } catch (error) {
        return error
      }
    })
    expect(errors.filter((each) => !(each instanceof KafkaError))).toEqual([])
    expect(leaksOf(errors)).toEqual([])
  })

  it('are not seen in a producer that speaks TLS', () => {
    const tls = { cert, key, passphrase: 'hunter2-opens-the-key' }
    const config: ProducerConfig = { brokers: ['a:1'], tls }
    expect(leaksOf([producer(config), resolveConfig(config), resolveConfig(config).transport])).toEqual([])
  })

  it('are not seen in what asks for tokens', async () => {
    const fetch = () => Promise.resolve(Response.json({ error: 'no', error_description: `not ${PASSWORD}` }, { status: 401 }))
    const give = clientCredentials({ tokenEndpoint: 'https://login.example', clientId: 'alice', clientSecret: PASSWORD, fetch })
    const error: unknown = await Promise.resolve(give()).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(KafkaError)
    expect(leaksOf([give, error])).toEqual([])
  })
})

class KafkaErrorWith extends KafkaError {
  constructor(secret: string) {
    super('m', { code: 'X', cause: new Error(secret) })
  }
}
