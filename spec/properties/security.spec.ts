import { inspect } from 'node:util'
import { ConfigError } from '../../lib/errors'
import { fromProperties } from '../../lib/properties/from-properties'

const CA = '-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----'
const KEY = '-----BEGIN ENCRYPTED PRIVATE KEY-----\nMII\n-----END ENCRYPTED PRIVATE KEY-----'
const PLAIN = 'org.apache.kafka.common.security.plain.PlainLoginModule required username="me" password="hush";'
const SCRAM = 'org.apache.kafka.common.security.scram.ScramLoginModule required username="me" password="hush";'

const securityOf = (properties: Readonly<Record<string, string>>) => {
  const { brokers: _, ...security } = fromProperties(properties, { brokers: ['a:1'] })
  return security
}

const problemsOf = (properties: Readonly<Record<string, string>>): readonly string[] => {
  try {
    securityOf(properties)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('security.protocol', () => {
  it.each([
    ['PLAINTEXT', {}],
    ['plaintext', {}],
    ['SSL', { tls: true }],
    ['ssl', { tls: true }],
  ])('%s', (protocol, security) => {
    expect(securityOf({ 'security.protocol': protocol })).toEqual(security)
  })

  it.each([
    ['SASL_PLAINTEXT', {}],
    ['SASL_SSL', { tls: true }],
  ])('%s needs a mechanism', (protocol, tls) => {
    const properties = { 'security.protocol': protocol, 'sasl.mechanism': 'PLAIN', 'sasl.jaas.config': PLAIN }
    expect(securityOf(properties)).toEqual({ ...tls, sasl: { mechanism: 'PLAIN', username: 'me', password: expect.any(Function) } })
    expect(problemsOf({ 'security.protocol': protocol })).toEqual([
      expect.stringMatching(/^sasl\.mechanism: without it, as in Java, GSSAPI/),
    ])
  })

  it('is missed when certificates or a login are given without it', () => {
    const properties = { 'ssl.truststore.location': '/ca.pem', 'ssl.keystore.key': KEY, 'sasl.jaas.config': PLAIN }
    expect(problemsOf(properties)).toEqual([
      expect.stringMatching(/^ssl\.truststore\.location: without TLS it is not used: set security\.protocol=SSL/),
      expect.stringMatching(/^ssl\.keystore\.key: without TLS/),
      expect.stringMatching(/^sasl\.jaas\.config: nobody logs in: set security\.protocol=SASL_SSL/),
    ])
  })

  it('that there is not is the one problem', () => {
    expect(problemsOf({ 'security.protocol': 'TLS', 'ssl.truststore.location': '/ca.pem' })).toEqual([
      expect.stringMatching(/^security\.protocol: 'TLS' given; one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL expected/),
    ])
  })
})

const tlsOf = (properties: Readonly<Record<string, string>>) => securityOf({ 'security.protocol': 'SSL', ...properties })['tls' as never]
const tlsProblems = (properties: Readonly<Record<string, string>>) => problemsOf({ 'security.protocol': 'SSL', ...properties })

describe('ssl.*', () => {
  it.each([
    [{ 'ssl.truststore.type': 'PEM', 'ssl.truststore.location': '/ca.pem' }, { ca: '/ca.pem' }],
    [{ 'ssl.truststore.type': 'PEM', 'ssl.truststore.certificates': CA }, { ca: CA }],
    [{ 'ssl.truststore.certificates': CA }, { ca: CA }],
    [
      { 'ssl.keystore.type': 'PEM', 'ssl.keystore.location': '/me.pem', 'ssl.key.password': 'hush' },
      { cert: '/me.pem', key: '/me.pem', passphrase: 'hush' },
    ],
    [
      { 'ssl.keystore.type': 'pem', 'ssl.keystore.certificate.chain': CA, 'ssl.keystore.key': KEY },
      { cert: CA, key: KEY },
    ],
    [{ 'ssl.endpoint.identification.algorithm': '' }, { checkServerIdentity: false }],
    [{ 'ssl.endpoint.identification.algorithm': 'https' }, true],
    [{ 'ssl.enabled.protocols': 'TLSv1.3' }, { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' }],
    [{ 'ssl.enabled.protocols': 'TLSv1.2' }, { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' }],
    [{ 'ssl.enabled.protocols': 'TLSv1.3, TLSv1.2', 'ssl.protocol': 'TLSv1.3' }, true],
    [
      { 'ssl.cipher.suites': 'TLS_AES_256_GCM_SHA384,TLS_RSA_WITH_AES_128_GCM_SHA256' },
      { ciphers: 'TLS_AES_256_GCM_SHA384:AES128-GCM-SHA256' },
    ],
    [{ 'ssl.secure.random.implementation': 'SHA1PRNG', 'ssl.trustmanager.algorithm': 'PKIX' }, true],
  ])('%j', (properties, tls) => {
    expect(tlsOf(properties)).toEqual(tls)
  })

  it('read from a file as Java has it keep the lines of a certificate', () => {
    const text = `security.protocol=SSL\nssl.truststore.certificates=${CA.replaceAll('\n', '\\n\\\n  ')}`
    expect(fromProperties(text, { brokers: ['a:1'] })).toMatchObject({ tls: { ca: CA } })
  })

  it('with a store of Java’s says how to convert it', () => {
    const stores = { 'ssl.truststore.location': '/t.jks', 'ssl.keystore.location': '/k.p12', 'ssl.keystore.type': 'PKCS12' }
    expect(tlsProblems({ ...stores, 'ssl.keystore.password': 'hush' })).toEqual([
      'ssl.truststore.location: a store of type JKS cannot be read: keytool -importkeystore -srckeystore /t.jks -destkeystore /t.jks.p12 ' +
        '-deststoretype PKCS12 && openssl pkcs12 -in /t.jks.p12 -out /t.jks.pem -nokeys; ' +
        'then ssl.truststore.type=PEM and ssl.truststore.location=/t.jks.pem',
      'ssl.keystore.location: a store of type PKCS12 cannot be read: openssl pkcs12 -in /k.p12 -out /k.p12.pem -noenc; ' +
        'then ssl.keystore.type=PEM and ssl.keystore.location=/k.p12.pem',
    ])
  })

  it.each([
    [{ 'ssl.truststore.certificates': 'hush' }, /^ssl\.truststore\.certificates: a value given; PEM text/],
    [{ 'ssl.truststore.type': 'PEM', 'ssl.truststore.location': '/a', 'ssl.truststore.certificates': CA }, /leave out one of them$/],
    [{ 'ssl.truststore.type': 'PEM', 'ssl.truststore.location': '/a', 'ssl.truststore.password': 'hush' }, /no password: leave it out$/],
    [{ 'ssl.keystore.type': 'PEM', 'ssl.keystore.location': '/a', 'ssl.keystore.password': 'hush' }, /as ssl\.key\.password$/],
    [{ 'ssl.keystore.key': KEY }, /^ssl\.keystore\.certificate\.chain: expected beside/],
    [{ 'ssl.keystore.certificate.chain': CA }, /^ssl\.keystore\.key: expected beside/],
    [{ 'ssl.enabled.protocols': 'TLSv1.1,TLSv1.2' }, /TLSv1\.2, TLSv1\.3 or both expected$/],
    [{ 'ssl.protocol': 'TLSv1.1' }, /^ssl\.protocol: 'TLSv1\.1' given, but older versions of TLS are not safe/],
    [{ 'ssl.endpoint.identification.algorithm': 'LDAPS' }, /https or nothing expected$/],
    [{ 'ssl.cipher.suites': 'RC4' }, /not RC4/],
    [{ 'ssl.provider': 'BC' }, /OpenSSL/],
    [{ 'ssl.engine.factory.class': 'com.example.F' }, /give tls, or a transport of your own$/],
  ])('that cannot be is named, and no secret with it: %j', (properties, problem) => {
    const problems = tlsProblems(properties)
    expect(problems).toEqual([expect.stringMatching(problem)])
    expect(problems.join()).not.toContain('hush')
  })
})

const saslOf = (properties: Readonly<Record<string, string>>) =>
  securityOf({ 'security.protocol': 'SASL_PLAINTEXT', ...properties })['sasl' as never]
const saslProblems = (properties: Readonly<Record<string, string>>) => problemsOf({ 'security.protocol': 'SASL_PLAINTEXT', ...properties })

describe('sasl.*', () => {
  it.each([
    ['PLAIN', PLAIN],
    ['SCRAM-SHA-256', SCRAM],
    ['SCRAM-SHA-512', SCRAM],
  ])('%s', (mechanism, jaas) => {
    const sasl = saslOf({ 'sasl.mechanism': mechanism, 'sasl.jaas.config': jaas })
    expect(sasl).toEqual({ mechanism, username: 'me', password: expect.any(Function) })
    expect((sasl as { password: () => string }).password()).toBe('hush')
  })

  it('shows no password to whoever prints the config', () => {
    expect(inspect(saslOf({ 'sasl.mechanism': 'PLAIN', 'sasl.jaas.config': PLAIN }))).not.toContain('hush')
  })

  it.each(['username="me" password=""', 'username="me"'])('misses a password: %s', (options) => {
    const jaas = `org.apache.kafka.common.security.plain.PlainLoginModule required ${options};`
    expect(saslProblems({ 'sasl.mechanism': 'PLAIN', 'sasl.jaas.config': jaas })).toEqual(['sasl.jaas.config: password="…" is missing'])
  })

  it.each([
    [{ 'sasl.mechanism': 'GSSAPI' }, /^sasl\.mechanism: GSSAPI \(Kerberos\) is meant, which is not supported: PLAIN, /],
    [{ 'sasl.mechanism': 'AWS_MSK_IAM' }, /^sasl\.mechanism: 'AWS_MSK_IAM' is not one of .*mechanism of your own/],
    [{ 'sasl.mechanism': 'PLAIN' }, /^sasl\.jaas\.config: expected with sasl\.mechanism=PLAIN: org\..*PlainLoginModule required …;$/],
    [
      { 'sasl.mechanism': 'PLAIN', 'sasl.jaas.config': SCRAM },
      /the login module of PLAIN is .*PlainLoginModule, and not .*ScramLoginModule$/,
    ],
    [{ 'sasl.mechanism': 'PLAIN', 'sasl.jaas.config': PLAIN.replace('username', 'user') }, /username="…" is missing$/],
    [{ 'sasl.mechanism': 'PLAIN', 'sasl.jaas.config': PLAIN.replace(';', '') }, /a value given; a semicolon at the end expected$/],
    [{ 'sasl.mechanism': 'SCRAM-SHA-256', 'sasl.jaas.config': SCRAM.replace(';', ' tokenauth=true;') }, /delegation tokens/],
  ])('that cannot be is named, and no secret with it: %j', (properties, problem) => {
    const problems = saslProblems(properties)
    expect(problems).toEqual([expect.stringMatching(problem)])
    expect(problems.join()).not.toContain('hush')
  })
})
