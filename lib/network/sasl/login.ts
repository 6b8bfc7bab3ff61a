/**
 * A login on an open connection: SaslHandshake names the mechanism, SaslAuthenticate carries its tokens. Each of them has an answer, so
 * answers to what was asked before come first, and nothing else may be asked until it is over.
 */
import { catchError, defer, map, of, switchMap, throwError } from 'rxjs'
import type { Observable } from 'rxjs'
import { AuthenticationError, CredentialsError, KafkaError, textOf } from '../../errors'
import type { AuthenticationCause } from '../../errors'
import { errorCodeFacts } from '../../generated/error-codes'
import { SaslAuthenticateRequest } from '../../generated/messages/SaslAuthenticateRequest'
import { SaslAuthenticateResponse } from '../../generated/messages/SaslAuthenticateResponse'
import { SaslHandshakeRequest } from '../../generated/messages/SaslHandshakeRequest'
import { SaslHandshakeResponse } from '../../generated/messages/SaslHandshakeResponse'
import { brokerError } from '../../protocol/broker-error'
import { chooseVersion } from '../../protocol/versions'
import type { ApiVersions } from '../../protocol/versions'
import { ask } from '../ask'
import type { Exchange } from '../exchange'
import type { Address } from '../transport'
import { eventually$ } from './eventually'
import type { SaslConversation, SaslMechanism } from './mechanism'

const HANDSHAKE = { request: SaslHandshakeRequest, response: SaslHandshakeResponse }
const AUTHENTICATE = { request: SaslAuthenticateRequest, response: SaslAuthenticateResponse }

/** Version 0 would have the tokens come without headers: brokers before 1.0. */
const WITH_HEADERS = { min: 1, max: SaslHandshakeRequest.validVersions.max }

export interface LoginOptions {
  readonly exchange: Pick<Exchange, 'send'>
  readonly mechanism: SaslMechanism
  readonly versions: ApiVersions
  readonly address: Address
}

/**
 * Cold. Emits how long the session lasts from now, in ms (0: for ever), and completes. Errors with an AuthenticationError when the broker refuses
 * or does not prove itself, a CredentialsError when there is nothing to show, or as any request does.
 */
export function login(options: LoginOptions): Observable<number> {
  const { exchange, mechanism, versions, address } = options
  return defer(() => eventually$(mechanism.begin(address))).pipe(
    switchMap((converse) =>
      ask(exchange, HANDSHAKE, { mechanism: mechanism.name }, chooseVersion(SaslHandshakeRequest, versions, WITH_HEADERS)).pipe(
        switchMap(({ errorCode, mechanisms }) => {
          if (errorCode === 0) return tokens(converse, options)
          return throwError(() => refusal(options, { errorCode, errorMessage: spoken(mechanisms) }))
        }),
      ),
    ),
    catchError((cause: unknown) => throwError(() => (cause instanceof KafkaError ? cause : brokenOff(mechanism, cause)))),
  )
}

const brokenOff = ({ name }: SaslMechanism, cause: unknown): CredentialsError =>
  new CredentialsError(`${name} cannot go on: ${textOf(cause)}`, cause)

const NOTHING = new Uint8Array(0)

/** The broker's last answer decides how long the session is. */
function tokens(converse: SaslConversation, options: LoginOptions): Observable<number> {
  const { exchange, versions, mechanism, address } = options
  const after = (said: Uint8Array, lifetime: number): Observable<number> =>
    defer(() => eventually$(converse(said))).pipe(
      switchMap((step) => {
        if (step.type === 'done') return of(lifetime)
        if (step.type === 'failed') return throwError(() => unproven(mechanism, address, step.reason))
        return ask(exchange, AUTHENTICATE, { authBytes: step.token }, chooseVersion(SaslAuthenticateRequest, versions)).pipe(
          map((response) => {
            if (response.errorCode !== 0) throw refusal(options, response)
            return response
          }),
          switchMap(({ authBytes, sessionLifetimeMs }) => after(authBytes, Number(sessionLifetimeMs))),
        )
      }),
    )
  return after(NOTHING, 0)
}

interface Refused {
  readonly errorCode: number
  readonly errorMessage: string | null
}

interface Advice {
  readonly why: AuthenticationCause
  /** What to check. */
  readonly advice: (mechanism: string) => string
}

const ADVICE: Readonly<Record<string, Advice>> = {
  SASL_AUTHENTICATION_FAILED: { why: 'refused', advice: (mechanism) => (mechanism === 'OAUTHBEARER' ? CHECK_TOKEN : CHECK_PASSWORD) },
  UNSUPPORTED_SASL_MECHANISM: { why: 'other mechanism', advice: () => 'choose a mechanism that the listener offers' },
  ILLEGAL_SASL_STATE: {
    why: 'not asked for',
    advice: () => 'nobody has to log in here: leave sasl out, or take the port of another listener',
  },
}

const CHECK_PASSWORD = 'check username, password and mechanism'
const CHECK_TOKEN = 'check when the token expires, and whether its issuer, audience and scope are what the broker asks for'

function refusal({ address, mechanism: { name } }: LoginOptions, { errorCode, errorMessage }: Refused): KafkaError {
  const known = ADVICE[errorCodeFacts(errorCode).name]
  const what = `${where(address)} refused to let us in with ${name}`
  if (known === undefined) return brokerError(errorCode, what, errorMessage)
  return new AuthenticationError([what, errorMessage, known.advice(name)].filter(Boolean).join(': '), known.why)
}

const unproven = ({ name }: SaslMechanism, address: Address, reason: string): AuthenticationError =>
  new AuthenticationError(`${where(address)} cannot be believed, by ${name}: ${reason}`, 'broker unproven')

const where = ({ host, port }: Address): string => `${host}:${String(port)}`

const spoken = (mechanisms: readonly string[]): string | null => (mechanisms.length === 0 ? null : `it offers ${mechanisms.join(', ')}`)
