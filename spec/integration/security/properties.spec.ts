/** The same files of properties, in the hands of Java's producer and in ours; and what the doctor says of the same listeners. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lastValueFrom, of, toArray } from 'rxjs'
import { diagnose } from '../../../lib/doctor/diagnose'
import { producer } from '../../../lib/producer'
import { fromProperties } from '../../../lib/properties/from-properties'
import { parseProperties } from '../../../lib/properties/properties-text'
import { describeWithKafka } from '../support'
import { unsecuredToken } from './cases'
import { PASSWORDS, startSecuredKafka, TOPIC } from './secured-kafka'
import type { ListenerName, SecuredKafka } from './secured-kafka'

interface Files {
  readonly ca: string
  readonly alice: string
  readonly token: string
}

/** A value of several lines, as it stands in a file. */
const inline = (pem: string): string => pem.trimEnd().replaceAll('\n', '\\n\\\n  ')

const security = 'org.apache.kafka.common.security'
const login = (module: string, password = PASSWORDS.alice): string =>
  `${security}.${module}LoginModule required \\\n  username="alice" \\\n  password="${password}";`

type Text = (kafka: SecuredKafka, files: Files) => string

const trusting: Text = (_kafka, { ca }) => `ssl.truststore.type=PEM\nssl.truststore.location=${ca}`

const WORKING: readonly (readonly [ListenerName, string, Text])[] = [
  ['plain', 'without anything', () => 'acks=all\nlinger.ms=0\nsecurity.protocol=PLAINTEXT'],
  ['tls', 'certificates in a file', (...given) => `security.protocol=SSL\n${trusting(...given)}`],
  [
    'tls',
    'certificates in the text, TLS 1.2',
    ({ ca }) =>
      `security.protocol=SSL\nssl.truststore.type=PEM\nssl.truststore.certificates=${inline(ca)}\nssl.enabled.protocols=TLSv1.2\nssl.cipher.suites=TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384`,
  ],
  ['otherhost', 'any name', (...given) => `security.protocol=SSL\n${trusting(...given)}\nssl.endpoint.identification.algorithm=`],
  [
    'mtls',
    'a client certificate in a file',
    (kafka, files) => `security.protocol=SSL\n${trusting(kafka, files)}\nssl.keystore.type=PEM\nssl.keystore.location=${files.alice}`,
  ],
  [
    'mtls',
    'a client certificate in the text',
    (kafka, files) =>
      `security.protocol=SSL\n${trusting(kafka, files)}\nssl.keystore.type=PEM\nssl.keystore.key=${inline(kafka.alice.key)}\nssl.keystore.certificate.chain=${inline(kafka.alice.cert)}`,
  ],
  ['sasl', 'PLAIN', () => `security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.jaas.config=${login('plain.Plain')}`],
  [
    'sasltls',
    'SCRAM-SHA-512',
    (...given) =>
      `security.protocol=SASL_SSL\n${trusting(...given)}\nsasl.mechanism=SCRAM-SHA-512\nsasl.jaas.config=${login('scram.Scram')}`,
  ],
]

describeWithKafka('a file of properties', () => {
  let kafka: SecuredKafka
  let folder: string
  let files: Files
  beforeAll(async () => {
    kafka = await startSecuredKafka()
    folder = await mkdtemp(join(tmpdir(), 'kafkarx-properties-'))
    files = { ca: join(folder, 'ca.pem'), alice: join(folder, 'alice.pem'), token: join(folder, 'token') }
    await writeFile(files.ca, kafka.ca)
    await writeFile(files.alice, kafka.alice.key + kafka.alice.cert)
    await writeFile(files.token, unsecuredToken('alice'))
  })
  afterAll(async () => {
    await kafka.stop()
    await rm(folder, { recursive: true, force: true })
  })

  const outcomeOf = async (text: string): Promise<string> => {
    await using kafkarx = producer({ ...fromProperties(text), maxBlock: 20_000 })
    const [delivery] = await lastValueFrom(of({ topic: TOPIC, value: 'x' }).pipe(kafkarx.send(), toArray()))
    return delivery?.type === 'failed' ? delivery.error.message : (delivery?.type ?? 'nothing')
  }

  it.each(WORKING)('for %s (%s) serves Java’s producer and ours', async (listener, _what, text) => {
    const whole = `bootstrap.servers=${kafka.at[listener]}\n${text(kafka, files)}`
    const java = await kafka.java.javaSend(TOPIC, [{ value: Buffer.from('x') }], Object.fromEntries(parseProperties(whole)))
    expect(java).toHaveLength(1)
    expect(await outcomeOf(whole)).toBe('delivered')
  })

  it('for a token that stands in a file lets ours in', async () => {
    const text = [
      `bootstrap.servers=${kafka.at.sasl}\nsecurity.protocol=SASL_PLAINTEXT\nsasl.mechanism=OAUTHBEARER`,
      `sasl.jaas.config=${security}.oauthbearer.OAuthBearerLoginModule required;`,
      `sasl.oauthbearer.token.endpoint.url=file:${files.token}`,
    ]
    expect(await outcomeOf(text.join('\n'))).toBe('delivered')
  })

  /** The last step, and what it came to. */
  const lastStep = async (listener: ListenerName, text: string): Promise<string> => {
    const configure = () => fromProperties(text, { brokers: [kafka.at[listener]] })
    const findings = await lastValueFrom(diagnose(configure, { topic: TOPIC }).pipe(toArray()))
    const last = findings.at(-1)
    return `${last?.step ?? ''} ${last?.type === 'failed' ? last.error.code : 'passed'}`
  }

  it.each(WORKING)('for %s (%s) leads the doctor to the leaders of the topic', async (listener, _what, text) => {
    expect(await lastStep(listener, text(kafka, files))).toBe('topic passed')
  })

  it.each<readonly [ListenerName, string, string, Text]>([
    ['tls', 'without TLS', 'TLS TLS_REQUIRED', () => ''],
    ['plain', 'with TLS', 'TLS CONNECT_FAILED', (...given) => `security.protocol=SSL\n${trusting(...given)}`],
    ['tls', 'without its authority', 'TLS TLS_UNTRUSTED', () => 'security.protocol=SSL'],
    ['otherhost', 'with its name checked', 'TLS TLS_WRONG_HOST', (...given) => `security.protocol=SSL\n${trusting(...given)}`],
    ['mtls', 'without a certificate', 'TLS TLS_CLIENT_REFUSED', (...given) => `security.protocol=SSL\n${trusting(...given)}`],
    ['sasl', 'without a login', 'metadata NETWORK_EXCEPTION', () => ''],
    [
      'sasl',
      'with a wrong password',
      'login SASL_AUTHENTICATION_FAILED',
      () => `security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.jaas.config=${login('plain.Plain', 'wrong')}`,
    ],
    [
      'plain',
      'with a login',
      'login ILLEGAL_SASL_STATE',
      () => `security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.jaas.config=${login('plain.Plain')}`,
    ],
  ])('for %s, %s, lets the doctor say: %s', async (listener, _what, outcome, text) => {
    expect(await lastStep(listener, text(kafka, files))).toBe(outcome)
  })
})
