/** Tokens for OAUTHBEARER from a token endpoint, by the client credentials grant (RFC 6749, section 4.4). */
import type { SchedulerLike } from 'rxjs'
import { ConfigError, KafkaError, textOf, TokenError } from '../../errors'
import { clockOf } from '../../time'
import type { Clock } from '../../time'
import type { OAuthToken } from './oauth-bearer'

/** Whom `clientCredentials` asks for tokens, and with what. */
export interface ClientCredentialsOptions {
  /** Its address, `https://…` (sasl.oauthbearer.token.endpoint.url). */
  readonly tokenEndpoint: string
  readonly clientId: string
  readonly clientSecret: string | (() => string | Promise<string>)
  /** What the token is to be good for. Default: what the endpoint takes for it. */
  readonly scope?: string
  /** More fields of the request, such as `audience`. Default: none. */
  readonly parameters?: Readonly<Record<string, string>>
  /** More headers of the request. Default: none. */
  readonly headers?: Readonly<Record<string, string>>
  /** Id and secret are URL-encoded before they go into the header, as RFC 6749 asks for and few do (sasl.oauthbearer.header.urlencode). Default false. */
  readonly urlEncodeHeader?: boolean
  /** How long the endpoint may take to answer, in ms. Default 10,000. */
  readonly timeout?: number
  /** Default: Node's own. */
  readonly fetch?: typeof fetch
  /** Where time comes from. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike
}

/** Of a token's life: then another is asked for, as Java does (sasl.login.refresh.window.factor and its jitter). */
const RENEW_AFTER = 0.8
const JITTER = 0.05

interface Held {
  readonly token: OAuthToken
  /** Milliseconds since 1970. */
  readonly renewAt: number
  readonly expiresAt: number
}

/**
 * Gives the `token` of `sasl: { mechanism: 'OAUTHBEARER', token }`. A token is kept for some four fifths of its life; one request at a time,
 * however many ask. When no new one can be had, the old one serves until it expires; after that it rejects with a TokenError. Throws a
 * ConfigError for options that are wrong.
 */
export function clientCredentials(options: ClientCredentialsOptions): () => OAuthToken | Promise<OAuthToken> {
  const problems = problemsOf(options)
  if (problems.length > 0) throw new ConfigError(problems)
  let clock: Clock | undefined
  let held: Held | undefined
  let asking: Promise<OAuthToken> | undefined

  const askAnew = async (time: Clock): Promise<OAuthToken> => {
    try {
      held = await tokenFrom(options, time)
      return held.token
    } catch (error) {
      if (held !== undefined && time.timestamp() < held.expiresAt) return held.token
      throw error
    } finally {
      asking = undefined
    }
  }
  return () => {
    clock ??= clockOf(options.scheduler)
    if (held !== undefined && clock.timestamp() < held.renewAt) return held.token
    return (asking ??= askAnew(clock))
  }
}

function problemsOf({ tokenEndpoint, clientId, clientSecret }: ClientCredentialsOptions): readonly string[] {
  const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''
  return [
    ...(URL.canParse(tokenEndpoint) && /^https?:/.test(tokenEndpoint) ? [] : ['tokenEndpoint: a URL expected, https://…']),
    ...(isText(clientId) ? [] : ['clientId: a text expected']),
    ...(isText(clientSecret) || typeof clientSecret === 'function' ? [] : ['clientSecret: a text expected, or a function that gives one']),
  ]
}

async function tokenFrom(options: ClientCredentialsOptions, clock: Clock): Promise<Held> {
  const { clientSecret } = options
  const secret = typeof clientSecret === 'function' ? await clientSecret() : clientSecret
  const { status, body } = await answerTo(options, secret, clock)
  const fields = fieldsOf(body)
  const value = fields['access_token']
  if (status < 200 || status > 299) throw refusal(options, status, reasonIn(fields, secret))
  if (typeof value !== 'string') throw new TokenError(`${endpoint(options)} answered without an access_token`, 'refused')
  return held(value, Number(fields['expires_in'] ?? 0) * 1000, clock)
}

/** One that does not say how long it lives is used once. */
function held(value: string, life: number, clock: Clock): Held {
  const now = clock.timestamp()
  if (!(life > 0)) return { token: { value }, renewAt: now, expiresAt: now }
  const expiresAt = now + life
  return { token: { value, expiresAt }, renewAt: now + life * (RENEW_AFTER + JITTER * clock.random()), expiresAt }
}

interface Answer {
  readonly status: number
  readonly body: string
}

async function answerTo(options: ClientCredentialsOptions, secret: string, clock: Clock): Promise<Answer> {
  const { timeout = 10_000, fetch: ask = fetch } = options
  const tooLate = new AbortController()
  const cancel = clock.schedule(timeout, () => tooLate.abort())
  try {
    const response = await ask(options.tokenEndpoint, { ...requestOf(options, secret), signal: tooLate.signal })
    return { status: response.status, body: await response.text() }
  } catch (cause) {
    const why = tooLate.signal.aborted ? `no answer within ${String(timeout)} ms` : textOf(cause)
    throw cause instanceof KafkaError ? cause : new TokenError(`${endpoint(options)} gave no token: ${why}`, 'unavailable', cause)
  } finally {
    cancel()
  }
}

/** Redirects are not followed: the secret is for this endpoint alone. */
function requestOf(
  { clientId, scope, parameters, headers, urlEncodeHeader = false }: ClientCredentialsOptions,
  secret: string,
): RequestInit {
  const encoded = (text: string): string => (urlEncodeHeader ? encodeURIComponent(text) : text)
  const credentials = Buffer.from(`${encoded(clientId)}:${encoded(secret)}`).toString('base64')
  const fields = { grant_type: 'client_credentials', ...(scope !== undefined && { scope }), ...parameters }
  return {
    method: 'POST',
    redirect: 'error',
    headers: { accept: 'application/json', ...headers, authorization: `Basic ${credentials}` },
    body: new URLSearchParams(fields),
  }
}

function fieldsOf(body: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(body)
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

const LONGEST_REASON = 200

/** RFC 6749, section 5.2. Nothing else of the answer is shown: it may be anything. */
function reasonIn({ error, error_description: description }: Readonly<Record<string, unknown>>, secret: string): string {
  const reasons = [error, description].filter((each) => typeof each === 'string')
  return reasons.length === 0 ? 'no reason given' : hiding(secret, reasons.join(', ')).slice(0, LONGEST_REASON)
}

/** Before the text is cut: half a secret is one too. */
const hiding = (secret: string, text: string): string => text.replaceAll(secret, '…')

/** Who is throttled, or met a server that is ill, may be served the next time. */
function refusal(options: ClientCredentialsOptions, status: number, reason: string): TokenError {
  const isPassing = status === 408 || status === 429 || status >= 500
  const advice = isPassing ? '' : ': check client id, secret and scope'
  return new TokenError(`${endpoint(options)} gave no token: ${String(status)} (${reason})${advice}`, isPassing ? 'unavailable' : 'refused')
}

/** Without what may be secret in it. */
function endpoint({ tokenEndpoint }: ClientCredentialsOptions): string {
  const { origin, pathname } = new URL(tokenEndpoint)
  return `The token endpoint ${origin}${pathname}`
}
