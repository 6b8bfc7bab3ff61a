/** From the OAuth keys, and what stands in the login module, to a function that gives a token. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { clientCredentials } from '../network/sasl/client-credentials'
import type { SaslOptions } from '../network/sasl/options'
import type { LoginModule } from './jaas'
import { anyText, flag, milliseconds } from './reader'
import type { Reader } from './reader'
import type { Sheet } from './sheet'

type Token = Extract<SaslOptions, { mechanism: 'OAUTHBEARER' }>['token']

const ENDPOINT = 'sasl.oauthbearer.token.endpoint.url'
const JAAS = 'sasl.jaas.config'
const EXTENSION = 'extension_'

/** Undefined after a problem. */
export function oauthOf(sheet: Sheet, { options }: LoginModule): SaslOptions | undefined {
  const unsecured = Object.keys(options).find((name) => name.startsWith('unsecuredLogin'))
  if (unsecured !== undefined)
    return void sheet.problem(JAAS, `${unsecured}: tokens that nobody signed are not made; give a function as sasl.token`)
  const token = tokenOf(sheet, options)
  const extensions = Object.entries(options)
    .filter(([name]) => name.startsWith(EXTENSION))
    .map(([name, value]) => [name.slice(EXTENSION.length), value] as const)
  if (token === undefined) return undefined
  return { mechanism: 'OAUTHBEARER', token, ...(extensions.length > 0 && { extensions: Object.fromEntries(extensions) }) }
}

function tokenOf(sheet: Sheet, options: LoginModule['options']): Token | undefined {
  const url = sheet.read(ENDPOINT, endpoint)
  if (url === undefined) {
    if (!sheet.text(ENDPOINT)) sheet.problem(ENDPOINT, 'expected with sasl.mechanism=OAUTHBEARER; or give a function as sasl.token')
    return undefined
  }
  return url.protocol === 'file:' ? fromFile(fileURLToPath(url)) : fromEndpoint(sheet, url, options)
}

const endpoint: Reader<URL> = (text) => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url !== undefined && ['http:', 'https:', 'file:'].includes(url.protocol) ? { value: url } : { expected: 'https://… or file:/…' }
}

/** For each login, so that whoever renews the file renews the token. */
const fromFile =
  (path: string): Token =>
  async () =>
    (await readFile(path, 'utf8')).trim()

/** Until Kafka 4.1 who asks stood in the login module alone. */
function fromEndpoint(sheet: Sheet, url: URL, options: LoginModule['options']): Token | undefined {
  const clientId = sheet.read(`${CLIENT}.id`, anyText) ?? options['clientId']
  const clientSecret = sheet.read(`${CLIENT}.secret`, anyText) ?? options['clientSecret']
  const scope = sheet.read('sasl.oauthbearer.scope', anyText) ?? options['scope']
  const urlEncodeHeader = sheet.read('sasl.oauthbearer.header.urlencode', flag)
  const timeout = timeoutOf(sheet)
  if (!clientId || !clientSecret) {
    return void sheet.problem(`${CLIENT}.${clientId ? 'secret' : 'id'}`, `expected, since ${ENDPOINT} asks who wants a token`)
  }
  return clientCredentials({
    ...{ tokenEndpoint: url.href, clientId, clientSecret },
    ...(scope !== undefined && { scope }),
    ...(urlEncodeHeader !== undefined && { urlEncodeHeader }),
    ...(timeout !== undefined && { timeout }),
  })
}

const CLIENT = 'sasl.oauthbearer.client.credentials.client'

/** Java limits connecting and each read by themselves, here there is one limit for all of it. */
function timeoutOf(sheet: Sheet): number | undefined {
  const limits = ['connect', 'read'].map((what) => sheet.read(`sasl.login.${what}.timeout.ms`, milliseconds()))
  const given = limits.filter((limit) => limit !== undefined)
  return given.length === 0 ? undefined : given.reduce((sum, limit) => sum + limit)
}
