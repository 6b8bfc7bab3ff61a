/** What users hand in as `sasl`: checked, and made into a mechanism. No value is ever shown: it may be a secret. */
import type { Clock } from '../../time'
import type { Password } from './credentials'
import type { SaslMechanism } from './mechanism'
import { extensionProblems, oauthBearer } from './oauth-bearer'
import type { OAuthBearerOptions } from './oauth-bearer'
import { plain } from './plain'
import { scram } from './scram'
import { scramTools } from './scram-tools'

/** How to log in. A password or token that is a function is asked at each login, so that one that has changed is used from then on. */
export type SaslOptions =
  | {
      /** PLAIN sends the password as it is: only over TLS. */
      readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512'
      readonly username: string
      readonly password: Password
    }
  | ({ readonly mechanism: 'OAUTHBEARER' } & OAuthBearerOptions)
  /** One of your own. */
  | { readonly mechanism: SaslMechanism }

type Fields = Readonly<Record<string, unknown>>

interface Builder {
  readonly fields: readonly string[]
  problems(fields: Fields): readonly string[]
}

const withPassword: Builder = {
  fields: ['username', 'password'],
  problems: ({ username, password }) => [
    ...(isText(username) ? [] : ['sasl.username: a text expected']),
    ...(isText(password) || typeof password === 'function' ? [] : ['sasl.password: a text expected, or a function that gives one']),
  ],
}

const BUILDERS: Readonly<Record<string, Builder>> = {
  PLAIN: withPassword,
  'SCRAM-SHA-256': withPassword,
  'SCRAM-SHA-512': withPassword,
  OAUTHBEARER: {
    fields: ['token', 'extensions'],
    problems: ({ token, extensions = {} }) => [
      ...(typeof token === 'function' ? [] : ['sasl.token: a function expected that gives a token']),
      ...(isFields(extensions) ? extensionProblems(extensions) : ['sasl.extensions: an object of texts expected']),
    ],
  },
}

const own: Builder = { fields: [], problems: () => [] }

/** NUL ends a field of PLAIN, and no broker has such a name. */
const isText = (value: unknown): boolean => typeof value === 'string' && value !== '' && !value.includes('\0')
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

const isMechanism = (value: unknown): value is SaslMechanism =>
  isFields(value) && isText(value['name']) && typeof value['begin'] === 'function'

/** A sentence for each problem. */
export function saslProblems(given: unknown): readonly string[] {
  if (!isFields(given)) return ['sasl: an object with a mechanism expected']
  const { mechanism, ...fields } = given
  const builder = isMechanism(mechanism)
    ? own
    : typeof mechanism === 'string' && Object.hasOwn(BUILDERS, mechanism)
      ? BUILDERS[mechanism]
      : undefined
  if (builder === undefined) return [`sasl.mechanism: ${Object.keys(BUILDERS).join(', ')}, or { name, begin } expected`]
  const strangers = Object.keys(fields).filter((name) => !builder.fields.includes(name))
  return [...strangers.map((name) => `sasl.${name}: there is no such option of this mechanism`), ...builder.problems(fields)]
}

/** A function, so that neither `util.inspect` nor JSON finds a secret in what holds it. */
export type MechanismOn = (clock: Clock) => SaslMechanism

export const mechanismOn =
  (options: SaslOptions): MechanismOn =>
  (clock) => {
    if (options.mechanism === 'OAUTHBEARER') return oauthBearer(options)
    if (!('username' in options)) return options.mechanism
    const { mechanism } = options
    return mechanism === 'PLAIN' ? plain(options) : scram({ ...options, mechanism }, scramTools(clock))
  }
