import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ConfigError } from '../../lib/errors'
import { fromProperties } from '../../lib/properties/from-properties'

const MODULE = 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required'
const ENDPOINT = 'sasl.oauthbearer.token.endpoint.url'
const CLIENT = 'sasl.oauthbearer.client.credentials.client'

type Properties = Readonly<Record<string, string>>

const saslOf = (properties: Properties) => {
  const base = { 'security.protocol': 'SASL_PLAINTEXT', 'sasl.mechanism': 'OAUTHBEARER', 'sasl.jaas.config': `${MODULE} ;` }
  const { sasl } = fromProperties({ ...base, ...properties }, { brokers: ['a:1'] })
  if (sasl === undefined || !('token' in sasl)) throw new Error('no token')
  return sasl
}

const problemsOf = (properties: Properties): readonly string[] => {
  try {
    saslOf(properties)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('OAUTHBEARER', () => {
  const asked: { readonly authorization: string | undefined; readonly body: string }[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (bytes) => (body += String(bytes)))
    request.on('end', () => {
      asked.push({ authorization: request.headers.authorization, body })
      response.end(JSON.stringify({ access_token: 'the-token', expires_in: 60 }))
    })
  })
  let url = ''
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`
  })
  afterEach(() => asked.splice(0))
  afterAll(() => void server.close())

  const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`

  it('fetches its token from an endpoint, as the client that the keys name', async () => {
    const keys = { [ENDPOINT]: url, [`${CLIENT}.id`]: 'me', [`${CLIENT}.secret`]: 'hu sh', 'sasl.oauthbearer.scope': 'kafka' }
    expect(await saslOf(keys).token()).toMatchObject({ value: 'the-token' })
    expect(asked).toEqual([{ authorization: basic('me:hu sh'), body: 'grant_type=client_credentials&scope=kafka' }])
  })

  it('takes from the login module what the keys leave out, as it was before Kafka 4.1', async () => {
    const jaas = `${MODULE} clientId="me" clientSecret="hush" scope="s" extension_logicalCluster="lkc-1";`
    const sasl = saslOf({ 'sasl.jaas.config': jaas, [ENDPOINT]: url, 'sasl.oauthbearer.header.urlencode': 'false' })
    expect(sasl).toEqual({ mechanism: 'OAUTHBEARER', token: expect.any(Function), extensions: { logicalCluster: 'lkc-1' } })
    await sasl.token()
    expect(asked).toEqual([{ authorization: basic('me:hush'), body: 'grant_type=client_credentials&scope=s' }])
  })

  it('encodes the header where it is told to', async () => {
    const keys = { [ENDPOINT]: url, [`${CLIENT}.id`]: 'me', [`${CLIENT}.secret`]: 'hu sh', 'sasl.oauthbearer.header.urlencode': 'true' }
    await saslOf(keys).token()
    expect(asked[0]?.authorization).toBe(basic('me:hu%20sh'))
  })

  it('is as patient as the keys say', async () => {
    const silent = createServer(() => undefined)
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const address = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`
    const limits = { 'sasl.login.connect.timeout.ms': '20', 'sasl.login.read.timeout.ms': '30' }
    const sasl = saslOf({ [ENDPOINT]: address, [`${CLIENT}.id`]: 'me', [`${CLIENT}.secret`]: 'hush', ...limits })
    await expect(Promise.resolve(sasl.token())).rejects.toThrow(/within 50 ms/)
    silent.closeAllConnections()
    silent.close()
  })

  it('reads its token from a file for each login', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kafkarx-token-'))
    const path = join(folder, 'token')
    writeFileSync(path, 'first\n')
    const { token } = saslOf({ [ENDPOINT]: pathToFileURL(path).href })
    expect(await token()).toBe('first')
    writeFileSync(path, 'second')
    expect(await token()).toBe('second')
    rmSync(folder, { recursive: true })
  })

  it.each<[Properties, RegExp]>([
    [{}, /^sasl\.oauthbearer\.token\.endpoint\.url: expected with sasl\.mechanism=OAUTHBEARER/],
    [{ [ENDPOINT]: 'ftp://a' }, /'ftp:\/\/a' given; https:\/\/… or file:\/… expected$/],
    [{ [ENDPOINT]: 'https://a' }, /client\.id: expected, since/],
    [{ [ENDPOINT]: 'https://a', [`${CLIENT}.id`]: 'me' }, /client\.secret: expected, since/],
    [{ 'sasl.jaas.config': `${MODULE} unsecuredLoginStringClaim_sub="hush";` }, /unsecuredLoginStringClaim_sub: tokens that nobody signed/],
    [
      { [ENDPOINT]: 'https://a', [`${CLIENT}.id`]: 'me', [`${CLIENT}.secret`]: 'hush', 'sasl.oauthbearer.assertion.file': '/a' },
      /^sasl\.oauthbearer\.assertion\.file: .* give sasl: \{ mechanism, token \} a function that does$/,
    ],
  ])('is refused with what is missing, and without a secret: %j', (properties, problem) => {
    const problems = problemsOf(properties)
    expect(problems).toEqual([expect.stringMatching(problem)])
    expect(problems.join()).not.toContain('hush')
  })
})
