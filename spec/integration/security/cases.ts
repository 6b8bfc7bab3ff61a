/** Every way in, right and wrong: what a user sets, and what he is to see. */
import { createHmac } from 'node:crypto'
import { lastValueFrom, of, toArray } from 'rxjs'
import type { ProducerConfig } from '../../../lib/config'
import type { SaslOptions } from '../../../lib/network/sasl/options'
import { producer } from '../../../lib/producer'
import { CLOSED_TOPIC, PASSWORDS, TOPIC } from './secured-kafka'
import type { ListenerName, SecuredKafka } from './secured-kafka'

export interface Case {
  readonly listener: ListenerName
  readonly what: string
  readonly config: (kafka: SecuredKafka) => Partial<ProducerConfig>
  /** `delivered`, or the code of the error that the record fails with. */
  readonly outcome: string
  /** What the message must have in it. */
  readonly says?: RegExp
  readonly topic?: string
  /** The address, when it is not the listener's own. */
  readonly at?: (kafka: SecuredKafka) => string
  /** How long the record may wait for its topic, in ms: for what may be a broker that is just restarting. */
  readonly maxBlock?: number
}

export interface Seen {
  readonly outcome: string
  readonly message: string
  readonly ms: number
}

/** Long enough that nobody confuses it with an error that comes at once. */
const MAX_BLOCK = 30_000
/** For the cases that end with it. */
const SHORT_BLOCK = 1500

/** A JSON web token that nobody signed, as Kafka's own validator takes it for tests. */
export function unsecuredToken(user: string, { lifetime = 3600 } = {}): string {
  const now = Math.floor(Date.now() / 1000)
  const claims = { sub: user, iat: now - 10_000, exp: now + lifetime }
  return [{ alg: 'none' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.') + '.'
}

const password = (mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512', given = PASSWORDS.alice, username = 'alice'): SaslOptions => ({
  mechanism,
  username,
  password: given,
})

const token = (value: string): SaslOptions => ({ mechanism: 'OAUTHBEARER', token: () => value })
const otherMechanism: SaslOptions = { mechanism: { name: 'AWS_MSK_IAM', begin: () => () => ({ type: 'done' }) } }

/** A client's proof with a password that nobody has is as long as the right one. */
const GUESS = createHmac('sha256', 'guess').digest('base64url')

const MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const

/** The same on both listeners that want a login. */
const logins = (listener: 'sasl' | 'sasltls'): readonly Case[] => {
  const tlsOf = ({ ca }: SecuredKafka) => (listener === 'sasltls' ? { tls: { ca } } : {})
  const withSasl =
    (sasl: SaslOptions): Case['config'] =>
    (kafka) => ({ sasl, ...tlsOf(kafka) })
  const refused = { listener, outcome: 'SASL_AUTHENTICATION_FAILED' } as const
  return [
    ...MECHANISMS.flatMap((mechanism): readonly Case[] => [
      { listener, what: mechanism, config: withSasl(password(mechanism)), outcome: 'delivered' },
      { ...refused, what: `${mechanism}, wrong password`, config: withSasl(password(mechanism, GUESS)), says: /check username, password/ },
      {
        ...refused,
        what: `${mechanism}, unknown user`,
        config: withSasl(password(mechanism, GUESS, 'eve')),
        says: /Authentication failed/,
      },
    ]),
    { listener, what: 'OAUTHBEARER', config: (kafka) => ({ sasl: token(unsecuredToken('alice')), ...tlsOf(kafka) }), outcome: 'delivered' },
    {
      ...refused,
      what: 'OAUTHBEARER, expired token',
      config: withSasl(token(unsecuredToken('alice', { lifetime: -3600 }))),
      says: /invalid_token.*check when the token expires/,
    },
    { ...refused, what: 'OAUTHBEARER, no JWT', config: withSasl(token('opaque')), says: /invalid_token.*check when the token expires/ },
    {
      listener,
      what: 'a mechanism that is not offered',
      config: withSasl(otherMechanism),
      outcome: 'UNSUPPORTED_SASL_MECHANISM',
      says: /it offers/,
    },
    {
      listener,
      what: 'no login',
      config: (kafka) => tlsOf(kafka),
      outcome: 'METADATA_TIMEOUT',
      says: /TLS or SASL/,
      maxBlock: SHORT_BLOCK,
    },
    {
      listener,
      what: 'SCRAM-SHA-512, no right to the topic',
      config: withSasl(password('SCRAM-SHA-512')),
      topic: CLOSED_TOPIC,
      outcome: 'TOPIC_AUTHORIZATION_FAILED',
      says: /WRITE/,
    },
  ]
}

export const CASES: readonly Case[] = [
  { listener: 'plain', what: 'as it is', config: () => ({}), outcome: 'delivered' },
  {
    listener: 'plain',
    what: 'with TLS',
    config: ({ ca }) => ({ tls: { ca } }),
    outcome: 'METADATA_TIMEOUT',
    says: /does the listener speak TLS/,
    maxBlock: SHORT_BLOCK,
  },
  {
    listener: 'plain',
    what: 'with a login',
    config: () => ({ sasl: password('PLAIN') }),
    outcome: 'ILLEGAL_SASL_STATE',
    says: /leave sasl out/,
  },

  { listener: 'tls', what: 'TLS 1.3', config: ({ ca }) => ({ tls: { ca, minVersion: 'TLSv1.3' } }), outcome: 'delivered' },
  { listener: 'tls', what: 'TLS 1.2', config: ({ ca }) => ({ tls: { ca, maxVersion: 'TLSv1.2' } }), outcome: 'delivered' },
  {
    listener: 'tls',
    what: 'by IP address',
    at: ({ at }) => at.tls.replace('localhost', '127.0.0.1'),
    config: ({ ca }) => ({ tls: { ca } }),
    outcome: 'delivered',
  },
  { listener: 'tls', what: 'unknown authority', config: () => ({ tls: true }), outcome: 'TLS_UNTRUSTED', says: /tls\.ca/ },
  {
    listener: 'tls',
    what: 'another authority',
    config: ({ otherCa }) => ({ tls: { ca: otherCa } }),
    outcome: 'TLS_UNTRUSTED',
    says: /tls\.ca/,
  },
  { listener: 'tls', what: 'without TLS', config: () => ({}), outcome: 'TLS_REQUIRED', says: /set tls/ },
  {
    listener: 'otherhost',
    what: 'certificate of another host',
    config: ({ ca }) => ({ tls: { ca } }),
    outcome: 'TLS_WRONG_HOST',
    says: /kafka\.example and not for localhost/,
  },
  {
    listener: 'otherhost',
    what: 'the same, its name given',
    config: ({ ca }) => ({ tls: { ca, servername: 'kafka.example' } }),
    outcome: 'delivered',
  },
  { listener: 'expired', what: 'expired certificate', config: ({ ca }) => ({ tls: { ca } }), outcome: 'TLS_EXPIRED', says: /has expired/ },

  { listener: 'mtls', what: 'our certificate', config: ({ ca, alice }) => ({ tls: { ca, ...alice } }), outcome: 'delivered' },
  {
    listener: 'mtls',
    what: 'our certificate, TLS 1.2',
    config: ({ ca, alice }) => ({ tls: { ca, ...alice, maxVersion: 'TLSv1.2' } }),
    outcome: 'delivered',
  },
  { listener: 'mtls', what: 'no certificate', config: ({ ca }) => ({ tls: { ca } }), outcome: 'TLS_CLIENT_REFUSED', says: /tls\.cert/ },
  {
    listener: 'mtls',
    what: 'no certificate, TLS 1.2',
    config: ({ ca }) => ({ tls: { ca, maxVersion: 'TLSv1.2' } }),
    outcome: 'TLS_CLIENT_REFUSED',
    says: /tls\.cert/,
  },
  {
    listener: 'mtls',
    what: 'certificate of a stranger',
    config: ({ ca, stranger }) => ({ tls: { ca, ...stranger } }),
    outcome: 'TLS_CLIENT_REFUSED',
    says: /tls\.cert/,
  },
  {
    listener: 'mtls',
    what: 'no right to the topic',
    topic: CLOSED_TOPIC,
    config: ({ ca, alice }) => ({ tls: { ca, ...alice } }),
    outcome: 'TOPIC_AUTHORIZATION_FAILED',
    says: /WRITE/,
  },

  {
    listener: 'sasl',
    what: 'who may see the topic, and nothing else',
    config: () => ({ sasl: password('PLAIN', PASSWORDS.bob, 'bob') }),
    outcome: 'CLUSTER_AUTHORIZATION_FAILED',
    says: /ACL/,
  },
  {
    listener: 'sasl',
    what: 'the same without idempotence',
    config: () => ({ sasl: password('PLAIN', PASSWORDS.bob, 'bob'), idempotence: false }),
    outcome: 'TOPIC_AUTHORIZATION_FAILED',
    says: /WRITE/,
  },
  ...logins('sasl'),
  ...logins('sasltls'),
  {
    listener: 'sasltls',
    what: 'right password, unknown authority',
    config: () => ({ tls: true, sasl: password('PLAIN') }),
    outcome: 'TLS_UNTRUSTED',
    says: /tls\.ca/,
  },
  {
    listener: 'sasltls',
    what: 'right password, without TLS',
    config: () => ({ sasl: password('PLAIN') }),
    outcome: 'TLS_REQUIRED',
    says: /set tls/,
  },
]

/** Sends one record, and says what became of it. */
export async function attempt(kafka: SecuredKafka, { listener, config, topic = TOPIC, at, maxBlock = MAX_BLOCK }: Case): Promise<Seen> {
  const begun = performance.now()
  await using kafkarx = producer({ brokers: [at?.(kafka) ?? kafka.at[listener]], maxBlock, ...config(kafka) })
  const [delivery] = await lastValueFrom(of({ topic, value: 'x' }).pipe(kafkarx.send(), toArray()))
  const ms = Math.round(performance.now() - begun)
  if (delivery?.type !== 'failed') return { outcome: delivery?.type ?? 'nothing', message: '', ms }
  return { outcome: delivery.error.code, message: delivery.error.message, ms }
}

export const isQuick = ({ ms }: Seen): boolean => ms < MAX_BLOCK / 2
