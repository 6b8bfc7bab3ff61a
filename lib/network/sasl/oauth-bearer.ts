/** OAUTHBEARER (RFC 7628) with Kafka's extensions (KIP-342): a token that somebody else has signed. */
import { CredentialsError } from '../../errors'
import { askFor } from './credentials'
import { whenThere } from './eventually'
import type { Eventually } from './eventually'
import type { SaslConversation, SaslMechanism } from './mechanism'

/** What a `token` function may give in the place of the bare token. */
export interface OAuthToken {
  /** The token itself, as the broker gets it. */
  readonly value: string
  /** Milliseconds since 1970, for whoever keeps the token. Logins are renewed when the broker says that their session ends. */
  readonly expiresAt?: number
}

export interface OAuthBearerOptions {
  /** Asked at each login: when a connection is opened, and before its session ends. */
  readonly token: () => Eventually<OAuthToken | string>
  /** Sent along with the token; names are letters. Default: none. */
  readonly extensions?: Readonly<Record<string, string>>
}

export const oauthBearer = ({ token, extensions = {} }: OAuthBearerOptions): SaslMechanism => ({
  name: 'OAUTHBEARER',
  begin: () => whenThere(askFor('the token', token), (given) => conversation(firstMessage(valueOf(given), extensions))),
})

const SEPARATOR = '\x01'

/** RFC 6750. */
const IS_TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/

function valueOf(given: unknown): string {
  const value = typeof given === 'object' && given !== null && 'value' in given ? given.value : given
  if (typeof value === 'string' && IS_TOKEN.test(value)) return value
  throw new CredentialsError('The function that gives the token gave none: a bearer token of RFC 6750 was expected, or { value } with one')
}

function firstMessage(token: string, extensions: Readonly<Record<string, string>>): string {
  const pairs = [`auth=Bearer ${token}`, ...Object.entries(extensions).map(([name, value]) => `${name}=${value}`)]
  return ['n,,', ...pairs, '', ''].join(SEPARATOR)
}

/** A broker that refuses says why in JSON, and waits for a last word before it ends the login with the same as its error. */
function conversation(first: string): SaslConversation {
  let sent = false
  return (said) => {
    if (sent && said.length === 0) return { type: 'done' }
    const token = Buffer.from(sent ? SEPARATOR : first)
    sent = true
    return { type: 'send', token }
  }
}

/** What is wrong with extensions. Kafka: OAuthBearerClientInitialResponse. */
export function extensionProblems(extensions: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(extensions).flatMap(([name, value]) => {
    if (!/^[A-Za-z]+$/.test(name)) return [`sasl.extensions.${name}: a name of letters expected`]
    if (name === 'auth') return ['sasl.extensions.auth: is the name of the token itself']
    return typeof value === 'string' && /^[\x21-\x7e \t\r\n]+$/.test(value) ? [] : [`sasl.extensions.${name}: printable ASCII expected`]
  })
}
